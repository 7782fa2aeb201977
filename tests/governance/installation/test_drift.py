"""Who puts right what was altered in an installation, and what that says about enforcement."""

from dataclasses import replace

import pytest

from veil.governance.access.bypass import Person
from veil.governance.access.effective_access import access_of
from veil.governance.checks.health import health_of
from veil.governance.drift import drift_of
from veil.governance.installation.drift import alterations, installation_drift
from veil.governance.installation.manual_bootstrap import gaps_in
from veil.governance.installation.others import others
from veil.governance.installation.repairing import repair_statements, taking_back
from veil.governance.metadata.deployed import DeployedState, StoredObject, deployed_from
from veil.governance.requests import draft_of
from veil.model import DataSource, Integration, Kind, Profile, Purpose, Relation, World
from veil.warehouse import (
    PUBLIC,
    PUBLIC_ROUTINES,
    SCHEMA_VERSION,
    Grant,
    Grantee,
    Installed,
    Layout,
    ObjectRow,
    RelationKind,
    Rights,
    RoutineAttributes,
    RoutineState,
    Snapshot,
    expected_attributes,
    expected_routines,
)

AUTOMATIC = Integration("main", "analytics", "governed")
SOURCE = DataSource("raw", "customers", "governed", "customers", ())


def deployed(integration: Integration) -> DeployedState:
    """An installation of which nothing is left but its rows."""
    return DeployedState(
        Layout("immuta", "governed", owner="veil"),
        Snapshot(0, "", SCHEMA_VERSION, "0", "veil"),
        {(Kind.INTEGRATION, "main"): StoredObject(Kind.INTEGRATION, "main", "analytics/1", integration)},
        World(integration, data_sources={SOURCE.key: SOURCE}, profiles={"alice": Profile("alice")}),
    )


def test_an_apply_repairs_what_veil_made():
    drift = set(installation_drift(deployed(AUTOMATIC)))
    assert "the view immuta_system.user_profile is missing" in drift
    assert drift == set(alterations(deployed(AUTOMATIC)))


def test_what_an_administrator_makes_is_no_drift_and_is_not_enforced_all_the_same():
    manual = deployed(replace(AUTOMATIC, bootstrap="manual"))
    assert list(installation_drift(manual)) == []
    access = access_of(manual, Person("alice"), SOURCE, None, lambda database, schemas: Rights())
    assert "integration main: the view immuta_system.user_profile is missing." in access.problems
    assert not access.enforced


def granted(schema: str, *grants: Grant) -> DeployedState:
    one = deployed(AUTOMATIC)
    everybody = Grant(PUBLIC, "USAGE")
    return replace(one, snapshot=replace(one.snapshot, schema_privileges={schema: (everybody, *grants)}))


BOB = Grantee("user", "bob")


@pytest.mark.parametrize("privilege", ["CREATE", "USAGE", "ALTER", "DROP"])
def test_privileges_on_veils_own_schemas_are_told_and_taken_back(privilege: str):
    one = granted("immuta_system", Grant(BOB, privilege, grantable=True))
    assert f"{privilege} on the schema immuta_system was granted to user bob, who may grant" in "\n".join(
        alterations(one)
    )
    assert f'REVOKE {privilege} ON SCHEMA "immuta_system" FROM "bob"' in list(taking_back(one))


def test_a_privilege_on_a_schema_that_was_passed_on_is_for_a_person():
    on = Grant(Grantee("user", "carol"), "USAGE")
    one = granted("immuta_system", Grant(BOB, "USAGE", grantable=True), on, Grant(BOB, "CREATE"))
    assert [each for each in taking_back(one) if "REVOKE" in each] == [
        'REVOKE CREATE ON SCHEMA "immuta_system" FROM "bob"'
    ]
    assert not [line for line in alterations(one) if "USAGE on the schema immuta_system was granted" in line]
    told = [str(each) for each in others(one)]
    assert (
        "USAGE on the schema immuta_system of user bob may have been granted on to others, which only whoever did that can revoke"
        in told
    )
    assert len(told) == 2


@pytest.mark.parametrize(
    ("grant", "taken"),
    [
        (Grant(BOB, "USAGE"), False),
        (Grant(BOB, "CREATE"), False),
        (Grant(BOB, "ALTER"), True),
        (Grant(BOB, "DROP"), True),
        (Grant(PUBLIC, "CREATE"), True),
        (Grant(Grantee("user", "veil"), "DROP"), False),
    ],
)
def test_others_may_make_things_beside_the_views_and_not_drop_their_schema(grant: Grant, taken: bool):
    statements = list(taking_back(granted("governed", grant)))
    assert (f'REVOKE {grant.privilege} ON SCHEMA "governed" FROM {grant.grantee.sql}' in statements) == taken


def planned_by(role: str, **facts: object) -> DeployedState:
    snapshot = replace(deployed(AUTOMATIC).snapshot, **facts)
    return deployed_from(Layout("immuta", "governed", owner="veil", read_only_role=role), snapshot)


def test_a_role_that_the_mark_names_and_that_reads_nothing_is_given_nothing():
    one = planned_by("mallory")
    assert "the role mallory, which the row of the table immuta_system.integration names" in "\n".join(alterations(one))
    assert one.layout.read_only_role is None
    assert not [each for each in repair_statements(one, one.layout) if "mallory" in each]


def test_a_role_that_reads_what_planners_read_is_theirs():
    reads = {("immuta_system", "object"): (Grant(Grantee("role", "planners"), "SELECT"),)}
    for facts in ({"table_grants": reads}, {"unread": "The account does not see what others are granted."}):
        one = planned_by("planners", **facts)
        assert one.layout.read_only_role == "planners"
        assert "planners" not in "\n".join(alterations(one))


def test_a_table_in_the_place_of_a_governed_view_is_no_drift_and_tells_what_to_do():
    one = deployed(AUTOMATIC)
    place = ("governed", "customers")
    facts = {"kinds": {place: RelationKind.TABLE}, "owners": {place: "bob"}}
    one = replace(one, snapshot=replace(one.snapshot, **facts))
    stored = StoredObject(Kind.DATA_SOURCE, SOURCE.key, "1", SOURCE)
    assert not [each for each in drift_of(one, stored, draft_of(SOURCE)) if "governed.customers" in each]
    assert "The table governed.customers of bob stands where the view of raw.customers is to be" in health_of(
        one, SOURCE
    )
    access = access_of(one, Person("alice"), SOURCE, None, lambda database, schemas: Rights())
    assert not access.enforced and "stands where the view" in " ".join(access.problems)


def test_a_metadata_row_that_was_removed_is_not_called_altered():
    row = ObjectRow("purpose", "fraud", "1", "", intact=False)
    one = deployed_from(Layout("immuta", "governed"), Snapshot(0, "", SCHEMA_VERSION, "0", "veil", objects=(row,)))
    (stored,) = one.stored.values()
    assert "its metadata row was removed outside veil" in drift_of(one, stored, Purpose("fraud"))
    altered = replace(row, body="{}")
    one = deployed_from(Layout("immuta", "governed"), Snapshot(0, "", SCHEMA_VERSION, "0", "veil", objects=(altered,)))
    (stored,) = one.stored.values()
    assert "its metadata row was altered outside veil" in drift_of(one, stored, Purpose("fraud"))


def with_procedures(name: str, **attributes: object) -> DeployedState:
    """All procedures are there, one of them with other attributes."""
    one = deployed(AUTOMATIC)
    routines = {
        signature: RoutineState(
            body,
            "veil",
            signature.name in PUBLIC_ROUTINES,
            True,
            attributes=replace(expected_attributes()[signature.name], **(attributes if signature.name == name else {})),
        )
        for signature, body in expected_routines(one.layout).items()
    }
    return replace(one, snapshot=replace(one.snapshot, routines=routines))


def test_procedures_as_they_were_made_are_well():
    assert not [line for line in alterations(with_procedures("none")) if "the procedure " in line]


ATTRIBUTES = pytest.mark.parametrize(
    "attributes",
    [
        {"arguments": ("words", "wanted")},
        {"language": "sql"},
        {"volatility": "i"},
        {"strict": True},
        {"returns_set": True},
    ],
)


@ATTRIBUTES
def test_every_attribute_of_a_procedure_counts(attributes: dict[str, object]):
    one = with_procedures("acknowledge_purpose", **attributes)
    assert "the procedure acknowledge_purpose was replaced" in set(alterations(one))
    drops = [each for each in taking_back(one) if each.startswith("DROP PROCEDURE")]
    assert bool(drops) == bool(attributes.keys() & {"arguments", "returns_set"})
    assert RoutineAttributes(("wanted", "words")) == expected_attributes()["acknowledge_purpose"]


@ATTRIBUTES
def test_an_administrator_is_told_of_every_attribute_of_a_procedure_too(attributes: dict[str, object]):
    one = with_procedures("acknowledge_purpose", **attributes)
    owners = dict.fromkeys((*one.layout.own_schemas, one.layout.view_schema), "veil")
    found = Installed("veil", owners, {}, {}, {}, {}, {}, one.snapshot.routines, group_exists=True)
    (told,) = [each for each in gaps_in(one.layout, found) if "the procedure" in each.found]
    assert told.found == "the procedure immuta_procedures.acknowledge_purpose is not the one of this version"
    dropped = told.statements[0].startswith("DROP PROCEDURE")
    assert dropped == bool(attributes.keys() & {"arguments", "returns_set"})


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        ("table", RelationKind.VIEW, True),
        ("table", RelationKind.MATERIALIZED_VIEW, True),
        ("view", RelationKind.TABLE, True),
        ("table", RelationKind.TABLE, False),
        ("view", RelationKind.VIEW, False),
        ("", RelationKind.VIEW, False),
    ],
)
def test_another_kind_of_thing_in_the_place_of_a_base_table_is_drift(before: Relation, now: RelationKind, told: bool):
    place, source = ("raw", "customers"), replace(SOURCE, relation=before)
    base = Rights(kinds={place: now}, owners={place: "bob"})
    one = deployed(AUTOMATIC)
    one = replace(one, snapshot=replace(one.snapshot, base=base, columns={place: ()}))
    lines = drift_of(one, StoredObject(Kind.DATA_SOURCE, SOURCE.key, "1", source), draft_of(source))
    assert any("when it was governed last" in line for line in lines) == told


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        ("dbt", "mallory", True),
        ("dbt", "dbt", False),
        ("dbt", "root", False),
        ("dbt", "veil", False),
        ("", "mallory", False),
    ],
)
def test_a_base_table_that_was_given_to_somebody_is_drift(before: str, now: str, told: bool):
    place, source = ("raw", "customers"), replace(SOURCE, owner=before)
    base = Rights(kinds={place: RelationKind.TABLE}, owners={place: now})
    one = deployed(AUTOMATIC)
    snapshot = replace(one.snapshot, base=base, columns={place: ()}, superusers=frozenset({"root"}))
    lines = drift_of(
        replace(one, snapshot=snapshot), StoredObject(Kind.DATA_SOURCE, SOURCE.key, "1", source), draft_of(source)
    )
    assert any(f"belongs to {now} now" in line for line in lines) == told
