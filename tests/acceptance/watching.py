"""An analyst who asks the same questions over and over while Terraform works, and remembers every
answer.
"""

import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import redshift_connector

from tests.acceptance.conftest import Database

EXPECTED_REFUSALS = re.compile(
    r"(relation|schema|table|view) .* does not exist"
    r"|permission denied for (schema|relation|view|table)"
    r"|could not open relation with OID"
    r"|cached plan must not change result type"
    r"|deadlock detected"
)
"""What an analyst is told while a view is not there, or is being replaced."""


class Watcher:
    """Sends each of the queries in turn, as one user, until stopped.

    `seen` holds every row that any query ever answered, `answers` how often each was answered,
    `refusals` the messages of those that were not. `pause` is how long it rests after each round,
    in seconds: without a rest it takes a core.
    """

    def __init__(self, database: Database, user: str, queries: Mapping[str, str], *, pause: float = 0) -> None:
        self._database, self._user, self._queries, self._pause = database, user, queries, pause
        self.seen: dict[str, set[tuple[Any, ...]]] = {name: set() for name in queries}
        self.answers: dict[str, int] = dict.fromkeys(queries, 0)
        self.refusals: set[str] = set()
        self.problem: BaseException | None = None
        self._rounds = 0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="analyst", daemon=True)

    @contextmanager
    def watching(self) -> Iterator["Watcher"]:
        """Look while the block runs. Fails where looking itself failed, or a refusal was none of
        the expected.
        """
        self._thread.start()
        try:
            yield self
        finally:
            self._stopping.set()
            self._thread.join()
        if self.problem is not None:
            raise self.problem
        unexpected = {each for each in self.refusals if not EXPECTED_REFUSALS.search(each)}
        assert not unexpected, unexpected

    def wait_for_rounds(self, rounds: int = 2) -> None:
        """Wait until every query has been sent anew this often, so that what is there now has been
        looked at.
        """
        target = self._rounds + rounds
        while self._rounds < target and self._thread.is_alive():
            self._stopping.wait(0.005)

    def values(self, *queries: str) -> set[Any]:
        """Every value of every row that these queries, or all of them, ever answered."""
        return {value for name in queries or self._queries for row in self.seen[name] for value in row}

    def _run(self) -> None:
        try:
            with self._database.connect(self._user) as connection:
                while not self._stopping.is_set():
                    for name, sql in self._queries.items():
                        # The driver prepares a text once, and a prepared statement outlives the
                        # type of a column badly.
                        self._ask(connection, name, f"{sql} /* {self._rounds} */")
                    self._rounds += 1
                    self._stopping.wait(self._pause)
        except BaseException as problem:
            self.problem = problem

    def _ask(self, connection: Any, name: str, sql: str) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql)
                rows: Iterable[tuple[Any, ...]] = (tuple(row) for row in cursor.fetchall())
        except redshift_connector.ProgrammingError as refusal:
            self.refusals.add(refusal.args[0]["M"])
            return
        self.answers[name] += 1
        self.seen[name].update(rows)
