# The catalog is named once, with its credentials in the environment:
#   provider "veil" {
#     catalog {
#       url = "https://catalog.example.com/immuta"
#     }
#   }
data "veil_catalog_tags" "all" {
  table_names = ["raw.payments"]
}

resource "veil_data_source" "payments" {
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "payments"
  tags        = data.veil_catalog_tags.all.tables["raw.payments"].tags
  columns     = data.veil_catalog_tags.all.tables["raw.payments"].columns
}
