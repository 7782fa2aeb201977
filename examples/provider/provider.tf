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

# The embedded engine of `veil local up` instead:
#   provider "veil" {
#     engine = "local"
#   }

# AWS credentials instead of a password: AWS gives one that holds for some minutes.
#   provider "veil" {
#     database = "analytics"
#     temporary_credentials {
#       cluster_identifier = "analytics" # or workgroup = "analytics"
#       region             = "eu-central-1"
#       db_user            = "veil"
#     }
#   }
