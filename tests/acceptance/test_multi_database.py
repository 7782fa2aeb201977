"""Views in a database of their own, over tables of another one, made by an account that is no
superuser. The tests are the chapters of one story.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.acceptance.accounts import STAYING, Accounts, run_script, schemas_left
from tests.acceptance.conftest import Database
from tests.acceptance.modes import CONSTANT, EXPECTED, IMPORTS, attributes, configuration, import_blocks, seen
from tests.acceptance.terraform import Workspace

IN_THE_OTHER = "Run this part in the database"


@dataclass(frozen=True)
class Place:
    """The database of the views, that of the tables, and the configuration's workspace."""

    accounts: Accounts
    tables: Database
    workspace: Workspace

    @property
    def views(self) -> Database:
        return self.accounts.database

    def configuration(self, *, reader: bool = False, **changes: str) -> str:
        attributes = ('mode = "multi_database"', f'source_database = "{self.tables.name}"')
        return configuration(self.views, self.accounts.provider(reader=reader), *attributes, **changes)

    def bootstrap(self) -> None:
        """Run the administrator's script, each part in its database."""
        here, there = self.accounts.script("--source-database", self.tables.name).split(f"-- {IN_THE_OTHER}")
        run_script(self.views, here)
        run_script(self.tables, f"-- {IN_THE_OTHER}{there}")


@pytest.fixture(scope="module")
def place(new_database: Callable[..., Database], new_workspace: Callable[[], Workspace]) -> Place:
    place = Place(Accounts(new_database(empty=True)), new_database(), new_workspace())
    place.bootstrap()
    place.tables.run('GRANT USAGE ON SCHEMA "raw" TO alice', 'GRANT SELECT ON "raw".customers TO alice')
    place.workspace.write(place.configuration())
    assert (done := place.workspace.apply()), done.text
    return place


def test_everybody_sees_what_they_would_see_of_one_database(place: Place):
    assert seen(place.views) == EXPECTED


def test_who_reads_a_table_around_its_view_is_told_by_the_apply_that_makes_the_view(place: Place):
    source = attributes(place.workspace, "veil_data_source.customers")
    assert source["health"] == "user alice can read the table raw.customers around the view."
    access = attributes(place.workspace, "data.veil_effective_access.alice")
    assert access["bypass"] == ["SELECT on the table raw.customers is granted to the user alice."]
    assert access["enforced"] and not access["columns"]["ssn"]["masked"]


def test_nothing_is_to_be_done_and_every_check_passes_once_nobody_reaches_the_tables(place: Place):
    place.tables.run('REVOKE ALL ON "raw".customers FROM alice', 'REVOKE ALL ON SCHEMA "raw" FROM alice')
    for database, table in ((place.views, f"{place.tables.name}.raw.customers"), (place.tables, '"raw".customers')):
        assert "permission denied" in database.refusal(f"SELECT ssn FROM {table}", "alice")
    assert (done := place.workspace.apply()), done.text
    assert "0 added, 0 changed, 0 destroyed" in done.text
    access = attributes(place.workspace, "data.veil_effective_access.alice")
    assert access["bypass"] == [] and access["enforced"] and access["columns"]["ssn"]["masked"]
    results = attributes(place.workspace, "veil_integration.main")["validation_results"]
    assert {each["name"]: each["status"] for each in results}["source_database"] == "passed"
    assert all(each["status"] == "passed" for each in results), results


def test_policies_are_changed_in_place_and_a_lookup_may_name_its_database(place: Place):
    lookup = f"{place.tables.name}.raw.access_tree"
    place.workspace.write(place.configuration(mask=CONSTANT, lookup=lookup))
    assert (done := place.workspace.apply()), done.text
    assert "0 added, 1 changed, 0 destroyed" in done.text
    assert [row[2] for row in seen(place.views)["alice"]] == ["4000111122223333", "hidden"]


def test_what_is_altered_in_either_database_is_told_and_put_right(place: Place):
    place.views.run(
        "CREATE OR REPLACE VIEW governed.customers AS SELECT 1 AS id WITH NO SCHEMA BINDING",
        "UPDATE immuta_system.object SET body = body || ' ' WHERE kind IN ('integration', 'masking_policy')",
    )
    place.tables.run(
        'ALTER TABLE "raw".customers ADD COLUMN phone VARCHAR(20)',
        'ALTER TABLE "raw".customers DROP COLUMN balance',
        'ALTER TABLE "raw".customers ALTER COLUMN name TYPE VARCHAR(90)',
    )
    place.workspace.write(place.configuration())
    done = place.workspace.apply()
    assert done, done.text
    for line in (
        "its metadata row was altered outside veil",
        "the text of the view governed.customers was altered",
        "the column phone was added to raw.customers",
        "the column balance was dropped from raw.customers",
        "the column name of raw.customers was changed from character varying(60) to character varying(90)",
    ):
        assert line in " ".join(done.text.split()), done.text
    assert seen(place.views) == EXPECTED


def test_everything_is_imported_and_then_an_account_that_only_reads_finds_nothing_to_do(place: Place):
    place.workspace.forget_state()
    place.workspace.write(place.configuration() + import_blocks())
    assert (done := place.workspace.apply()), done.text
    assert f"{len(IMPORTS)} imported, 0 added, 0 changed, 0 destroyed" in done.text
    place.workspace.write(place.configuration(reader=True))
    assert (planned := place.workspace.plan()).code == 0, planned.text
    place.workspace.write(place.configuration())


def test_with_the_table_gone_everything_can_be_destroyed(place: Place):
    place.tables.run('DROP TABLE "raw".customers')
    assert (done := place.workspace.destroy()), done.text
    assert schemas_left(place.views) == STAYING
    assert schemas_left(place.tables) == []
