"""Repeating what may be repeated, and nothing else."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace

import pytest

from tests.warehouse.conftest import run
from veil.warehouse import (
    Layout,
    ObjectRow,
    RevisionMovedError,
    Session,
    Settings,
    WarehouseError,
    advance_revision,
    connect,
    landed,
    read,
    run_in_transaction,
    upsert_objects,
)


def no_pause(seconds: float) -> None:
    assert seconds > 0


class CuttingProxy:
    """Between us and the engine: cuts the connection at a COMMIT, before or after the engine
    carries it out.

    The driver sends the statement's text first and asks for its execution in a second message: that
    one is cut.
    """

    def __init__(self, settings: Settings) -> None:
        self._target = (settings.host, settings.port)
        self._server = socket.create_server(("127.0.0.1", 0))
        self._answered = threading.Event()
        self._armed = False
        self._muted = False
        self.port: int = self._server.getsockname()[1]
        self.cut: str | None = None
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._server.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client = self._server.accept()[0]
                engine = socket.create_connection(self._target)
                threading.Thread(target=self._pump, args=(client, engine, self._passes), daemon=True).start()
                threading.Thread(target=self._pump, args=(engine, client, self._returns), daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket, lets: Callable[[bytes], bool]) -> None:
        with suppress(OSError):
            while (data := source.recv(65536)) and lets(data):
                target.sendall(data)
            if self._muted:
                target.sendall(data)
                self._answered.wait(timeout=120)
        for each in (source, target):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def _passes(self, data: bytes) -> bool:
        if not self._armed:
            self._armed = self.cut is not None and b"COMMIT" in data
            return True
        self._muted, self._armed, self.cut = self.cut == "after", False, None
        return False

    def _returns(self, data: bytes) -> bool:
        if self._muted:
            self._muted = False
            self._answered.set()
            return False
        return True


@pytest.fixture
def proxy(settings: Settings) -> Iterator[CuttingProxy]:
    made = CuttingProxy(settings)
    yield made
    made.close()


def writing(layout: Layout, revision: int, token: str) -> list[str]:
    return advance_revision(layout, revision, token) + upsert_objects(layout, [ObjectRow("k", token, "1", "{}")])


@pytest.mark.parametrize("cut", ["before", "after"])
def test_after_a_connection_lost_in_commit_the_token_decides(
    settings: Settings, admin: Session, installed: Layout, proxy: CuttingProxy, cut: str
) -> None:
    attempts = []

    def work(session: Session) -> str:
        attempts.append(cut)
        for statement in writing(installed, 0, "mine"):
            session.execute(statement)
        return "done"

    with connect(replace(settings, port=proxy.port)) as session:
        proxy.cut = cut
        result = run_in_transaction(session, work, landed=lambda s: landed(s, installed, "mine"), pause=no_pause)
    assert result == "done"
    assert len(attempts) == (1 if cut == "after" else 2)
    snapshot = read(admin, installed)
    assert (snapshot.revision, snapshot.token, len(snapshot.objects)) == (1, "mine", 1)


def test_without_a_way_to_tell_a_connection_lost_in_commit_is_an_error(
    settings: Settings, installed: Layout, proxy: CuttingProxy
) -> None:
    with connect(replace(settings, port=proxy.port)) as session:
        proxy.cut = "before"
        with pytest.raises(WarehouseError) as error:
            run_in_transaction(session, lambda s: s.execute("SELECT 1"), pause=no_pause)
    assert error.value.in_commit
    assert not error.value.retryable


def test_a_connection_lost_before_commit_is_repeated(settings: Settings, admin: Session, installed: Layout) -> None:
    attempts = []

    def work(session: Session) -> None:
        for statement in writing(installed, 0, "mine"):
            session.execute(statement)
        attempts.append(1)
        if len(attempts) == 1:
            (process,) = session.query("SELECT pg_backend_pid()")[0]
            admin.query(f"SELECT pg_terminate_backend({process})")
            session.query("SELECT 1")

    with connect(settings) as session:
        run_in_transaction(session, work, pause=no_pause)
    assert len(attempts) == 2
    assert read(admin, installed).revision == 1


def test_a_deadlock_is_repeated_until_both_are_done(settings: Settings, admin: Session, installed: Layout) -> None:
    tables = [f'"{installed.system}".salt', f'"{installed.system}".published']
    barrier = threading.Barrier(2)
    attempts = [0, 0]

    def lock_both(number: int, session: Session) -> None:
        attempts[number] += 1
        order = tables if number == 0 else tables[::-1]
        session.execute(f"LOCK TABLE {order[0]}")
        if attempts[number] == 1:
            barrier.wait(timeout=120)
        session.execute(f"LOCK TABLE {order[1]}")

    def one(number: int) -> None:
        with connect(settings) as session:
            run_in_transaction(session, lambda s: lock_both(number, s), pause=no_pause)
            done.append(number)

    done: list[int] = []
    threads = [threading.Thread(target=one, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [0, 1]
    assert sum(attempts) == 3


def test_what_is_not_documented_as_retryable_fails_at_once(admin: Session) -> None:
    attempts = []

    def work(session: Session) -> None:
        attempts.append(1)
        session.execute("SELECT nothing FROM nowhere.at_all")

    with pytest.raises(WarehouseError):
        run_in_transaction(admin, work, pause=no_pause)
    assert len(attempts) == 1


def test_a_moved_revision_is_for_the_caller_to_decide(admin: Session, installed: Layout) -> None:
    run(admin, advance_revision(installed, 0, "theirs"))
    with pytest.raises(RevisionMovedError):
        run_in_transaction(admin, lambda s: [s.execute(each) for each in writing(installed, 0, "mine")], pause=no_pause)


def test_attempts_are_bounded_and_then_fail_loudly(settings: Settings, admin: Session) -> None:
    attempts = []

    def work(session: Session) -> None:
        attempts.append(1)
        (process,) = session.query("SELECT pg_backend_pid()")[0]
        admin.query(f"SELECT pg_terminate_backend({process})")
        session.query("SELECT 1")

    with connect(settings) as session, pytest.raises(WarehouseError) as error:
        run_in_transaction(session, work, attempts=3, pause=no_pause)
    assert len(attempts) == 3
    assert error.value.lost


def test_a_statement_that_timed_out_is_tried_once_more(settings: Settings) -> None:
    attempts = []

    def work(session: Session) -> None:
        attempts.append(1)
        session.query(
            "SELECT COUNT(*) FROM pg_catalog.pg_attribute a, pg_catalog.pg_attribute b, pg_catalog.pg_attribute c"
        )

    with connect(replace(settings, statement_timeout=1)) as session, pytest.raises(WarehouseError) as error:
        run_in_transaction(session, work, pause=no_pause)
    assert len(attempts) == 2
    with connect(replace(settings, statement_timeout=1)) as session, pytest.raises(WarehouseError):
        run_in_transaction(session, work, timeout_attempts=1, pause=no_pause)
    assert len(attempts) == 3
    assert error.value.timed_out
