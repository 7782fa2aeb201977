"""What is said of who may read a base table around its view."""

from dataclasses import replace

import pytest

from veil.governance.access.bypass import Person
from veil.governance.access.effective_access import Access, access_of
from veil.governance.checks.health import health_of
from veil.governance.metadata.base_tables import whereabouts
from veil.governance.metadata.deployed import DeployedState
from veil.model import (
    AppliesTo,
    Column,
    ColumnType,
    DataSource,
    Family,
    Integration,
    MaskingPolicy,
    Null,
    Profile,
    Put,
    RowPolicy,
    SubscriptionPolicy,
    Where,
    World,
    codec,
)
from veil.model.change import apply
from veil.warehouse import PUBLIC, Grant, Grantee, Layout, ObjectRow, Rights, Snapshot

ID = ColumnType(Family.INTEGER)
SOURCE = DataSource("lake", "events", "governed", "events", (Column("id", ID),))
WORLD = World(
    Integration("main", "analytics", "governed", mode="spectrum"),
    data_sources={SOURCE.key: SOURCE},
    profiles={"alice": Profile("alice")},
)


ALICE = Grantee("user", "alice")


def deployed(base: Rights) -> DeployedState:
    snapshot = Snapshot(0, "", 1, "0", "veil", columns={("lake", "events"): (("id", ID),)}, base=base)
    return DeployedState(Layout("immuta", "governed", owner="veil"), snapshot, {}, WORLD)


def access(base: Rights, *memberships: tuple[str, str]) -> Access:
    return access_of(deployed(base), Person("alice", memberships), SOURCE, None, lambda tables, schema: base)


def bypass(base: Rights, *memberships: tuple[str, str]) -> tuple[str, ...]:
    return access(base, *memberships).bypass


def test_rights_that_cannot_be_read_are_said_to_be_unknown():
    base = Rights(unread="The warehouse denied permission. No.")
    assert bypass(base) == ("Who may read the table lake.events is not known. The warehouse denied permission. No.",)
    assert health_of(deployed(base), SOURCE).startswith("Who may read the table lake.events is not known.")
    assert access(Rights()).masked("id"), "alice has no subscription"
    assert not access(base).masked("id"), "nothing is called masked that cannot be known"


@pytest.mark.parametrize(
    ("grantee", "memberships", "shown"),
    [
        (Grantee("user", "alice"), (), "the user alice"),
        (Grantee("group", "lake_readers"), (("group", "lake_readers"),), "the group lake_readers"),
        (Grantee("role", "engineer"), (("role", "engineer"),), "the role engineer"),
        (Grantee("public", "PUBLIC"), (), "PUBLIC"),
    ],
)
def test_whoever_may_use_an_external_schema_reads_its_tables(grantee, memberships, shown):
    base = Rights(
        schema_owners={"lake": "veil"},
        schema_privileges={"lake": (Grant(grantee, "USAGE"),)},
        external_schemas=frozenset({"lake"}),
    )
    assert bypass(base, *memberships) == (f"USAGE on the external schema lake is granted to {shown}.",)
    told = health_of(deployed(base), SOURCE)
    assert told.endswith("may use the external schema lake, and so can read the table lake.events around the view.")


@pytest.mark.parametrize(
    ("base", "what"),
    [
        (
            Rights(schema_privileges={"lake": (Grant(ALICE, "SELECT", "TABLES"),)}),
            "all tables of the schema lake",
        ),
        (
            Rights(database_privileges=(Grant(ALICE, "SELECT", "TABLES"),)),
            "all tables of the database",
        ),
        (
            Rights(table_grants={("lake", "events"): (Grant(ALICE, "SELECT", column="id"),)}),
            "the column id of the table lake.events",
        ),
    ],
)
def test_a_grant_that_is_not_on_the_table_itself_leads_to_it_too(base: Rights, what: str):
    assert bypass(base) == (f"SELECT on {what} is granted to the user alice.",)
    assert f"user alice can read {what} around the view" in health_of(deployed(base), SOURCE)


def test_a_scoped_privilege_that_reads_nothing_leads_nowhere():
    base = Rights(
        schema_privileges={"lake": (Grant(ALICE, "EXECUTE", "FUNCTIONS"), Grant(ALICE, "INSERT", "TABLES"))},
        database_privileges=(Grant(ALICE, "USAGE", "SCHEMAS"), Grant(ALICE, "TEMP")),
    )
    assert bypass(base) == ()
    assert health_of(deployed(base), SOURCE) == "healthy"


def test_the_owner_of_a_schema_with_a_grant_on_a_table_of_somebody_else_is_told():
    base = Rights(
        owners={("lake", "events"): "bob"},
        schema_owners={"lake": "alice"},
        table_grants={("lake", "events"): (Grant(ALICE, "SELECT"),)},
    )
    assert bypass(base) == ("SELECT on the table lake.events is granted to the user alice.",)


def test_usage_of_a_schema_of_redshifts_own_tables_alone_reads_nothing():
    base = Rights(
        owners={("lake", "events"): "veil"}, schema_privileges={"lake": (Grant(Grantee("user", "alice"), "USAGE"),)}
    )
    assert bypass(base) == ()
    assert health_of(deployed(base), SOURCE) == "healthy"


def test_a_table_that_is_none_of_redshifts_own_is_external_though_its_schema_is_not_listed():
    base = Rights(
        owners={("lake", "other"): "veil"},
        schema_owners={"lake": "bob"},
        schema_privileges={"lake": (Grant(ALICE, "USAGE"),)},
    )
    assert bypass(base) == ("USAGE on the external schema lake is granted to the user alice.",)
    assert "alice may use the external schema lake" in health_of(deployed(base), SOURCE)


def test_the_owner_of_an_external_schema_reads_it():
    base = Rights(schema_owners={"lake": "alice"}, external_schemas=frozenset({"lake"}))
    assert bypass(base) == ("alice owns the external schema lake.",)


LOOKUP = "id IN (SELECT id FROM ref.levels WHERE @attributeValuesContains('team', 'name'))"
RULES = {
    "rows": RowPolicy("rows", AppliesTo(all_data_sources=True), Where(LOOKUP)),
    "a cell mask": MaskingPolicy("cells", AppliesTo(all_columns=True), Null(), where=LOOKUP),
}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
@pytest.mark.parametrize(
    ("rights", "right"),
    [
        (Rights(owners={("ref", "levels"): "alice"}), "alice owns the lookup ref.levels."),
        (
            Rights(table_grants={("ref", "levels"): (Grant(Grantee("user", "alice"), "INSERT"),)}),
            "INSERT on the lookup ref.levels is granted to the user alice.",
        ),
        (
            Rights(schema_privileges={"ref": (Grant(PUBLIC, "DELETE", "TABLES"),)}),
            "DELETE on all tables of the schema ref, the lookup levels among them, is granted to PUBLIC.",
        ),
        (Rights(unread="No."), "Who may write the lookup ref.levels is not known. No."),
    ],
    ids=["owner", "grant", "scoped", "unknown"],
)
def test_whoever_may_write_a_lookup_decides_what_they_see(rule: RowPolicy | MaskingPolicy, rights: Rights, right: str):
    everyone = SubscriptionPolicy("everyone", AppliesTo(all_data_sources=True), "everyone")
    governed = apply(WORLD, Put(rule), Put(everyone))
    found = access_of(
        replace(deployed(Rights()), world=governed), Person("alice"), SOURCE, None, lambda tables, schema: rights
    )
    assert found.bypass == (right,)


def test_whoever_only_reads_a_lookup_decides_nothing():
    governed = apply(WORLD, Put(RULES["rows"]))
    rights = Rights(owners={("ref", "levels"): "veil"}, table_grants={("ref", "levels"): (Grant(PUBLIC, "SELECT"),)})
    found = access_of(
        replace(deployed(Rights()), world=governed), Person("alice"), SOURCE, None, lambda tables, schema: rights
    )
    assert found.bypass == ()


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
@pytest.mark.parametrize(
    ("rights", "told"),
    [
        (
            Rights(table_grants={("ref", "levels"): (Grant(ALICE, "UPDATE", column="name"),)}),
            "UPDATE on the column name of the lookup ref.levels is granted to the user alice.",
        ),
        (
            Rights(schema_privileges={"ref": (Grant(PUBLIC, "INSERT", "TABLES"),)}),
            "INSERT on all tables of the schema ref, the lookup levels among them, is granted to PUBLIC.",
        ),
        (
            Rights(database_privileges=(Grant(ALICE, "TRUNCATE", "TABLES"),)),
            "TRUNCATE on all tables of the database, the lookup ref.levels among them, is granted to the user alice.",
        ),
    ],
    ids=["column", "scoped", "database"],
)
def test_whoever_may_write_a_lookup_is_a_problem_of_what_it_decides_about(
    rule: RowPolicy | MaskingPolicy, rights: Rights, told: str
):
    governed = replace(deployed(rights), world=apply(WORLD, Put(rule)))
    assert health_of(governed, SOURCE) == f"{told} Whoever writes there decides what the view shows."
    assert health_of(deployed(rights), SOURCE) == "healthy"


def test_a_lookup_s_owner_and_the_system_account_may_write_it():
    writes = tuple(Grant(Grantee("user", name), "INSERT") for name in ("alice", "veil"))
    rights = Rights(owners={("ref", "levels"): "alice"}, table_grants={("ref", "levels"): writes})
    governed = replace(deployed(rights), world=apply(WORLD, Put(RULES["rows"])))
    assert health_of(governed, SOURCE) == "healthy"


def test_the_rights_on_lookups_are_read_with_those_on_base_tables():
    world = apply(
        WORLD, Put(RULES["rows"]), Put(MaskingPolicy("m", AppliesTo(all_columns=True), Null(), where="id > 1"))
    )
    rows = [
        ObjectRow(kind, "n", "1", codec.encode(thing))
        for kind, thing in (
            ("integration", world.integration),
            *(("row_policy", each) for each in world.row_policies.values()),
            *(("masking_policy", each) for each in world.masking_policies.values()),
        )
    ]
    assert whereabouts([*rows, ObjectRow("row_policy", "x", "1", "{ select")]).further == {"ref"}
