# What dbt knows of the tables is declared once, in the dbt project.
data "veil_dbt_tags" "shop" {
  manifest  = "${path.module}/manifest.json"
  schemas   = ["src"]
  meta_tags = { contains_pii = "pii" }
}

resource "veil_data_source" "orders" {
  integration = veil_integration.main.id
  schema      = "src"
  table       = "orders"
  tags        = data.veil_dbt_tags.shop.tables["src.orders"].tags
  columns     = data.veil_dbt_tags.shop.tables["src.orders"].columns
}
