"""The compare-and-set that keeps two processes from overwriting each other."""

import threading

import pytest

from tests.warehouse.conftest import run
from veil.warehouse import (
    Layout,
    ObjectRow,
    RevisionMovedError,
    Session,
    Settings,
    advance_revision,
    connect,
    landed,
    move_on,
    read,
    upsert_objects,
)


def test_the_revision_moves_by_one_and_keeps_the_token(admin: Session, installed: Layout) -> None:
    run(admin, advance_revision(installed, 0, "first"))
    snapshot = read(admin, installed)
    assert (snapshot.revision, snapshot.token) == (1, "first")
    assert landed(admin, installed, "first")
    assert not landed(admin, installed, "second")


def test_a_revision_that_moved_is_refused_and_nothing_is_written(admin: Session, installed: Layout) -> None:
    run(admin, advance_revision(installed, 0, "first"))
    with pytest.raises(RevisionMovedError):
        run(
            admin,
            upsert_objects(installed, [ObjectRow("k", "n", "1", "")]) + advance_revision(installed, 0, "second"),
        )
    snapshot = read(admin, installed)
    assert (snapshot.revision, snapshot.token, snapshot.objects) == (1, "first", ())


def test_of_two_writers_at_once_exactly_one_wins_each_revision(
    admin: Session, settings: Settings, installed: Layout
) -> None:
    rounds, wins = 10, [0, 0]
    barrier = threading.Barrier(2)

    def write(writer: int) -> None:
        with connect(settings) as session:
            for revision in range(rounds):
                barrier.wait(timeout=120)
                try:
                    run(session, advance_revision(installed, revision, f"w{writer}r{revision}"))
                    wins[writer] += 1
                except RevisionMovedError:
                    pass

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(wins) == rounds
    assert read(admin, installed).revision == rounds


SEAL = "SHA2(CAST(revision AS VARCHAR(32)) || CHR(31) || token, 256)"
TAMPERED = {
    "set back": ("UPDATE {table} SET revision = 0",),
    "set far ahead, with its seal": (
        "UPDATE {table} SET revision = 9223372036854775807",
        f"UPDATE {{table}} SET seal = {SEAL}",
    ),
    "below zero": ("UPDATE {table} SET revision = -5", f"UPDATE {{table}} SET seal = {SEAL}"),
    "another token": ("UPDATE {table} SET token = 'x'",),
    "doubled": ("INSERT INTO {table} SELECT * FROM {table}",),
    "doubled otherwise": ("INSERT INTO {table} (revision, token) SELECT revision + 7, token FROM {table}",),
    "lost": ("DELETE FROM {table}",),
    "without seals": ("ALTER TABLE {table} DROP COLUMN seal", "ALTER TABLE {table} ADD COLUMN seal VARCHAR(64)"),
}


@pytest.mark.parametrize("statements", TAMPERED.values(), ids=TAMPERED)
def test_a_revision_that_somebody_else_wrote_is_told_and_replaced_by_the_next_writer(
    admin: Session, installed: Layout, statements: tuple[str, ...]
) -> None:
    run(admin, advance_revision(installed, 0, "first"))
    run(admin, [each.format(table=f'"{installed.system}".revision') for each in statements])
    found = read(admin, installed)
    assert found.unsound is not None
    with admin.transaction():
        move_on(admin, installed, found, "second")
    after = read(admin, installed)
    assert (after.revision, after.token, after.unsound) == (found.revision + 1, "second", None)
    assert landed(admin, installed, "second")


def test_a_revision_that_is_not_sound_is_replaced_once(admin: Session, installed: Layout) -> None:
    admin.execute(f'DELETE FROM "{installed.system}".revision')
    found = read(admin, installed)
    with admin.transaction():
        move_on(admin, installed, found, "first")
    with pytest.raises(RevisionMovedError), admin.transaction():
        move_on(admin, installed, found, "second")


def test_a_revision_that_was_set_back_does_not_let_an_old_reader_write(admin: Session, installed: Layout) -> None:
    old = read(admin, installed)
    run(admin, advance_revision(installed, 0, "first"))
    admin.execute(f'UPDATE "{installed.system}".revision SET revision = 0')
    with pytest.raises(RevisionMovedError), admin.transaction():
        move_on(admin, installed, old, "second")
