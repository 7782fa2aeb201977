# What `make quickstart` applies: three tables, three people, three views of the same rows.

terraform {
  required_version = ">= 1.8"
  required_providers {
    veil = { source = "veil-data/veil" }
  }
}

provider "veil" {
  engine = "local" # the embedded engine; a real cluster needs host, database, username and password instead
}

resource "veil_integration" "main" {
  name        = "quickstart"
  mode        = "single_database"
  database    = "analytics"
  view_schema = "governed"

  # Holds whatever order Terraform creates and destroys things in: no mask yet, no clear value.
  baseline = { null_tags = ["pii"] }
}

# The tables, and what their columns hold. Analysts query governed.users; src.users is closed to them.

resource "veil_data_source" "users" {
  integration = veil_integration.main.id
  schema      = "src"
  table       = "users"
  tags        = ["domain.people"]
  columns = {
    lastname = { tags = ["pii.name"] }
    email    = { tags = ["pii.email"] }
    phone    = { tags = ["pii.phone"] }
    birthday = { tags = ["pii.birthday"] }
    state    = { tags = ["geo.state"] }
  }

  # The view shows no rows while one of these is missing. It also gives Terraform the order.
  policies = [
    veil_masking_policy.email.name, veil_masking_policy.phone.name, veil_masking_policy.name.name,
    veil_masking_policy.birthday.name, veil_row_policy.own_state.name,
  ]
}

resource "veil_data_source" "sales" {
  integration = veil_integration.main.id
  schema      = "src"
  table       = "sales"
  tags        = ["domain.sales"]
  columns = {
    state      = { tags = ["geo.state"] }
    commission = { tags = ["finance.commission"] }
  }
  policies = [veil_masking_policy.commission.name, veil_row_policy.own_state.name]
}

resource "veil_data_source" "events" {
  integration = veil_integration.main.id
  schema      = "src"
  table       = "events"
  tags        = ["domain.public"]
}

# Who is let in at all.

resource "veil_subscription_policy" "analysts" {
  integration = veil_integration.main.id
  name        = "analysts-read-people-and-sales"
  applies_to  = { data_source_tags = ["domain.people", "domain.sales"] }
  access      = "conditions"
  expression  = "@isInGroups('analysts')"
}

resource "veil_subscription_policy" "public" {
  integration = veil_integration.main.id
  name        = "everyone-reads-events"
  applies_to  = { data_source_tags = ["domain.public"] }
  access      = "everyone"
}

# What is masked, and for whom not.

resource "veil_masking_policy" "email" {
  integration = veil_integration.main.id
  name        = "hash-email"
  applies_to  = { column_tags = ["pii.email"] }
  mask        = { hash = {} }
  exceptions  = { groups = ["privacy"] }
}

resource "veil_masking_policy" "phone" {
  integration = veil_integration.main.id
  name        = "last-digits-of-phone"
  applies_to  = { column_tags = ["pii.phone"] }
  mask        = { partial = { keep_last = 4, replacement = "*" } }
  exceptions  = { groups = ["privacy"] }
}

resource "veil_masking_policy" "name" {
  integration = veil_integration.main.id
  name        = "redact-name"
  applies_to  = { column_tags = ["pii.name"] }
  mask        = { constant = { value = "REDACTED" } }
  exceptions  = { groups = ["privacy"] }
}

resource "veil_masking_policy" "birthday" {
  integration = veil_integration.main.id
  name        = "no-birthday"
  applies_to  = { column_tags = ["pii.birthday"] }
  mask        = { null = {} }
  exceptions  = { groups = ["privacy"] }
}

resource "veil_masking_policy" "commission" {
  integration = veil_integration.main.id
  name        = "no-commission"
  applies_to  = { column_tags = ["finance.commission"] }
  mask        = { null = {} }
  exceptions  = { groups = ["privacy"], attributes = [{ name = "clearance", value = "finance" }] }
}

# Which rows: those of the states that the user holds; all for those who work nationwide.

resource "veil_row_policy" "own_state" {
  integration = veil_integration.main.id
  name        = "own-state"
  applies_to  = { column_tags = ["geo.state"] }
  show        = { user_matches = [{ attribute = "state", column_tag = "geo.state" }] }
  exceptions  = { groups = ["nationwide"] }
}

# Who they are.

resource "veil_user_profile" "ana" {
  integration = veil_integration.main.id
  user        = "ana"
  groups      = ["analysts", "privacy", "nationwide"]
  attributes  = { clearance = ["finance"] }
}

resource "veil_user_profile" "ben" {
  integration = veil_integration.main.id
  user        = "ben"
  groups      = ["analysts", "nationwide"]
}

resource "veil_user_profile" "cleo" {
  integration = veil_integration.main.id
  user        = "cleo"
  groups      = ["analysts", "privacy"]
  attributes  = { state = ["WA"] }
}
