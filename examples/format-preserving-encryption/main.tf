# Card numbers that look like card numbers, and are none: a function of your own encrypts them, which AWS Lambda runs. Joins and
# counts over the encrypted numbers still work, and whoever has the key can decrypt one.
#
# functions.sql makes the function in the warehouse, and fpe.py is what runs. On the embedded engine put fpe.py into the folder
# lambda of the engine's folder.

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

resource "veil_integration" "main" {
  name        = "main"
  database    = "analytics"
  view_schema = "governed"
}

resource "veil_data_source" "customers" {
  integration = veil_integration.main.id
  schema      = "src"
  table       = "customers"
  columns     = { card = { tags = ["pii.card"] } }
  policies    = [veil_masking_policy.card.name]
}

resource "veil_masking_policy" "card" {
  integration = veil_integration.main.id
  name        = "encrypt-cards"
  applies_to  = { column_tags = ["pii.card"] }
  mask        = { function = { name = "sec.fpe_encrypt", arguments = ["card"] } }
  exceptions  = { groups = ["fraud"] }
}

resource "veil_subscription_policy" "everyone" {
  integration = veil_integration.main.id
  name        = "everyone"
  applies_to  = { all_data_sources = true }
  access      = "everyone"
}

resource "veil_user_profile" "alice" {
  integration = veil_integration.main.id
  user        = "alice"
}
