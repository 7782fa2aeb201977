"""Tags from a dbt manifest, of every version that is read."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from veil.plugin import Context, PluginError
from veil.resources.dbt_tags import DbtTags, DbtTagsModel
from veil.resources.tags.dbt_manifest import VERSIONS, Selection, read_manifest
from veil.resources.tags.tables import TaggedColumn, TaggedTable, merged

MANIFEST: dict[str, Any] = {
    "metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json"},
    "nodes": {
        "model.shop.customers": {
            "resource_type": "model",
            "database": "Analytics",
            "schema": "Mart",
            "name": "customers_v2",
            "alias": "Customers",
            "description": "People.",
            "tags": ["Domain.Sales"],
            "meta": {"contains_pii": True},
            "config": {"materialized": "table", "tags": ["daily"], "meta": {}},
            "columns": {
                "EMAIL": {"name": "EMAIL", "description": "Mail.", "tags": ["pii.email"], "meta": {}},
                "ssn": {"name": "ssn", "tags": [], "meta": {"class": ["secret", "Legal"]}},
                "card": {"name": "card", "tags": [], "config": {"tags": ["pii.card"], "meta": {"class": "secret"}}},
                "id": {"name": "id", "tags": [], "meta": {"class": None, "owner": {"team": "core"}}},
            },
        },
        "model.shop.helper": {
            "resource_type": "model",
            "schema": "mart",
            "name": "helper",
            "config": {"materialized": "ephemeral"},
        },
        "test.shop.unique": {"resource_type": "test", "schema": "tests", "name": "unique", "tags": ["nothing"]},
        "seed.shop.regions": {"resource_type": "seed", "database": "analytics", "schema": "mart", "name": "regions"},
        "snapshot.shop.old": {"resource_type": "snapshot", "database": "analytics", "schema": "old", "name": "old"},
    },
    "sources": {
        "source.shop.raw.customers": {
            "resource_type": "source",
            "database": "analytics",
            "schema": "raw",
            "name": "customers",
            "identifier": "customers_2024",
            "tags": [],
            "meta": {},
            "columns": {"email": {"name": "email", "tags": "pii.email", "meta": {"contains_pii": False}}},
        },
    },
}
META = {"contains_pii": "pii", "class": "data"}


def changed(**paths: Any) -> dict[str, Any]:
    """The manifest with what is at dotted paths (written with __) replaced."""
    manifest = copy.deepcopy(MANIFEST)
    for path, value in paths.items():
        *steps, last = path.split("__")
        place = manifest
        for step in steps:
            place = place[step]
        place[last] = value
    return manifest


def read(manifest: Any = MANIFEST, **selection: Any) -> dict[str, TaggedTable]:
    return merged(read_manifest(manifest, Selection(**selection)))


def test_models_seeds_snapshots_and_sources_are_read_by_where_they_are():
    assert list(read()) == ["mart.customers", "mart.regions", "old.old", "raw.customers_2024"]


def test_tags_come_from_the_node_its_config_and_its_columns():
    table = read()["mart.customers"]
    assert table.tags == {"domain.sales", "daily"}
    assert table.description == "People."
    assert table.columns["email"] == TaggedColumn(frozenset({"pii.email"}), "Mail.")
    assert table.columns["card"].tags == {"pii.card"}
    assert table.columns["id"] == TaggedColumn()


def test_meta_stands_for_tags_where_it_is_told_to():
    tables = read(meta_tags=META)
    table = tables["mart.customers"]
    assert table.tags == {"domain.sales", "daily", "pii"}
    assert table.columns["ssn"].tags == {"data.secret", "data.legal"}
    assert table.columns["card"].tags == {"pii.card", "data.secret"}
    assert tables["raw.customers_2024"].columns["email"].tags == {"pii.email"}
    assert read(meta_tags={"class": ""})["mart.customers"].columns["ssn"].tags == {"secret", "legal"}


@pytest.mark.parametrize("version", sorted(VERSIONS))
def test_every_documented_version_is_read(version: int):
    name = f"https://schemas.getdbt.com/dbt/manifest/v{version}.json"
    assert read(changed(metadata__dbt_schema_version=name)) == read()


def test_database_and_schemas_select():
    assert list(read(schemas=frozenset({"MART"}))) == ["mart.customers", "mart.regions"]
    assert read(database="other") == {}


def test_what_two_nodes_say_of_one_table_adds_up():
    again = changed(sources__again=copy.deepcopy(MANIFEST["nodes"]["model.shop.customers"]))
    again["sources"]["again"] |= {"resource_type": "source", "tags": ["more"], "columns": {"Email": {"tags": ["x"]}}}
    table = read(again)["mart.customers"]
    assert table.tags >= {"domain.sales", "more"}
    assert table.columns["email"].tags == {"pii.email", "x"}


@pytest.mark.parametrize(
    ("manifest", "told"),
    [
        ([], "it is not a dbt manifest"),
        ({"nodes": {}}, "it is not a dbt manifest"),
        (changed(metadata__dbt_schema_version="https://schemas.getdbt.com/dbt/manifest/v6.json"), "is not known"),
        (changed(metadata__dbt_schema_version="https://schemas.getdbt.com/dbt/catalog/v12.json"), "is not known"),
        (changed(nodes=[]), "nodes: it is not an object"),
        (changed(sources__x={"resource_type": "source", "name": "x"}), "x.schema: it is not a string"),
        (changed(sources__x={"resource_type": "source", "schema": "s", "name": "x", "tags": 7}), "x.tags: it is not a"),
        (
            changed(sources__x={"resource_type": "source", "schema": "s", "name": "x", "tags": ["a\n"]}),
            "x.tags: 'a\\n' cannot be a tag: it contains a control character",
        ),
        (
            changed(sources__x={"resource_type": "source", "schema": "s", "name": "x", "meta": {"class": {"a": 1}}}),
            "x.meta.class: only true, false, a string or a list of strings can stand for tags",
        ),
        (
            changed(sources__x={"resource_type": "source", "schema": "raw", "name": "customers_2024", "database": "b"}),
            "raw.customers_2024 is both in the database 'analytics' and in 'b'. Set database to one",
        ),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(manifest: Any, told: str):
    with pytest.raises(ValueError, match=r".*") as caught:
        read(manifest, meta_tags=META)
    assert told in str(caught.value)


def test_a_meta_key_that_nothing_has_is_an_error_and_not_silence():
    with pytest.raises(ValueError, match="no table and no column has meta 'contains_pi'"):
        read(meta_tags={"contains_pi": "pii"})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "No such manifest"),
        ("{", "line 1, column 2"),
        ("{}", "it is not a dbt manifest"),
        (b"\xff\xfe\xff", "UTF-8"),
    ],
)
def test_a_file_that_is_no_manifest_is_named(tmp_path: Path, text: str | bytes | None, told: str):
    path = tmp_path / "manifest.json"
    if text is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    config = DbtTagsModel.partial(manifest=str(path), database=None, schemas=None, meta_tags={})
    with pytest.raises(PluginError) as caught:
        DbtTags().read(config, Context())
    found = caught.value.diagnostics[0]
    assert told in f"{found.summary}: {found.detail}"
    assert str(path) in found.detail


def test_the_data_source_gives_what_a_governed_data_source_takes(tmp_path: Path):
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(MANIFEST))
    config = DbtTagsModel.partial(manifest=str(path), database="ANALYTICS", schemas=None, meta_tags={})
    table = DbtTags().read(config, Context()).tables["mart.customers"]
    assert (table.database, table.schema_, table.table) == ("analytics", "mart", "customers")
    assert table.columns["email"].tags == {"pii.email"}
    assert table.columns["ssn"].description is None
