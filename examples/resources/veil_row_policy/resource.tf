# Rows of the territories that the user holds; all rows for global sales.
resource "veil_row_policy" "own_territory" {
  integration = veil_integration.main.id
  name        = "own-territory"
  applies_to  = { data_source_tags = ["domain.sales"] }
  show        = { user_matches = [{ attribute = "territory", column_tag = "geo.region" }] }
  exceptions  = { groups = ["global-sales"] }
}

# Rows of the last ten years, by the data source's event_time_column.
resource "veil_row_policy" "recent" {
  integration = veil_integration.main.id
  name        = "recent"
  applies_to  = { data_source_tags = ["domain.sales"] }
  show        = { newer_than = { years = 10 } }
  exceptions  = { groups = ["archive"] }
}

# Any condition of the policy language. Without applies_to it applies exactly where the tags that it uses are.
resource "veil_row_policy" "public_levels" {
  integration = veil_integration.main.id
  name        = "public-levels"
  show        = { where = "@columnTagged('access_level') < 5 OR @isInGroups('hr')" }
}
