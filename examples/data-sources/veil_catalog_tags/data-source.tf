# The catalog is named once, with its credentials in the environment:
#   provider "veil" {
#     catalog {
#       url = "https://catalog.example.com/immuta"
#     }
#   }
data "veil_catalog_tags" "all" {
  table_names = ["src.payments"]
}

resource "veil_data_source" "payments" {
  integration = veil_integration.main.id
  schema      = "src"
  table       = "payments"
  tags        = data.veil_catalog_tags.all.tables["src.payments"].tags
  columns     = data.veil_catalog_tags.all.tables["src.payments"].columns
}
