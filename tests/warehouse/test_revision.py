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
                barrier.wait(timeout=30)
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
