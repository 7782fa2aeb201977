"""What a group sends in its transaction, and in which order."""

from dataclasses import replace
from hashlib import sha256

import pytest

from tests.governance.sending import Recording
from tests.policy.building import column, source, varchar
from veil.governance.errors import GovernanceError, ViewRefusedError
from veil.governance.metadata.deployed import DeployedState, StoredObject
from veil.governance.publishing.apply_views import Manner
from veil.governance.publishing.write_group import write_group
from veil.governance.requests import Create, Delete, Update
from veil.model import (
    AppliesTo,
    Integration,
    Kind,
    MaskingPolicy,
    Null,
    Profile,
    Put,
    Runtime,
    SubscriptionPolicy,
    World,
)
from veil.model.change import apply
from veil.warehouse import SCHEMA_VERSION, Layout, RevisionMovedError, Snapshot, digest

MAIN = Integration("main", "analytics", "governed")
CUSTOMERS = source(column("ssn", varchar(11), "id.ssn"), table="customers")
LAYOUT = Layout("immuta", "governed", owner="veil")
MASK = MaskingPolicy("ssn", AppliesTo(column_tags=frozenset({"id"})), Null())
PLACE = ("governed", "customers")


def deployed(*things) -> DeployedState:
    """An installation of these objects, at revision 7."""
    stored = {(Kind.INTEGRATION, "main"): StoredObject(Kind.INTEGRATION, "main", "analytics/1", MAIN)}
    for number, (kind, key, thing) in enumerate(things):
        stored[kind, key] = StoredObject(kind, key, f"token{number}", thing)
    world = apply(World(MAIN), *(Put(thing) for _, _, thing in things))
    columns = {("raw", "customers"): (("ssn", varchar(11)),)}
    return DeployedState(LAYOUT, Snapshot(7, "before", SCHEMA_VERSION, "0", "veil", columns=columns), stored, world)


GOVERNED = deployed((Kind.DATA_SOURCE, CUSTOMERS.key, CUSTOMERS))


def test_the_revision_moves_first_then_come_rows_then_views_then_what_was_published():
    session = Recording()
    committed = write_group(session, GOVERNED, [Create(MASK), Create(Profile("alice"))], "mark", Manner())
    assert "advance_revision" in session.sent[0] and "7" in session.sent[0] and "mark" in session.sent[0]
    assert session.last("upsert_objects") < session.first("CREATE OR REPLACE VIEW")
    assert session.last("upsert_profiles") < session.first("CREATE OR REPLACE VIEW")
    assert session.last("CREATE OR REPLACE VIEW") < session.first("record_published")
    assert (committed.deployed.snapshot.revision, committed.deployed.snapshot.token) == (8, "mark")
    assert [each.key for each in committed.outcomes if each] == ["ssn", "alice"]
    assert "ssn" in committed.deployed.world.masking_policies
    assert "alice" in committed.deployed.world.profiles


def test_what_is_known_of_a_view_afterwards_is_what_the_warehouse_reports_of_it():
    session = Recording({"pg_views": [(*PLACE, "veil", "its own words")]})
    after = write_group(session, GOVERNED, [Create(MASK)], "mark", Manner()).deployed.snapshot
    assert after.views[PLACE].text == "its own words"
    assert after.published[CUSTOMERS.key].text_hash == digest("its own words")
    assert after.published[CUSTOMERS.key].compiled_hash != digest("its own words")


def test_a_change_of_people_makes_no_view():
    session = Recording()
    write_group(session, GOVERNED, [Create(Profile("alice"))], "mark", Manner())
    assert not [sql for sql in session.sent if "VIEW" in sql or "record_published" in sql]


def test_nothing_is_written_after_another_process_wrote():
    session = Recording(failing="advance_revision", problem=RevisionMovedError())
    with pytest.raises(RevisionMovedError):
        write_group(session, GOVERNED, [Create(MASK)], "mark", Manner())
    assert len(session.sent) == 1


def test_a_refused_request_refuses_its_group_before_anything_but_the_revision_is_written():
    session = Recording()
    strange = Update("nobody's", replace(MASK, priority=3))
    with pytest.raises(GovernanceError, match="gone"):
        write_group(session, GOVERNED, [Create(Profile("alice")), strange], "mark", Manner())
    assert [sql for sql in session.sent if not sql.startswith("SELECT")] == session.sent[:1]


def test_a_view_that_the_warehouse_refuses_is_named_with_its_data_source():
    session = Recording(failing="CREATE OR REPLACE VIEW")
    with pytest.raises(ViewRefusedError) as caught:
        write_group(session, GOVERNED, [Create(MASK)], "mark", Manner())
    assert caught.value.key == CUSTOMERS.key
    assert "governed.customers" in caught.value.detail
    assert not [sql for sql in session.sent if "record_published" in sql]


def test_removing_a_grant_makes_the_views_that_it_opened_anew():
    grant = SubscriptionPolicy("all", AppliesTo(all_data_sources=True), "everyone")
    before = deployed((Kind.DATA_SOURCE, CUSTOMERS.key, CUSTOMERS), (Kind.SUBSCRIPTION_POLICY, "all", grant))
    session = Recording()
    committed = write_group(session, before, [Delete(Kind.SUBSCRIPTION_POLICY, "all", "token1")], "mark", Manner())
    assert committed.outcomes == (None,)
    assert session.first("delete_objects") < session.first("CREATE OR REPLACE VIEW")
    assert committed.deployed.world.subscription_policies == {}


def test_a_repair_holds_the_writers_first_and_moves_the_revision_once_its_procedure_is_right():
    session = Recording({"revision, token": [(7, "before", "")], "CURRENT_USER": [("veil",)]})
    broken = replace(GOVERNED, snapshot=replace(GOVERNED.snapshot, revision=0))
    write_group(session, broken, [Update("analytics/1", MAIN)], "mark", Manner())
    assert session.sent[0] == 'CREATE TABLE IF NOT EXISTS "immuta_system".writer (\n    nothing INTEGER\n)'
    assert session.first("LOCK TABLE") < session.first("CREATE OR REPLACE PROCEDURE")
    assert session.last("CREATE OR REPLACE PROCEDURE") < session.first(
        'INSERT INTO "immuta_system".revision (revision, token, seal)\nVALUES'
    )


LEAVING = deployed((Kind.PROFILE, "alice", Profile("alice")))
OWNED = {("immuta_system", "runtime"): "veil", ("immuta_system", "acknowledgement"): "veil"}


def with_owners(found: DeployedState, owners: dict[tuple[str, str], str]) -> DeployedState:
    runtimes = {"alice": Runtime("alice", "cards"), "bob": Runtime("bob", "cards")}
    world = replace(found.world, runtimes=runtimes)
    return replace(found, snapshot=replace(found.snapshot, owners=owners), world=world)


def test_whoever_gets_a_profile_begins_anew_whatever_somebody_of_that_name_had_chosen():
    session = Recording({'FROM "immuta_system".runtime': [("bob",), (None,), ("carol",)]})
    before = with_owners(LEAVING, OWNED)
    committed = write_group(session, before, [Create(Profile("bob"))], "mark", Manner())
    forgotten = [sql for sql in session.sent if sql.startswith("DELETE FROM")]
    assert [sql.partition(" WHERE ")[0] for sql in forgotten] == [
        'DELETE FROM "immuta_system"."runtime"',
        'DELETE FROM "immuta_system"."acknowledgement"',
    ]
    assert all(
        sha256(b"bob\x1f").hexdigest() in sql and sha256(b"carol\x1f").hexdigest() not in sql for sql in forgotten
    )
    assert session.sent.index(forgotten[-1]) < session.first("upsert_profiles")
    assert committed.deployed.world.runtimes == {"alice": Runtime("alice", "cards")}


def test_nothing_is_deleted_of_users_who_left_nothing_and_of_those_who_stay():
    session = Recording()
    before = with_owners(LEAVING, OWNED)
    write_group(session, before, [Create(Profile("bob"))], "mark", Manner())
    assert not [sql for sql in session.sent if sql.startswith("DELETE FROM")]
    session = Recording()
    write_group(session, before, [Update("token0", Profile("alice", groups=frozenset({"a"})))], "mark", Manner())
    assert not [sql for sql in session.sent if "runtime" in sql or "acknowledgement" in sql]


@pytest.mark.parametrize("has_ledger", [True, False])
def test_a_repair_of_the_row_of_a_profile_forgets_what_its_user_chose_only_where_no_ledger_knows_it(has_ledger: bool):
    session = Recording({'FROM "immuta_system".runtime': [("alice",)]})
    whole = with_owners(LEAVING, OWNED)
    place = (Kind.PROFILE, "alice")
    before = replace(
        whole,
        snapshot=replace(whole.snapshot, has_ledger=has_ledger),
        stored={**whole.stored, place: replace(whole.stored[place], thing=None)},
        world=replace(whole.world, profiles={}),
    )
    before = replace(before, world=replace(before.world, runtimes={"alice": Runtime("alice", "p")}))
    update = Update(whole.stored[place].id, Profile("alice"))
    committed = write_group(session, before, [update], "mark", Manner())
    forgotten = [sql for sql in session.sent if sql.startswith("DELETE FROM")]
    assert bool(forgotten) is not has_ledger
    assert ("alice" in committed.deployed.world.runtimes) is has_ledger


def test_tables_that_somebody_took_are_not_asked_what_users_left():
    session = Recording()
    taken = OWNED | {("immuta_system", "runtime"): "mallory"}
    write_group(session, with_owners(LEAVING, taken), [Create(Profile("bob"))], "mark", Manner())
    assert not [sql for sql in session.sent if "runtime" in sql]


def test_a_removal_of_a_profile_waits_for_no_transaction_of_its_user():
    session = Recording()
    committed = write_group(
        session, with_owners(LEAVING, OWNED), [Delete(Kind.PROFILE, "alice", "token0")], "mark", Manner()
    )
    assert not [sql for sql in session.sent if "runtime" in sql or "acknowledgement" in sql]
    assert committed.deployed.world.runtimes == {"bob": Runtime("bob", "cards")}
