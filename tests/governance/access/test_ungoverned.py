"""What is said of tables in monitored schemas that are no data sources."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from veil.governance.access.ungoverned import Ungoverned, missing_schemas, ungoverned
from veil.governance.checks.validation import Check, CheckInputs, status_of, validate
from veil.governance.metadata.base_tables import whereabouts
from veil.governance.metadata.deployed import DeployedState
from veil.model import Column, ColumnType, DataSource, Family, Integration, World, codec
from veil.warehouse import (
    PUBLIC,
    Account,
    Grant,
    Grantee,
    Layout,
    ObjectRow,
    PublishedRow,
    RelationKind,
    Rights,
    Snapshot,
)

INTEGRATION = Integration("main", "analytics", "governed", monitored_schemas=frozenset({"raw", "lake"}))
ORDERS = DataSource("raw", "orders", "governed", "orders", (Column("id", ColumnType(Family.INTEGER)),))
LAKE = replace(ORDERS, schema="lake", table="Clicks", view_name="clicks")
ANALYSTS, ETL = Grantee("group", "analysts"), Grantee("user", "etl")
TABLE, VIEW = RelationKind.TABLE, RelationKind.VIEW


def deployed(
    kinds: Mapping[tuple[str, str], RelationKind],
    *sources: DataSource,
    integration: Integration = INTEGRATION,
    **base: Any,
) -> DeployedState:
    """A warehouse with these tables and views, all of etl's."""
    settings: dict[str, Any] = {"schema_owners": {"raw": "etl", "lake": "etl"}} | base
    rights = Rights(
        frozenset({"raw", "lake", "governed"}), owners=dict.fromkeys(kinds, "etl"), kinds=dict(kinds), **settings
    )
    published = {each.key: PublishedRow(each.view_schema, each.view_name, "", "", 1) for each in sources}
    world = World(integration, data_sources={each.key: each for each in sources})
    return DeployedState(
        Layout("immuta", "governed", owner="veil"),
        Snapshot(0, "", 1, "0", "veil", base=rights, published=published),
        {},
        world,
    )


def names(*arguments: Any) -> list[str]:
    return [each.key for each in ungoverned(*arguments)]


def test_what_is_no_data_source_is_new_and_no_view_of_veil_s_is():
    here = deployed(
        {("raw", "orders"): TABLE, ("raw", "leads"): TABLE, ("raw", "sums"): RelationKind.MATERIALIZED_VIEW,
         ("governed", "orders"): VIEW, ("governed", "stray"): VIEW, ("other", "x"): TABLE, ("immuta_system", "salt"): TABLE},
        ORDERS,
    )  # fmt: skip
    assert names(here, {"raw"}) == ["raw.leads", "raw.sums"]
    assert names(here, {"governed", "immuta_system"}) == ["governed.stray"]
    assert names(here, set()) == []


def test_capital_letters_tell_tables_of_redshift_apart_and_names_of_files_do_not_count_them():
    here = deployed({("raw", "orders"): TABLE, ("raw", "Orders"): TABLE}, ORDERS, LAKE)
    assert names(here, {"raw", "lake"}, {("lake", "clicks"), ("lake", "Visits"), ("elsewhere", "x")}) == [
        'lake."Visits"',
        'raw."Orders"',
    ]


def test_who_reads_it_is_told_beside_its_owner_and_veil_s_account():
    readers = [Grant(who, "SELECT") for who in (ETL, Grantee("user", "veil"), ANALYSTS, PUBLIC)]
    grants = {("raw", "leads"): (*readers, Grant(Grantee("role", "writers"), "INSERT"))}
    (leads,) = ungoverned(deployed({("raw", "leads"): TABLE}, table_grants=grants), {"raw"})
    assert leads == Ungoverned("raw", "leads", "table", "etl", (ANALYSTS, PUBLIC))
    assert str(leads) == "raw.leads (table of etl, read by the group analysts, PUBLIC)"
    (alone,) = ungoverned(deployed({("raw", "leads"): TABLE}), {"raw"})
    assert str(alone) == "raw.leads (table of etl, granted to nobody else)"


def test_whoever_may_use_an_external_schema_reads_its_tables():
    usage = {"lake": (Grant(ANALYSTS, "USAGE"),)}
    here = deployed({}, schema_privileges=usage, external_schemas=frozenset({"lake"}))
    (found,) = ungoverned(here, {"lake"}, {("lake", "visits")})
    assert str(found) == "lake.visits (external table, read by the group analysts)"


def test_a_schema_that_is_not_there_is_named_and_one_whose_tables_are_seen_is_there():
    assert missing_schemas(deployed({}), {"raw", "rwa"}) == ("rwa",)
    assert missing_schemas(deployed({}, schema_owners={}), {"raw", "lake"}, {("lake", "visits")}) == ("raw",)
    assert missing_schemas(deployed({}, schema_owners={}, unread="It is not told."), {"raw"}) == ()


def check(here: DeployedState) -> Check | None:
    checks = {each.name: each for each in validate(here, CheckInputs(Account("veil", False, True)))}
    return checks.get("new_tables")


@pytest.mark.parametrize(("wanted", "status"), [("warn", "warning"), ("error", "failed"), ("ignore", "passed")])
def test_the_integration_says_what_comes_of_new_tables(wanted: Any, status: str):
    here = deployed({("raw", "leads"): TABLE}, integration=replace(INTEGRATION, on_new_tables=wanted))
    found = check(here)
    assert found is not None
    assert (found.status, found.message) == (status, "raw.leads (table of etl, granted to nobody else)")
    assert (status_of([found]) == "recurringValidationError") == (wanted == "error")


def test_without_new_tables_the_check_passes_and_without_monitored_schemas_there_is_none():
    found = check(deployed({("raw", "orders"): TABLE}, ORDERS))
    assert found == Check("new_tables", "passed", "Every table in lake, raw is a data source.")
    assert check(deployed({}, integration=replace(INTEGRATION, monitored_schemas=frozenset()))) is None


def test_of_thousands_of_tables_the_first_are_told_and_how_many_more_there_are():
    here = deployed({("raw", f"t{number:04}"): TABLE for number in range(5_000)})
    found = check(here)
    assert found is not None and found.message.count(";") == 20
    assert found.message.endswith("; and 4980 more")
    assert len(ungoverned(here, {"raw"})) == 5_000


def test_the_rights_on_monitored_schemas_are_read_beside_those_of_data_sources():
    row = ObjectRow("integration", "main", "1", codec.encode(INTEGRATION))
    assert whereabouts([row]).further == {"raw", "lake"}
