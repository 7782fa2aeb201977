# One configuration, two clusters: a provider alias for each, and the same module with each of them. A user has an account
# of the same name on every cluster.

terraform {
  required_version = ">= 1.8"
  required_providers {
    veil = { source = "veil-data/veil" }
  }
}

variable "passwords" {
  type        = map(string)
  sensitive   = true
  description = "The system account's password on each cluster."
}

provider "veil" {
  alias    = "emea"
  host     = "emea.abc123.eu-central-1.redshift.amazonaws.com"
  database = "analytics"
  username = "veil"
  password = var.passwords["emea"]
}

provider "veil" {
  alias    = "apac"
  host     = "apac.def456.ap-south-1.redshift.amazonaws.com"
  database = "analytics"
  username = "veil"
  password = var.passwords["apac"]
}

locals {
  users = {
    alice = { groups = ["analysts", "hr"], attributes = { territory = ["US", "CA"] } }
    bob   = { groups = ["analysts", "global"] }
  }
}

module "emea" {
  source    = "../modules/governed"
  providers = { veil = veil.emea }
  name      = "emea"
  database  = "analytics"
  users     = local.users
  tables = {
    customers = { schema = "src", columns = { email = ["pii.email"], territory = ["geo"] } }
  }
}

module "apac" {
  source    = "../modules/governed"
  providers = { veil = veil.apac }
  name      = "apac"
  database  = "analytics"
  users     = local.users
  tables = {
    customers = { schema = "src", columns = { ssn = ["pii.ssn"], territory = ["geo"] } }
  }
}
