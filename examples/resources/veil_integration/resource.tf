resource "veil_integration" "main" {
  name        = "main"
  database    = "analytics"
  view_schema = "governed"

  # Holds whatever order Terraform creates and destroys things in: no mask yet, no clear value.
  baseline = { null_tags = ["pii"] }

  # Every table of this schema is to be a data source: plans tell of those that are not.
  monitored_schemas = ["src"]

  # Lets veil_impersonation put users into this Redshift group.
  impersonation = { group = "immuta_impersonator_role" }
}
