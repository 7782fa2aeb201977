# Views of external tables, which Redshift Spectrum reads from S3. They are made in the database that holds the external
# schema, of which there are two:
#
# - the existing database, where the external schema is already: set database to it;
# - a new database, in which an administrator makes the external schema once more. Its tables are those of the data
#   catalog, so that this one statement brings all of them:
#
#     CREATE DATABASE analytics;
#     -- connected to analytics:
#     CREATE EXTERNAL SCHEMA lake FROM DATA CATALOG DATABASE 'lake' IAM_ROLE 'arn:aws:iam::123456789012:role/lake';
#     GRANT USAGE ON SCHEMA lake TO veil;
#
# Redshift has no grants on single external tables: whoever has USAGE on an external schema reads every table in it, around
# the views. veil reports who that is, in the health of each data source and in veil_effective_access.

terraform {
  required_version = ">= 1.8"
  required_providers {
    veil = { source = "veil-data/veil" }
  }
}

# The system account's password comes from REDSHIFT_PASSWORD.
provider "veil" {
  host     = "analytics.abc123.eu-central-1.redshift.amazonaws.com"
  database = "analytics"
  username = "veil"
}

module "governed" {
  source   = "../modules/governed"
  name     = "lake"
  mode     = "spectrum"
  database = "analytics"
  tables = {
    customers = { schema = "lake", columns = { email = ["pii.email"], territory = ["geo"] } }
  }
  users = {
    alice = { groups = ["analysts"], attributes = { territory = ["US"] } }
  }
}
