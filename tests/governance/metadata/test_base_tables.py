"""Base tables and lookups outside of the integration's own database, or outside of Redshift."""

import pytest

from veil.governance.admission.admit import Catalog, admit
from veil.governance.admission.overlay import Overlay
from veil.governance.errors import GovernanceError
from veil.governance.metadata.base_tables import tables_in, tables_of
from veil.governance.requests import Create, SourceDraft
from veil.model import AppliesTo, ColumnType, Family, Integration, Kind, RowPolicy, Where
from veil.warehouse import SchemaRow, Tables

ID = (("id", ColumnType(Family.INTEGER)),)
RAW, OWN = Tables("raw_db", external=True), Tables(external=True)
TABLES = {(RAW, "raw", "customers"): ID, (RAW, "ref", "regions"): ID, (OWN, "ref", "levels"): ID}
SCHEMAS = (
    SchemaRow("analytics", "spectrum", True, "lake", '{"IAM_ROLE":"arn:aws:iam::1:role/lake"}'),
    SchemaRow("analytics", "ref"),
    SchemaRow("raw_db", "raw"),
)
CATALOG = Catalog(
    columns=lambda tables, schema, table: TABLES.get((tables, schema, table)),
    relation=lambda schema, name: None,
    schemas=lambda: SCHEMAS,
)
MULTI = Integration("main", "analytics", "governed", mode="multi_database", source_database="raw_db")


def refusal(integration, draft):
    with pytest.raises(GovernanceError) as caught:
        admit(Create(draft), Overlay(None, integration), CATALOG)
    return caught.value


def lookup(table):
    return RowPolicy("rows", AppliesTo(all_data_sources=True), Where(f"id IN (SELECT id FROM {table})"))


def test_each_mode_has_its_tables_elsewhere():
    assert tables_of(Integration("main", "analytics", "governed")) == Tables()
    assert tables_of(MULTI) == RAW
    assert tables_of(Integration("main", "lake", "governed", mode="spectrum")) == OWN
    assert tables_in(MULTI, "ANALYTICS") == OWN
    assert tables_in(MULTI, "third") == Tables("third", external=True)


def test_a_multi_database_integration_governs_tables_of_the_source_database():
    overlay = Overlay(None, MULTI)
    source = admit(Create(SourceDraft("raw", "customers")), overlay, CATALOG).thing
    assert [column.name for column in source.columns] == ["id"]
    assert source.view == "governed.customers"
    assert (Kind.DATA_SOURCE, "raw.customers") in overlay.stored


def test_a_table_of_the_views_name_in_another_database_is_not_the_view(monkeypatch):
    overlay = Overlay(None, MULTI)
    admit(Create(SourceDraft("raw", "customers")), overlay, CATALOG)
    monkeypatch.setitem(TABLES, (RAW, "governed", "customers"), ID)
    made = admit(Create(SourceDraft("governed", "customers", view_name="second")), overlay, CATALOG)
    assert made.key == "governed.customers"


@pytest.mark.parametrize("table", ["ref.regions", "raw_db.ref.regions", "analytics.ref.levels"])
def test_a_lookup_without_a_database_is_in_that_of_the_tables_and_any_other_is_named(table):
    assert admit(Create(lookup(table)), Overlay(None, MULTI), CATALOG) is not None


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("ref.levels", "There is no table or view ref.levels in the database raw_db."),
        ("analytics.ref.regions", "There is no table or view analytics.ref.regions in this database."),
        ("third.ref.regions", "There is no table or view third.ref.regions in the database third."),
    ],
)
def test_a_lookup_that_is_not_there_is_refused_with_its_database(table, says):
    problem = refusal(MULTI, lookup(table))
    assert (problem.summary, problem.detail) == ("No such lookup table", says)
    assert problem.path == ("show", "where")


def test_a_governed_view_is_no_lookup_however_it_is_named():
    overlay = Overlay(None, MULTI)
    admit(Create(SourceDraft("raw", "customers")), overlay, CATALOG)
    with pytest.raises(GovernanceError, match="A governed view cannot be a lookup"):
        admit(Create(lookup("Analytics.governed.customers")), overlay, CATALOG)


def test_a_table_that_is_not_in_the_source_database_is_refused_with_that_databases_name():
    problem = refusal(MULTI, SourceDraft("raw", "orders"))
    assert (problem.summary, problem.path) == ("No such table", ("table",))
    assert "There is no table or view raw.orders in the database raw_db" in problem.detail


def test_a_schema_that_another_database_has_is_named_with_it():
    problem = refusal(MULTI, SourceDraft("ref", "orders"))
    assert (problem.summary, problem.path) == ("No such schema", ("schema",))
    assert problem.detail.startswith(
        "There is no schema ref in the database raw_db, or the provider's account may not use it. The database analytics "
        "has one."
    )


def test_an_external_schema_that_is_missing_is_refused_with_the_statement_that_makes_it():
    problem = refusal(Integration("main", "raw_db", "governed", mode="spectrum"), SourceDraft("spectrum", "events"))
    assert (problem.summary, problem.path) == ("No such external schema", ("schema",))
    assert problem.detail.endswith(
        "CREATE EXTERNAL SCHEMA \"spectrum\" FROM DATA CATALOG DATABASE 'lake' IAM_ROLE 'arn:aws:iam::1:role/lake';"
    )


def test_a_statement_for_an_unknown_external_schema_leaves_room_for_what_is_not_known():
    problem = refusal(Integration("main", "raw_db", "governed", mode="spectrum"), SourceDraft("lake", "events"))
    assert "DATABASE '<database of the data catalog>' IAM_ROLE '<role>';" in problem.detail


def test_an_external_table_in_a_single_database_integration_is_refused_with_the_mode_that_takes_it():
    problem = refusal(Integration("main", "analytics", "governed"), SourceDraft("spectrum", "events"))
    assert (problem.summary, problem.path) == ("An external table", ("schema",))
    assert 'Set mode = "spectrum"' in problem.detail
