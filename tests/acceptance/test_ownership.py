"""Whose object is it: addresses that change, configurations that share a warehouse, versions that
come and go.
"""

import re
from collections.abc import Callable
from hashlib import sha256

import pytest

from tests.acceptance.conftest import Database, header
from tests.acceptance.lifecycle import CASES, INTEGRATION, act, look, prepare, resources
from tests.acceptance.terraform import Run, Workspace
from veil.compiler import COMPILER_VERSION
from veil.warehouse.templates import render

ALL = (INTEGRATION, *CASES)


def seen(database: Database) -> dict[str, object]:
    return {case.address: look(database, case) for case in ALL}


EXPECTED = {case.address: case.seen[0] for case in ALL}


def stored(database: Database) -> set[tuple[str, str, str]]:
    return set(database.query("SELECT kind, name, body FROM immuta_system.object"))


def salts(database: Database) -> set[tuple[str, str]]:
    return set(database.query("SELECT name, salt FROM immuta_system.salt"))


@pytest.fixture(scope="module")
def place(new_database: Callable[[], Database], new_workspace: Callable[[], Workspace]) -> tuple[Database, Workspace]:
    database, workspace = new_database(), new_workspace()
    prepare(database)
    workspace.write(header(database, INTEGRATION.before) + resources())
    assert (done := workspace.apply()), done.text
    act(database)
    return database, workspace


def renamed(text: str, prefix: str) -> str:
    """The same with every address but the integration's renamed, and no `moved` anywhere."""
    text = re.sub(r'^(resource "(?!veil_integration)\w+" ")', rf"\1{prefix}", text, flags=re.MULTILINE)
    return re.sub(r"\b(veil_(?!integration)\w+)\.(\w+)\.(id|name)\b", rf"\1.{prefix}\2.\3", text)


@pytest.mark.parametrize(("prefix", "parallelism"), [("other_", 10), ("third_", 1)])
def test_new_addresses_without_moved_lose_nothing(place: tuple[Database, Workspace], prefix: str, parallelism: int):
    database, workspace = place
    before, salted = stored(database), salts(database)
    workspace.write(renamed(header(database, INTEGRATION.before) + resources(), prefix))
    assert (done := workspace.apply(f"-parallelism={parallelism}")), done.text
    act(database)  # Old addresses may go before new ones come, however many at once: nobody acts in what is gone.
    assert stored(database) == before
    assert salts(database) == salted
    assert seen(database) == EXPECTED
    assert (planned := workspace.plan()).code == 0, planned.text


TEXT_OF_LOSS = "What only the integration holds will be lost"
MOVED = "moved {\n  from = veil_integration.main\n  to   = veil_integration.new\n}\n"


def readdressed(text: str) -> str:
    """The same with another address of the integration."""
    return text.replace('"veil_integration" "main"', '"veil_integration" "new"').replace(".main.id", ".new.id")


def test_a_moved_integration_loses_nothing_and_a_new_address_without_moved_is_said_to_lose_the_salts(
    place: tuple[Database, Workspace],
):
    database, workspace = place
    text = header(database, INTEGRATION.before) + resources()
    workspace.write(text)
    assert (done := workspace.apply()), done.text
    act(database)
    before, salted = stored(database), salts(database)
    workspace.write(readdressed(text) + MOVED)
    assert TEXT_OF_LOSS not in workspace.plan().text
    assert (done := workspace.apply()), done.text
    assert (stored(database), salts(database), seen(database)) == (before, salted, EXPECTED)
    workspace.write(text)
    planned = " ".join(workspace.plan().text.split())
    assert TEXT_OF_LOSS in planned and "the salts, so that the same values are hashed and drawn otherwise" in planned
    assert (done := workspace.apply()), done.text
    act(database)  # Here as well: Terraform destroys what it replaces first.
    assert stored(database) == before
    assert seen(database) == EXPECTED
    assert (planned_again := workspace.plan()).code == 0, planned_again.text


def second(database: Database, *blocks: str) -> str:
    """Another configuration on the same warehouse, which finds the integration by its name."""
    top = re.sub(r'resource "veil_integration".*', "", header(database), flags=re.DOTALL)
    return top + 'data "veil_integration" "main" {\n  name = "main"\n}\n' + "".join(blocks)


def block(kind: str, name: str, body: str) -> str:
    return f'resource "{kind}" "{name}" {{\n  integration = data.veil_integration.main.id\n{body}\n}}\n'


BASE = """
resource "veil_data_source" "customers" {
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "customers"
  tags        = ["open"]
  columns     = { card = { tags = ["card"] }, name = { tags = ["name"] } }
}
resource "veil_subscription_policy" "open" {
  integration = veil_integration.main.id
  name        = "open"
  applies_to  = { data_source_tags = ["open"] }
  access      = "everyone"
}
resource "veil_masking_policy" "name" {
  integration = veil_integration.main.id
  name        = "name"
  applies_to  = { column_tags = ["name"] }
  mask        = { null = {} }
}
resource "veil_user_profile" "alice" {
  integration = veil_integration.main.id
  user        = "alice"
}
"""
CARD = block(
    "veil_masking_policy", "card", 'name = "card"\napplies_to = { column_tags = ["card"] }\nmask = { null = {} }'
)
BOB = block("veil_user_profile", "bob", 'user = "bob"')
ORDERS = block("veil_data_source", "orders", 'schema = "raw"\ntable = "orders"\ntags = ["open"]')


@pytest.fixture(scope="module")
def two(
    new_database: Callable[[], Database], new_workspace: Callable[[], Workspace]
) -> tuple[Database, Workspace, Workspace]:
    """A database and two configurations on it, both applied."""
    database, first, other = new_database(), new_workspace(), new_workspace()
    first.write(header(database) + BASE)
    assert (done := first.apply()), done.text
    other.write(second(database, CARD, BOB, ORDERS))
    assert (done := other.apply()), done.text
    return database, first, other


def test_two_configurations_on_one_warehouse_leave_each_other_alone(two: tuple[Database, Workspace, Workspace]):
    database, first, other = two
    look_at = "SELECT name, card, email FROM governed.customers WHERE id = 1"
    assert database.query(look_at, "bob") == [(None, None, "ann@example.com")]
    assert database.query("SELECT COUNT(*) FROM governed.orders", "alice") == [(2,)]
    for workspace in (first, other):
        assert (planned := workspace.plan()).code == 0, planned.text
    other.write(second(database, CARD.replace("null = {}", 'constant = { value = "x" }'), BOB, ORDERS))
    assert (done := other.apply()), done.text
    assert database.query(look_at, "bob") == [(None, "x", "ann@example.com")]
    assert (planned := first.plan()).code == 0, planned.text


def test_the_integration_stays_while_another_configuration_needs_it(two: tuple[Database, Workspace, Workspace]):
    database, first, other = two
    done = first.destroy("-target=veil_integration.main")
    assert done.code == 1
    assert "The integration still governs something" in done.text
    assert "masking policy card" in " ".join(done.text.split())
    assert (done := first.apply()), done.text
    assert (planned := other.plan()).code == 0, planned.text
    assert database.query("SELECT card FROM governed.customers WHERE id = 1", "alice") == [("x",)]


OF_OTHERS = (
    block("veil_user_profiles", "several", 'users = { alice = { groups = ["admins"] } }'),
    block("veil_data_source", "taken", 'schema = "raw"\ntable = "access_tree"\nview_name = "customers"'),
    block(
        "veil_subscription_policy", "again", 'name = "open"\napplies_to = { all_columns = true }\naccess = "everyone"'
    ),
    block("veil_data_source", "again", 'schema = "raw"\ntable = "customers"\nview_name = "mine"'),
)


def test_whoever_names_what_is_anothers_is_refused_and_told_how_to_import_it(
    two: tuple[Database, Workspace, Workspace], new_workspace: Callable[[], Workspace]
):
    database, first, _ = two
    before, loser = stored(database), new_workspace()
    loser.write(second(database, *OF_OTHERS))
    told = " ".join(loser.apply().text.split())
    assert told.count("Error: ") == 4, told
    assert "The view governed.customers already stands for the data source raw.customers" in told
    for name in ("alice", "open", "raw.customers"):
        assert f'import {{ to = <this resource> id = "{name}" }}' in told
    assert stored(database) == before
    assert (planned := first.plan()).code == 0, planned.text


def test_the_same_content_is_taken_over_and_the_former_owner_can_do_no_harm(
    two: tuple[Database, Workspace, Workspace], new_workspace: Callable[[], Workspace]
):
    database, first, _ = two
    heir = new_workspace()
    heir.write(second(database, block("veil_user_profile", "alice", 'user = "alice"')))
    assert (done := heir.apply()), done.text
    planned = first.plan()
    assert planned.code == 0, planned.text
    assert "This user profile belongs to another resource" in planned.text
    first.write(header(database) + BASE.replace('user        = "alice"', 'user = "alice"\n  groups = ["admins"]'))
    done = first.apply()
    assert done.code == 1
    assert "This user profile belongs to another resource" in done.text
    first.write(header(database) + re.sub(r'resource "veil_user_profile".*', "", BASE, flags=re.DOTALL))
    assert (done := first.apply()), done.text
    assert database.query("SELECT COUNT(*) FROM immuta_system.profile WHERE immuta__userid = 'alice'") == [(1,)]
    assert (planned := heir.plan()).code == 0, planned.text


def test_a_name_of_anothers_is_waited_for_in_one_apply_and_refused_in_the_next(
    two: tuple[Database, Workspace, Workspace],
):
    database, _, other = two
    card = CARD.replace("null = {}", 'constant = { value = "x" }')
    other.write(second(database, card.replace('name = "card"', 'name = "name"'), BOB, ORDERS))
    done = other.apply()
    assert done and "A name that is not free yet" in done.text, done.text
    planned = other.plan()
    assert planned.code == 2 and "name differs from what was applied" in planned.text
    done = other.apply()
    assert done.code == 1 and "Error: A masking policy of this name exists" in done.text, done.text
    assert ("masking_policy", "card") in {row[:2] for row in stored(database)}
    other.write(second(database, card, BOB, ORDERS))
    assert (done := other.apply()), done.text
    assert (planned := other.plan()).code == 0, planned.text


OTHER_MASK = BASE.replace("mask        = { null = {} }", "mask        = { hash = {} }")


def test_views_of_an_older_compiler_are_compiled_anew(new_database: Callable[[], Database], workspace: Workspace):
    database = new_database()
    workspace.write(header(database) + BASE)
    assert (done := workspace.apply()), done.text
    database.run("UPDATE immuta_system.published SET compiler_version = 0")
    assert workspace.actions() == {"veil_data_source.customers": ["update"]}
    assert (done := workspace.apply()), done.text
    assert (planned := workspace.plan()).code == 0, planned.text

    # And those of a newer one are nobody's to touch but a newer provider's.
    text = definition(database)
    before = stored(database)
    publish(database, text.replace(f"compiler {COMPILER_VERSION} ", "compiler 99 "), 99)
    assert (planned := workspace.plan()).code == 0, planned.text
    refused(workspace, database, OTHER_MASK)
    publish(database, text, COMPILER_VERSION)
    # Schemas of another version have other procedures, which this one would replace by its own.
    make_newer(database)
    workspace.write(header(database) + BASE)
    assert is_refused(planned := workspace.plan()), planned.text
    refused(workspace, database, OTHER_MASK)
    assert stored(database) == before


def refused(workspace: Workspace, database: Database, wanted: str) -> None:
    workspace.write(header(database) + wanted)
    for done in (workspace.plan(), workspace.apply("-refresh=false")):
        assert is_refused(done), done.text


def is_refused(done: Run) -> bool:
    return done.code == 1 and done.text.count("Error: A newer veil wrote here") == 1


def definition(database: Database) -> str:
    """The text of the view, as the warehouse shows it."""
    ((text,),) = database.query(
        "SELECT definition FROM pg_views WHERE schemaname = 'governed' AND viewname = 'customers'"
    )
    return str(text)


def publish(database: Database, text: str, version: int) -> None:
    """Make the view as a compiler of this version would, and record it."""
    database.run(text)
    digest = sha256(definition(database).encode()).hexdigest()
    database.run(f"UPDATE immuta_system.published SET compiler_version = {version}, text_hash = '{digest}'")


def make_newer(database: Database) -> None:
    """Leave the mark and a procedure of a version that this one does not know."""
    database.run(
        "UPDATE immuta_system.integration SET schema_version = 99",
        "CREATE OR REPLACE PROCEDURE immuta_procedures.add_entries(batch VARCHAR(65535)) AS $$ BEGIN NULL; END; $$ "
        "LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog, pg_temp",
    )


def test_metadata_that_a_newer_veil_wrote_is_not_read_as_if_it_were_known(
    new_database: Callable[[], Database], workspace: Workspace
):
    database = new_database()
    workspace.write(header(database) + BASE)
    assert (done := workspace.apply()), done.text
    body = '{"$":"MaskingPolicy","name":"name","tomorrow":1}'
    database.run(
        f"UPDATE immuta_system.object SET body = '{body}' WHERE kind = 'masking_policy'",
        "UPDATE immuta_system.object SET hash = SHA2(kind || CHR(31) || name || CHR(31) || CAST(part AS VARCHAR(16))"
        " || CHR(31) || CAST(parts AS VARCHAR(16)) || CHR(31) || id || CHR(31) || body, 256)",
    )
    make_newer(database)
    database.run("DELETE FROM immuta_system.ledger", *render("repairs/ledger", {"system": "immuta_system"}))
    planned = workspace.plan()
    assert planned.code == 1
    assert "A newer veil wrote this integration" in planned.text
    assert "Error: " in planned.text and "tomorrow" in planned.text
