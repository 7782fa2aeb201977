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
