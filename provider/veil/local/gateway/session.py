"""One client's connection: its statements are rewritten on the way in, the replies adjusted on the
way out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from veil.local.faults import CONFLICT, DISCONNECT, SERIALIZATION, Faults
from veil.local.foreign import Foreign
from veil.local.gateway import intervals, wire
from veil.local.gateway.pipeline import Work
from veil.local.gateway.questions import Questions
from veil.local.gateway.replies import Replies
from veil.local.gateway.statement_log import Record, record_nothing
from veil.local.gateway.statements import SYNC, InFlight, Prepared
from veil.local.rewrite import Rewriter, Rewritten, Settings
from veil.local.rewrite.errors import RefusalError
from veil.local.rewrite.foreign import Relation
from veil.local.rewrite.result import refused


@dataclass
class Session:
    """The state of one connection after its startup. Bytes in, bytes out; the sockets are somebody
    else's.
    """

    rewriter: Rewriter
    answers: Path  # the folder where the server looks for answers
    foreign: Foreign
    record: Record = record_nothing
    faults: Faults | None = None
    settings: Settings = field(default_factory=Settings)
    in_flight: InFlight = field(default_factory=InFlight)

    def __post_init__(self) -> None:
        self._statements: dict[str, Prepared] = {}
        self._portals: dict[str, Prepared] = {}
        questions = Questions(self.answers, self.rewriter, self.settings, self.foreign)
        self._replies = Replies(self.in_flight, self.settings, questions)
        self._named: set[Relation] = set()
        self._about_databases = False  # whether a statement that makes, changes or drops one is on its way
        self._databases_changed = False
        self._delay = 0.0  # seconds that what goes to the server next waits
        self.cut = False  # whether the connection is to break now
        self._handlers: dict[int, Callable[[bytes], bytes]] = {
            ord("Q"): self._query,
            ord("P"): self._parse,
            ord("B"): self._bind,
            ord("D"): self._describe,
            ord("E"): self._execute,
            ord("C"): self._close,
            ord("S"): self._sync,
        }

    def from_client(self, data: bytes) -> bytes:
        """What goes to the server for these whole messages of the client."""
        out: list[bytes] = []
        at = 0
        while at < len(data):
            end = at + 1 + wire.read_length(data, at + 1)
            handler = self._handlers.get(data[at])
            whole = data[at:end]
            out.append(handler(whole) if handler else whole)
            at = end
        return b"".join(out)

    def from_server(self, data: bytes) -> bytes:
        """What goes to the client for these whole messages of the server."""
        return self._replies.adjust(data)

    def before_sending(self) -> Work | None:
        """What has to be done before what `from_client` gave last may go to the server."""
        if self._delay:
            return self._after_a_while()
        return self._preparation()

    async def _after_a_while(self) -> None:
        delay, self._delay = self._delay, 0.0
        work = self._preparation()
        await asyncio.sleep(delay)
        if work is not None:
            await work

    def _preparation(self) -> Work | None:
        if self._about_databases:
            self._about_databases, self._databases_changed = False, True
            return self.foreign.before_database_ddl()
        if not self._named:
            return None
        named, self._named = self._named, set()
        return self.foreign.before_statement(self.settings.database, named)

    def before_returning(self) -> Work | None:
        """What has to be done before what `from_server` gave last may go to the client."""
        if not self._replies.take_committed_ddl():
            return None
        changed, self._databases_changed = self._databases_changed, False
        return self.foreign.after_ddl(self.settings.database, databases_changed=changed)

    def _rewritten(self, sql: str) -> tuple[Rewritten, ...]:
        self.record(sql)
        self.settings.external = self.foreign.external_schemas(self.settings.database)
        statements = self.rewriter.script(sql, self.settings)
        for one in statements:
            self._named |= one.foreign
            self._about_databases |= one.is_about_databases
        return statements

    def _met(self, statement: Rewritten) -> Rewritten:
        """The statement, or what becomes of it where it meets a fault."""
        if self.faults is None:
            return statement
        self._delay += self.faults.delay
        fault = self.faults.next(statement.sql, in_block=self.settings.scope.in_block)
        self.cut |= fault == DISCONNECT
        return refused(RefusalError(*CONFLICT)) if fault == SERIALIZATION else statement

    def _query(self, whole: bytes) -> bytes:
        sql, _ = wire.read_text(whole, 5)
        statements = tuple(map(self._met, self._rewritten(sql)))
        self.in_flight.waiting.extend(Prepared(one) for one in statements)
        self.in_flight.waiting.append(SYNC)
        if len(statements) == 1 and statements[0].sql is sql:
            return whole
        return wire.message(b"Q", wire.text(";".join(one.sql for one in statements)))

    def _parse(self, whole: bytes) -> bytes:
        name, at = wire.read_text(whole, 5)
        sql, rest = wire.read_text(whole, at)
        statements = self._rewritten(sql)
        types, of_intervals = intervals.parsed(whole, rest)
        self._statements[name] = Prepared(statements[0], interval_parameters=of_intervals)
        if len(statements) == 1 and statements[0].sql is sql and not of_intervals:
            return whole
        # Several statements go on as they are, for PostgreSQL to refuse.
        rewritten = ";".join(one.sql for one in statements)
        return wire.message(b"P", wire.text(name) + wire.text(rewritten) + types)

    def _bind(self, whole: bytes) -> bytes:
        portal, at = wire.read_text(whole, 5)
        name, _ = wire.read_text(whole, at)
        known = self._statements.get(name)
        if known is None:
            return whole
        self._portals[portal] = known
        bind = wire.read_bind(whole)
        known.formats = bind.column_formats
        met = self._met(known.rewritten)
        if met is known.rewritten:
            return intervals.bound(whole, bind, known.interval_parameters) if known.interval_parameters else whole
        self._portals[portal] = Prepared(met)
        parse = wire.message(b"P", wire.text("") + wire.text(met.sql) + b"\0\0")
        return parse + wire.message(b"B", wire.text(portal) + wire.text("") + b"\0\0" * 3)

    def _describe(self, whole: bytes) -> bytes:
        name, _ = wire.read_text(whole, 6)
        known = (self._statements if whole[5:6] == b"S" else self._portals).get(name)
        if known is not None:
            self.in_flight.described.append(known)
        return whole

    def _execute(self, whole: bytes) -> bytes:
        portal, _ = wire.read_text(whole, 5)
        if portal in self._portals:
            self.in_flight.waiting.append(self._portals[portal])
        return whole

    def _close(self, whole: bytes) -> bytes:
        name, _ = wire.read_text(whole, 6)
        (self._statements if whole[5:6] == b"S" else self._portals).pop(name, None)
        return whole

    def _sync(self, whole: bytes) -> bytes:
        self.in_flight.waiting.append(SYNC)
        return whole
