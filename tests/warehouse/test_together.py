"""Reads that one statement answers."""

from collections.abc import Mapping

from tests.warehouse.conftest import run
from veil.warehouse import Layout, ObjectRow, Session, read, upsert_objects
from veil.warehouse.templates import names, render_one
from veil.warehouse.together import read_together


def reads_of(layout: Layout, *templates: str) -> Mapping[str, str]:
    return {each: render_one(f"reads/{each}", names(layout)) for each in templates}


def test_each_read_gets_the_rows_that_it_gets_alone(admin: Session, installed: Layout) -> None:
    run(admin, upsert_objects(installed, [ObjectRow("a", "n", "1", "ä" * 40_000), ObjectRow("b", "m", "2", "")]))
    reads = reads_of(
        installed, "objects", "ledger", "revision", "versions", "salts", "own_views", "approvers", "request_ends"
    )
    alone = {each: sorted(admin.query(sql), key=str) for each, sql in reads.items()}
    before = admin.statements
    with read_together(admin, reads):
        assert {each: sorted(admin.query(sql), key=str) for each, sql in reads.items()} == alone
    assert admin.statements == before + 1
    assert sum(len(row[5]) for row in alone["objects"]) == 40_000


def test_what_is_asked_again_or_was_not_asked_together_is_sent(admin: Session, installed: Layout) -> None:
    reads = reads_of(installed, "revision", "versions")
    with read_together(admin, reads):
        known = admin.query(reads["revision"])
        before = admin.statements
        assert admin.query(reads["revision"]) == known
        assert admin.statements == before + 1
    admin.query(reads["versions"])
    assert admin.statements == before + 2, "nothing is kept for later"


def test_one_that_is_refused_keeps_nobody_from_the_others(admin: Session, installed: Layout) -> None:
    reads = {**reads_of(installed, "revision", "versions"), "closed": "SELECT 1, 2, 3, 4 FROM nowhere.nothing"}
    with read_together(admin, reads):
        assert len(admin.query(reads["versions"])) == len(admin.query(reads["revision"])) == 1


def test_a_transaction_is_not_put_at_risk(admin: Session, installed: Layout) -> None:
    reads = {**reads_of(installed, "revision", "versions"), "closed": "SELECT 1, 2, 3, 4 FROM nowhere.nothing"}
    with admin.transaction(read_only=True), read_together(admin, reads):
        assert len(admin.query(reads["versions"])) == 1


def test_a_table_with_a_column_of_another_type_is_read_alone(admin: Session, installed: Layout) -> None:
    run(admin, upsert_objects(installed, [ObjectRow("k", "n", "1", "")]))
    place = f'"{installed.system}".own_view'
    columns = "name VARCHAR(256), made_hash VARCHAR(64), text_hash INTEGER"
    for statement in (
        f"DROP TABLE {place}",
        f"CREATE TABLE {place} ({columns})",
        f"INSERT INTO {place} VALUES ('v', 'm', 3)",
    ):
        admin.execute(statement)
    found = read(admin, installed)
    assert [each.name for each in found.objects] == ["n"]
    assert found.own_views["v"].made_hash == "m"
