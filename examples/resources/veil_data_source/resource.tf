# Analysts query governed.customers; src.customers stays closed to them.
resource "veil_data_source" "customers" {
  integration = veil_integration.main.id
  schema      = "src"
  table       = "customers"

  tags = ["domain.sales"]
  columns = {
    email      = { tags = ["pii.email"] }
    ssn        = { tags = ["pii.ssn"], description = "US social security number" }
    card       = { tags = ["pii.credit_card"] }
    territory  = { tags = ["geo.region"] }
    level      = { tags = ["access_level"] }
    created_at = { tags = [] }
  }
  event_time_column = "created_at"

  # Filters on it reach the scan of the table. Hidden rows may be found out to hold a value in it.
  filter_columns = ["id"]

  # The view shows no rows while one of these is missing.
  policies = [veil_masking_policy.identifiers.name, veil_row_policy.own_territory.name]
}
