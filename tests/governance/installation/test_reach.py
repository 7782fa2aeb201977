"""What only a superuser gives back holds up no repair of rows."""

from dataclasses import replace

import pytest

from veil.governance.installation.drift import alterations, installation_drift, left_for_a_person
from veil.governance.installation.reach import giving_back
from veil.governance.installation.repairing import taking_back_by_hand
from veil.governance.metadata.deployed import DeployedState, StoredObject
from veil.model import Integration, Kind, World
from veil.warehouse import SCHEMA_VERSION, Grant, Grantee, ImpersonationRow, Layout, Snapshot

LAYOUT = Layout("immuta", "governed", owner="veil", impersonation_group="actors")
BOB = Grantee("user", "bob")
SCHEMAS = (*LAYOUT.own_schemas, LAYOUT.view_schema)
PLANTED = "dave was allowed to act as carol"
WHOLE = Snapshot(
    0,
    "",
    SCHEMA_VERSION,
    "0",
    "veil",
    impersonators=frozenset(),
    impersonations=frozenset({ImpersonationRow("dave", "carol")}),
    schema_owners=dict.fromkeys(SCHEMAS, "veil"),
)


def deployed(snapshot: Snapshot) -> DeployedState:
    integration = Integration("main", "analytics", "governed")
    stored = {(Kind.INTEGRATION, "main"): StoredObject(Kind.INTEGRATION, "main", "analytics/1", integration)}
    return DeployedState(LAYOUT, snapshot, stored, World(integration))


@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_schema_that_somebody_else_owns_leaves_only_rows_to_repair(schema: str):
    taken = deployed(replace(WHOLE, schema_owners={**WHOLE.schema_owners, schema: "bob"}))
    assert giving_back(taken) == [f'ALTER SCHEMA "{schema}" OWNER TO "veil"']
    assert list(installation_drift(taken)) == [PLANTED]
    assert f"the schema {schema} is owned by bob" in left_for_a_person(taken)
    assert {PLANTED, *left_for_a_person(taken)} == set(alterations(taken))


def test_a_group_that_is_gone_is_left_to_whom_may_make_groups():
    gone = deployed(replace(WHOLE, impersonators=None))
    assert giving_back(gone) == ['CREATE GROUP "actors"']
    assert "the group actors is missing" in left_for_a_person(gone)
    assert list(installation_drift(gone)) == [PLANTED]


def test_a_superuser_puts_everything_right():
    everything = replace(
        WHOLE, schema_owners=dict.fromkeys(SCHEMAS, "bob"), superusers=frozenset({"veil"}), impersonators=None
    )
    assert left_for_a_person(deployed(everything)) == giving_back(deployed(everything)) == []
    assert set(installation_drift(deployed(everything))) == set(alterations(deployed(everything)))


def test_by_hand_salts_that_were_read_are_forgotten_once_nobody_reads_them():
    place = (LAYOUT.system, "salt")
    leaking = deployed(replace(WHOLE, owners={place: "bob"}, table_grants={place: (Grant(BOB, "SELECT"),)}))
    statements = list(taking_back_by_hand(leaking))
    assert statements[-2:] == ['DELETE FROM "immuta_system"."salt"', 'DELETE FROM "immuta_system"."salt_digest"']
    assert statements.index('ALTER TABLE "immuta_system"."salt" OWNER TO "veil"') < len(statements) - 2
