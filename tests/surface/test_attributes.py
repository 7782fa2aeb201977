"""The guide to drift decides about every attribute that the documented catalogs show of what veil
makes.
"""

import json
import re
from pathlib import Path

import pytest

GUIDE = (Path(__file__).parents[2] / "docs" / "guides" / "drift.md").read_text(encoding="utf-8")
CATALOG = json.loads((Path(__file__).parent / "catalog.json").read_text(encoding="utf-8"))
SHOWING = (
    "pg_namespace",
    "svv_schema_privileges",
    "svv_default_privileges",
    "pg_class_info",
    "pg_attribute",
    "svv_relation_privileges",
    "svv_column_privileges",
    "pg_views",
    "pg_description",
    "pg_proc_info",
    "svv_function_privileges",
)
_HIDDEN = "oid (hidden)"


def decided() -> dict[str, set[str]]:
    """By catalog, the attributes that the table of the guide names."""
    (table,) = re.findall(r"<!-- attributes -->\n(.*?)<!-- end -->", GUIDE, re.DOTALL)
    found: dict[str, set[str]] = {}
    name = ""
    for row in table.splitlines()[2:]:
        catalog, attributes = row.split("|")[1:3]
        name = catalog.strip().strip("`") or name
        found.setdefault(name, set()).update(re.findall(r"`(\w+)`", attributes))
    return found


@pytest.mark.parametrize("catalog", SHOWING)
def test_the_guide_decides_about_every_attribute(catalog: str):
    documented = {name for name, type_ in CATALOG[catalog]["columns"] if type_ != _HIDDEN}
    assert decided()[catalog] == documented


def test_the_guide_names_no_other_catalog():
    assert set(decided()) == set(SHOWING)
