"""Tags from a dbt manifest and from a data catalog: from where they are kept to what an analyst
sees, in one apply.
"""

import json
from collections.abc import Callable

from tests.acceptance.conftest import Database, header
from tests.acceptance.terraform import Workspace
from tests.resources.tags.catalog_server import Catalog, served

MANIFEST = {
    "metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json"},
    "nodes": {},
    "sources": {
        "source.shop.raw.customers": {
            "resource_type": "source",
            "schema": "raw",
            "name": "customers",
            "tags": ["open"],
            "columns": {
                "EMAIL": {"name": "EMAIL", "description": "Mail.", "tags": [], "meta": {"class": "email"}},
                "ssn": {"name": "ssn", "tags": ["pii.ssn"], "meta": {}},
            },
        }
    },
}
ORDERS = {
    "catalogMetadata": {"id": 1},
    "tags": {"Open": {"id": 2}},
    "dictionary": {"total": {"tags": {"Pii.Money": {"id": 3}}}},
}
TOKEN = "s3cret-of-the-catalog"

RESOURCES = """
data "veil_dbt_tags" "shop" {
  manifest  = "${path.module}/manifest.json"
  meta_tags = { class = "pii" }
}
data "veil_catalog_tags" "all" {
  table_names = ["raw.orders"]
}
resource "veil_data_source" "customers" {
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "customers"
  tags        = data.veil_dbt_tags.shop.tables["raw.customers"].tags
  columns     = data.veil_dbt_tags.shop.tables["raw.customers"].columns
}
resource "veil_data_source" "orders" {
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "orders"
  tags        = data.veil_catalog_tags.all.tables["raw.orders"].tags
  columns     = data.veil_catalog_tags.all.tables["raw.orders"].columns
}
resource "veil_masking_policy" "pii" {
  integration = veil_integration.main.id
  name        = "pii"
  applies_to  = { column_tags = ["pii"] }
  mask        = { null = {} }
}
resource "veil_subscription_policy" "open" {
  integration = veil_integration.main.id
  name        = "open"
  applies_to  = { data_source_tags = ["open"] }
  access      = "everyone"
}
resource "veil_user_profile" "alice" {
  integration = veil_integration.main.id
  user        = "alice"
}
"""


def test_outside_tags_mask_columns_in_one_apply(database: Database, new_workspace: Callable[[], Workspace]):
    with served(Catalog({"raw.orders": ORDERS}, authorization=f"Bearer {TOKEN}")) as catalog:
        workspace = new_workspace()
        workspace.environment |= {"VEIL_CATALOG_TOKEN": TOKEN, "NO_PROXY": "127.0.0.1"}
        workspace.write(json.dumps(MANIFEST), "manifest.json")
        block = f'\n  catalog {{\n    url = "http://127.0.0.1:{catalog.port}"\n  }}'
        top = header(database).replace('engine   = "local"', f'engine   = "local"{block}')
        workspace.write(top + RESOURCES)
        assert (done := workspace.apply()), done.text
        sql = "SELECT name, email, ssn FROM governed.customers WHERE id = 1"
        assert database.query(sql, "alice") == [("Ann", None, None)]
        assert database.query("SELECT id, total FROM governed.orders ORDER BY id", "alice") == [(1, None), (2, None)]
        assert TOKEN not in (workspace.folder / "terraform.tfstate").read_text()

        catalog.answers["raw.orders"] = 404
        planned = workspace.plan()
        assert planned.code == 1
        assert "The catalog does not know this table" in planned.text
        assert TOKEN not in planned.text
