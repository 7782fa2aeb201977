# The views in a database of their own, the raw tables in another one of the same cluster. Needs cross-database queries:
# RA3 or RG nodes, or a serverless workgroup.
#
# Analysts connect to the database analytics and need nothing in raw_db. The system account needs USAGE on the schemas
# and SELECT on the tables there; grants and owners are read by signing in to raw_db.

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
  source          = "../modules/governed"
  name            = "main"
  mode            = "multi_database"
  database        = "analytics"
  source_database = "raw_db"
  tables = {
    customers = { schema = "src", columns = { email = ["pii.email"], territory = ["geo"] } }
  }
  users = {
    alice = { groups = ["analysts"], attributes = { territory = ["US"] } }
  }
}
