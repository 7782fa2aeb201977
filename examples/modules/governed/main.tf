# One governed database: an integration, its tables, and the policies that hold on every one of them. What differs from
# cluster to cluster are the variables and the provider that the caller passes in.

terraform {
  required_version = ">= 1.8"
  required_providers {
    veil = { source = "veil-data/veil" }
  }
}

variable "name" {
  type        = string
  description = "Name of the integration."
}

variable "mode" {
  type        = string
  default     = "single_database"
  description = "single_database, multi_database or spectrum."
}

variable "database" {
  type        = string
  description = "The database of the views."
}

variable "source_database" {
  type        = string
  default     = null
  description = "For multi_database: the database of the raw tables."
}

variable "tables" {
  type = map(object({
    schema  = string
    columns = optional(map(set(string)), {})
  }))
  description = "Tables by name: their schema, and the tags of their columns."
}

variable "users" {
  type = map(object({
    groups     = optional(set(string), [])
    attributes = optional(map(set(string)), {})
  }))
  default     = {}
  description = "Redshift users: their groups and attributes."
}

resource "veil_integration" "this" {
  name            = var.name
  mode            = var.mode
  database        = var.database
  source_database = var.source_database
  view_schema     = "governed"
  baseline        = { null_tags = ["pii"] }
}

resource "veil_data_source" "this" {
  for_each    = var.tables
  integration = veil_integration.this.id
  schema      = each.value.schema
  table       = each.key
  columns     = { for name, tags in each.value.columns : name => { tags = tags } }
  tags        = ["analytics"]
  policies    = [veil_masking_policy.identifiers.name, veil_row_policy.own_territory.name]
}

resource "veil_subscription_policy" "analysts" {
  integration = veil_integration.this.id
  name        = "analysts"
  applies_to  = { data_source_tags = ["analytics"] }
  access      = "conditions"
  expression  = "@isInGroups('analysts')"
}

resource "veil_masking_policy" "identifiers" {
  integration = veil_integration.this.id
  name        = "hash-identifiers"
  applies_to  = { column_tags = ["pii"] }
  mask        = { hash = {} }
  exceptions  = { groups = ["hr"] }
}

resource "veil_row_policy" "own_territory" {
  integration = veil_integration.this.id
  name        = "own-territory"
  applies_to  = { data_source_tags = ["analytics"] }
  show        = { user_matches = [{ attribute = "territory", column_tag = "geo" }] }
  exceptions  = { groups = ["global"] }
}

resource "veil_user_profiles" "this" {
  integration = veil_integration.this.id
  users       = var.users
}

output "integration" {
  description = "Id of the integration, for further resources."
  value       = veil_integration.this.id
}

output "views" {
  description = "What analysts query, by table."
  value       = { for name, source in veil_data_source.this : name => source.view }
}
