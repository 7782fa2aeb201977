"""One connection to a warehouse."""

import logging
import struct
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from types import TracebackType
from typing import Any

from veil.warehouse.connecting import open_connection
from veil.warehouse.errors import WarehouseError, from_server, lost_connection, unreadable_answer
from veil.warehouse.quoting import literal, without_escapes
from veil.warehouse.settings import Settings
from veil.warehouse.temporary import signed_in

_log = logging.getLogger("terraform.provider.veil")

Row = tuple[Any, ...]

SEARCH_PATH = "pg_catalog, pg_temp"
"""Where names without a schema are looked up: nowhere but in the catalog. Temporary relations come
last, which they would not if they were not mentioned (Amazon Redshift Database Developer Guide,
search_path).
"""

_TIME_ZONE = "UTC"

_PINNED = {
    "datestyle": "ISO, MDY",
    "timezone": _TIME_ZONE,
    "extra_float_digits": "2",
    "navigate_super_null_on_error": "on",
}
"""What a session of ours is set to, whatever ALTER USER or the cluster's parameters say: how dates,
moments and floating-point numbers are written for the driver to read, and that a field which a JSON
object lacks is NULL to our procedures.
"""

_CASE_SETTINGS = {"enable_case_sensitive_identifier": "off", "downcase_delimited_identifier": "on"}
"""The settings that decide whether quoted names keep their capitals, with the values under which
they do not. The second is the older one, which AWS is retiring.
"""

_ONE_BACKSLASH = "SELECT pg_catalog.LENGTH('\\\\')"
"""Asks whether a backslash in a literal escapes. AWS's pages write it so throughout (Amazon
Redshift Database Developer Guide, LIKE and POSIX operators), and none of them says that it always
does.
"""

_UNKNOWN_SETTING = "42704"

_SETTING, _ASKING = "pg_catalog.SET_CONFIG", "pg_catalog.CURRENT_SETTING"
"""The functions that set a parameter and tell its value."""

_LISTS = frozenset({"search_path"})
"""The parameters whose value SET takes as a list of names."""

_ENDED = (OSError, EOFError, struct.error)
"""What the driver lets through where a connection ends, beside errors of its own: also that there
is less to read than a number takes.
"""


Watch = Callable[[str, float, WarehouseError | None], None]
"""Gets each statement that was sent, how many seconds it took, and why it failed where it did."""


def _is_on(value: object) -> bool:
    return str(value).lower() in ("on", "true")


def _is_of_form(error: WarehouseError) -> bool:
    """Whether another form of the statement could fare better: the warehouse is there, and took the
    time to refuse this one.
    """
    return not (error.lost or error.timed_out or error.retryable)


def connect(settings: Settings, watch: Watch | None = None) -> "Session":
    """Connect and sign in. Raises WarehouseError with a title per cause: host, port, password,
    database, TLS, time.

    `watch` is called after each statement, with whatever it holds, a new user's password included.
    """
    return Session(settings, watch)


class Session:
    """A connection whose transactions are explicit: outside `transaction()` each statement stands
    alone.

    Not for several threads at once: callers lock. Every error is a WarehouseError. After a lost
    connection, or after `close`, each call fails until `reconnect`.
    """

    def __init__(self, settings: Settings, watch: Watch | None = None) -> None:
        self._given = settings
        self._watch = watch
        self.settings = settings
        """Where we are and as whom; with temporary credentials as AWS said at the last connect."""
        self.statements = 0
        """How many statements have been sent, all connections of this session together."""
        self.case_setting = ""
        """The setting by which names keep their case in sessions of this account that do not say
        otherwise, which this one does; empty where names are folded.
        """
        self._escapes: bool | None = None
        self._pinned: dict[str, str] = {}
        self._case_settings: dict[str, str] = {}
        self._folding: frozenset[str] = frozenset()
        self._sets_singly: bool | None = None
        self._shows_singly = False
        self._failed = False
        self._in_transaction = False
        self._connection: Any = None
        self._answers: dict[str, list[Row]] = {}
        self.reconnect()

    @property
    def is_open(self) -> bool:
        return self._connection is not None

    @property
    def in_transaction(self) -> bool:
        return self._in_transaction

    def reconnect(self) -> None:
        """Drop the connection, with whatever transaction is open on it, and make a fresh one."""
        self.close()
        self.settings = signed_in(self._given)
        self._connection = open_connection(self.settings)
        try:
            self._pinned = {
                "search_path": SEARCH_PATH,
                "statement_timeout": str(int(self.settings.statement_timeout * 1000)),
                **_PINNED,
            }
            self._case_settings = self._case_settings_there()
            self._pin_settings(each for each in self._case_settings if each not in self._folding)
        except WarehouseError:
            self.close()
            raise

    def pin(self) -> None:
        """Take from the account's and the cluster's settings whatever could change what our
        statements mean.

        To be done again after a look at something of other people's making: a view runs its
        functions as who looks, and one that sets a parameter does so in this session. A session
        that cannot be pinned is closed.
        """
        try:
            self._pin_settings(self._case_settings)
        except WarehouseError:
            self.close()
            raise

    def _pin_settings(self, case_settings: Iterable[str]) -> None:
        """Set what every session is set to, and these settings.

        In one statement: SET_CONFIG takes any parameter (Amazon Redshift Database Developer Guide,
        SET_CONFIG). Where the warehouse refuses that when it is asked first, each parameter is set
        by a SET of its own, on this connection from then on.
        """
        if not self._sets_singly:
            try:
                self._pin_together()
                self._sets_singly = False
            except WarehouseError as error:
                if self._sets_singly is not None or not _is_of_form(error):
                    raise
                self._sets_singly = True
        if self._sets_singly:
            for parameter, value in self._pinned.items():
                self.execute(f"SET {parameter} TO {value if parameter in _LISTS else literal(value)}")
        for each in case_settings:
            self.execute(f"SET {each} TO {self._case_settings[each]}")

    def _pin_together(self) -> None:
        calls = (f"{_SETTING}({literal(each)}, {literal(to)}, FALSE)" for each, to in self._pinned.items())
        self.query(f"SELECT {', '.join(calls)}")

    def _case_settings_there(self) -> dict[str, str]:
        """The settings that decide about capitals, as far as the warehouse has them.

        One that is as it should be is not set: relations with row-level security or masking
        policies cannot be queried while enable_case_sensitive_identifier is not the session's
        default (Amazon Redshift Database Developer Guide, on that parameter).
        """
        given = self._shown(_CASE_SETTINGS)
        there = {parameter: _CASE_SETTINGS[parameter] for parameter, value in given.items() if value is not None}
        self._folding = frozenset(each for each in there if given[each] == (there[each] == "on"))
        self.case_setting = next((each for each in there if each not in self._folding), "")
        return there

    def _shown(self, parameters: Iterable[str]) -> dict[str, bool | None]:
        """Whether each of these parameters is on; None where the warehouse has none of this
        name. Where it refuses CURRENT_SETTING, SHOW tells.
        """
        asked = list(parameters)
        if self._shows_singly:
            return {each: self._shown_by_show(each) for each in asked}
        calls = ", ".join(f"{_ASKING}({literal(each)})" for each in asked)
        try:
            (given,) = self.query(f"SELECT {calls}")
        except WarehouseError as error:
            if error.sqlstate != _UNKNOWN_SETTING:
                if not _is_of_form(error):
                    raise
                self._shows_singly = True
                return self._shown(asked)
            return {asked[0]: None} if len(asked) == 1 else {each: self._shown([each])[each] for each in asked}
        return {each: _is_on(value) for each, value in zip(asked, given, strict=True)}

    def _shown_by_show(self, parameter: str) -> bool | None:
        try:
            ((value,),) = self.query(f"SHOW {parameter}")
        except WarehouseError as error:
            if error.sqlstate != _UNKNOWN_SETTING:
                raise
            return None
        return _is_on(value)

    @contextmanager
    def in_time_zone(self, zone: str) -> Iterator[None]:
        """What the block sends runs in this time zone."""
        self.execute(f"SET timezone TO {literal(zone)}")
        try:
            yield
        finally:
            if self.is_open:
                self.execute(f"SET timezone TO {literal(_TIME_ZONE)}")

    def close(self) -> None:
        """Close the connection. The server rolls back what is open on it."""
        connection, self._connection = self._connection, None
        self._in_transaction = self._failed = False
        self._escapes = None
        self._sets_singly, self._shows_singly = None, False
        self._answers = {}
        if connection is not None:
            with suppress(Exception):
                connection.close()

    def beside(self, database: str) -> "Session":
        """A session of the same account in another database of the cluster. Raises
        WarehouseError.
        """
        return Session(replace(self.settings, database=database), self._watch)

    def query(self, sql: str) -> list[Row]:
        """Send one statement; its rows. Each SQL value as redshift_connector gives it (SUPER as
        JSON text).
        """
        known = self._answers.pop(sql, None)
        return self.select(sql)[1] if known is None else known

    @contextmanager
    def answering(self, answers: dict[str, list[Row]]) -> Iterator[None]:
        """Within the block, `query` answers these statements with these rows, each once, and sends
        nothing for it.
        """
        self._answers |= answers
        try:
            yield
        finally:
            for each in answers:
                self._answers.pop(each, None)

    def select(self, sql: str) -> tuple[tuple[str, ...], list[Row]]:
        """Send one statement; the names of its columns, and its rows as `query` gives them."""
        cursor = self._send(sql)
        try:
            rows = [tuple(row) for row in cursor.fetchall()] if cursor.description else []
        except Exception as error:
            raise self._failure(error) from error
        named = (each[0] for each in cursor.description or ())
        return tuple(each.decode() if isinstance(each, bytes) else str(each) for each in named), rows

    def execute(self, sql: str) -> None:
        """Send one statement that has no rows to give."""
        self._send(sql)

    @contextmanager
    def transaction(self, *, read_only: bool = False) -> Iterator[None]:
        """Send BEGIN now, COMMIT at the end of the block, and ROLLBACK where it raises. In a
        `read_only` transaction the warehouse itself refuses to write.

        A statement that failed inside the block fails the block, even where its error was caught:
        the server would answer COMMIT with a quiet rollback. Raises WarehouseError, with
        `in_commit` where the connection was lost under COMMIT.
        """
        if self._in_transaction:
            raise RuntimeError("transactions do not nest")
        self.execute("BEGIN READ ONLY" if read_only else "BEGIN")
        self._in_transaction, self._failed = True, False
        try:
            yield
            if self._failed:
                raise WarehouseError("The transaction had failed", "A statement of it failed; nothing was written.")
            self._commit()
        except BaseException:
            self._roll_back()
            raise
        finally:
            self._in_transaction = False

    def __enter__(self) -> "Session":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _commit(self) -> None:
        try:
            self.execute("COMMIT")
        except WarehouseError as error:
            if error.lost:
                raise lost_connection(self.settings.place, in_commit=True) from error
            raise

    def _roll_back(self) -> None:
        if not self.is_open:
            return
        try:
            self.execute("ROLLBACK")
        except WarehouseError:
            self.close()

    def _send(self, sql: str) -> Any:
        if self._connection is None:
            raise lost_connection(self.settings.place, "is closed")
        if "\\" in sql and not self._has_escapes(sql):
            sql = without_escapes(sql)
        self.statements += 1
        begun, failure = time.monotonic(), None
        try:
            cursor = self._connection.cursor()
            cursor.execute(sql)
        except Exception as error:
            failure = self._failure(error)
            raise failure from error
        finally:
            if self._watch is not None:
                self._watch(sql, time.monotonic() - begun, failure)
        return cursor

    def _has_escapes(self, sql: str) -> bool:
        """Whether this warehouse reads a backslash in a literal as `literal` writes it. It is asked
        before the first statement with one: a wrong guess would store other texts than were meant.
        """
        if sql == _ONE_BACKSLASH:
            return True
        if self._escapes is None:
            ((length,),) = self.query(_ONE_BACKSLASH)
            self._escapes = length == 1
        return self._escapes

    def _failure(self, error: Exception) -> WarehouseError:
        self._failed = True
        failure = self._explained(error)
        if failure.lost:
            in_transaction = self._in_transaction
            self.close()
            self._in_transaction, self._failed = in_transaction, True
        return failure

    def _explained(self, error: Exception) -> WarehouseError:
        """What the driver raised, in our words: what it says itself is about sockets and bytes."""
        fields = error.args[0] if error.args else None
        if isinstance(fields, dict):
            return from_server(fields)
        _log.debug("the driver failed: %s", type(error).__name__)
        from redshift_connector.error import InterfaceError, OperationalError

        if isinstance(error, TimeoutError):
            return lost_connection(self.settings.place, "brought no answer in time")
        if isinstance(error, (*_ENDED, InterfaceError, OperationalError)):
            return lost_connection(self.settings.place)
        return unreadable_answer(self.settings.place)
