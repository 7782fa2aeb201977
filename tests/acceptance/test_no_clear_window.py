"""However many things Terraform does at once, and in whatever order: nobody ever sees more than in
the end.
"""

import re
from collections.abc import Iterable

import pytest

from tests.acceptance import crowd
from tests.acceptance.conftest import Database, header
from tests.acceptance.terraform import Workspace
from tests.acceptance.watching import Watcher


def prepared(database: Database, workspace: Workspace, more: str = "") -> Watcher:
    """The raw tables and the configuration; an analyst who has not begun to look."""
    crowd.prepare(database)
    workspace.write(header(database, crowd.BASELINE) + crowd.resources() + more)
    return Watcher(database, "alice", crowd.QUERIES)


def rows_now(database: Database) -> dict[str, set[tuple[object, ...]]]:
    """What the analyst sees; hashes only as such, for a data source that is replaced gets another
    salt.
    """
    return {name: hashes_alike(database.query(sql, "alice")) for name, sql in crowd.QUERIES.items()}


def hashes_alike(rows: Iterable[tuple[object, ...]]) -> set[tuple[object, ...]]:
    return {tuple("#" if re.fullmatch("[0-9a-f]{64}", str(value)) else value for value in row) for row in rows}


def test_a_secret_that_is_shown_for_a_moment_is_noticed(database: Database):
    crowd.prepare(database)
    analyst = Watcher(database, "alice", crowd.QUERIES)
    with analyst.watching():
        database.run(
            "CREATE SCHEMA governed",
            "GRANT USAGE ON SCHEMA governed TO PUBLIC",
            'CREATE VIEW governed.people AS SELECT * FROM "raw".people',
            "GRANT SELECT ON governed.people TO PUBLIC",
        )
        analyst.wait_for_rounds()
        database.run("DROP VIEW governed.people")
    assert not analyst.values().isdisjoint(crowd.SECRETS)


@pytest.mark.parametrize("parallelism", [1, 10, 50])
def test_first_apply_replacement_and_destroy_show_no_secret_at(
    database: Database, workspace: Workspace, parallelism: int
):
    at = f"-parallelism={parallelism}"
    analyst = prepared(database, workspace)
    with analyst.watching():
        done = workspace.apply(at)
        assert done, done.text
        analyst.wait_for_rounds()
        end = rows_now(database)
        for replaced in (crowd.POLICIES, crowd.SOURCES):
            done = workspace.apply(at, *crowd.replacing(replaced))
            assert done, done.text
        analyst.wait_for_rounds()
        assert rows_now(database) == end
        done = workspace.destroy(at)
        assert done, done.text
    assert analyst.values().isdisjoint(crowd.SECRETS)
    assert all(end.values()) and all(analyst.answers.values())
    # A source that names its policies shows what it shows in the end, or nothing.
    assert analyst.seen["listed"] == end["listed"]


def test_a_mask_that_cannot_be_made_shows_no_secret(database: Database, workspace: Workspace):
    crowd.prepare(database)
    broken = crowd.resources().replace(
        'name        = "listed"\n  applies_to  = { column_tags = ["secret"] }',
        'name        = "listed"\n  applies_to  = { column_tags = ["secret"] }\n'
        '  where       = "territory NOT IN (SELECT root FROM raw.access_tree)"',
    )
    assert broken != crowd.resources()
    workspace.write(header(database, crowd.BASELINE) + broken)
    planned = workspace.run("plan", "-input=false", "-out=plan.bin")
    assert planned, planned.text
    database.run('ALTER TABLE "raw".access_tree RENAME COLUMN root TO branch')
    analyst = Watcher(database, "alice", crowd.QUERIES)
    with analyst.watching():
        done = workspace.run("apply", "-no-color", "-input=false", "-parallelism=50", "plan.bin")
        assert done.code == 1, done.text
        analyst.wait_for_rounds()
    assert "root" in done.text
    assert analyst.values().isdisjoint(crowd.SECRETS)
    assert analyst.seen["listed"] == set()
