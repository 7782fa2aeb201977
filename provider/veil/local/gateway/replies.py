"""The server's messages, adjusted to what a client of Redshift expects."""

from __future__ import annotations

import re

from veil.local.gateway import intervals, startup, wire
from veil.local.gateway.questions import QUESTIONS, Questions
from veil.local.gateway.statements import InFlight, Prepared
from veil.local.rewrite import Settings

SUPER = 4000  # Redshift's type number of SUPER
BYTEA, VARBYTE = 17, 6551  # what the server calls VARBYTE, and what Redshift's drivers know it by
_OUTSIDE_STRINGS = re.compile(rb'("(?:[^"\\]|\\.)*")|\s+')
_INTERNAL = "pg_veil"
_STAND_IN = '"pg_veil.'  # how PostgreSQL begins the name of a relation of another database


class Replies:
    """Walks over the server's messages; those that need no change are passed on in one piece."""

    def __init__(self, in_flight: InFlight, settings: Settings, questions: Questions) -> None:
        self._in_flight = in_flight
        self._settings = settings
        self._questions = questions
        self._uncommitted_ddl = False
        self._committed_ddl = False

    def adjust(self, data: bytes) -> bytes:
        """What the client gets for these whole messages of the server."""
        out: list[bytes] = []
        kept = at = 0
        size = len(data)
        self._questions.forget()
        while at < size:
            kind = data[at]
            end = at + 1 + wire.read_length(data, at + 1)
            if kind == 68:  # D, a row: nearly all messages are rows
                current = self._in_flight.current()
                adjusted = current is not None and current.is_adjusted
                replaced = self._row(data[at:end], current) if current is not None and adjusted else None
            else:
                replaced = self._adjust_one(kind, data[at:end])
            if replaced is not None:
                out += (data[kept:at], replaced)
                kept = end
            at = end
        if not out:
            return data
        out.append(data[kept:])
        return b"".join(out)

    def _adjust_one(self, kind: int, whole: bytes) -> bytes | None:
        """The message to send instead, or None to leave it as it is."""
        if kind == 67:  # C, a statement is complete
            return self._completed(whole)
        if kind in (115, 73):  # s, I: a portal is suspended, an empty query
            self._in_flight.complete()
        elif kind == 90:  # Z, ready
            self._ready(idle=whole[5:6] == b"I")
        elif kind == 84:  # T, the columns
            return self._columns(whole)
        elif kind == 116:  # t, the parameters
            return _renumbered_parameters(whole)
        elif kind == 110 and self._in_flight.described:  # n, no columns
            self._in_flight.described.popleft()
        elif kind in (69, 78):  # E, N: an error, a notice
            return self._report(kind, whole)
        elif kind == 83:  # S, a parameter's value
            return startup.parameter_status(whole)
        return None

    def take_committed_ddl(self) -> bool:
        """True once after relations may have changed for good."""
        taken, self._committed_ddl = self._committed_ddl, False
        return taken

    def _ready(self, *, idle: bool) -> None:
        self._in_flight.ready()
        self._settings.ready(in_transaction=not idle)
        if idle and self._uncommitted_ddl:
            self._uncommitted_ddl = False
            self._committed_ddl = True

    def _completed(self, whole: bytes) -> bytes | None:
        done = self._in_flight.complete()
        if whole[5:13] == b"ROLLBACK":
            self._settings.rolled_back()
        if done is None:
            return None
        self._uncommitted_ddl |= done.rewritten.defines
        if done.rewritten.setting is not None:
            self._settings.assign(*done.rewritten.setting)
        return wire.message(b"C", wire.text(done.rewritten.tag)) if done.rewritten.tag else None

    def _columns(self, whole: bytes) -> bytes | None:
        described = self._in_flight.described
        statement = described.popleft() if described else self._in_flight.current()
        return _note_columns(whole, statement) if statement is not None else None

    def _row(self, whole: bytes, statement: Prepared) -> bytes:
        """A row as Redshift writes it: no blanks between the tokens of a SUPER, VARBYTE in
        hexadecimal digits, intervals as what Redshift counts them in.
        """
        at = 7
        out = [whole[5:7]]
        for position in range(wire.read_word(whole, 5)):
            value, at = wire.read_value(whole, at)
            if value is None:
                pass
            elif position in statement.super_columns and value[:1] in (b"{", b"["):
                value = _OUTSIDE_STRINGS.sub(rb"\1", value)
            elif position in statement.byte_columns and statement.is_text(position):
                value = value[2:]
            elif position in statement.interval_columns and not statement.is_text(position):
                value = intervals.from_server(value, statement.interval_columns[position])
            out.append(wire.value(value))
        return wire.message(b"D", b"".join(out))

    def _report(self, kind: int, whole: bytes) -> bytes | None:
        """An error or notice without what only concerns our internals, nor a position in text the
        client did not send.
        """
        fields = wire.error_fields(whole[5:])
        if fields.get("C") in QUESTIONS:
            self._questions.answer(fields["C"], fields.get("M", ""))
            return b""
        internal = _INTERNAL in fields.get("W", "") or _STAND_IN in fields.get("M", "")
        current = self._in_flight.current()
        moved = "P" in fields and current is not None and current.rewritten.changed
        if not internal and not moved and fields.get("M") != "cannot accept a value of type pg_node_tree":
            return None
        fields["M"] = fields.get("M", "").replace(_STAND_IN, '"')
        if internal and fields.get("C") == "2D000" and current is not None:  # the COMMIT of external DDL
            fields |= {"C": "25001", "M": f"{current.rewritten.tag} cannot run inside a transaction block"}
        if fields["M"] == "cannot accept a value of type pg_node_tree":
            fields["M"] = "a text cannot be read as SUPER here"
            fields["H"] = "Wrap JSON text in JSON_PARSE(...)."
        kept = {name: value for name, value in fields.items() if name not in "PpqWFLR"}
        return wire.fields_message(bytes([kind]), kept)


def _note_columns(whole: bytes, statement: Prepared) -> bytes | None:
    """Remembers which columns of a row description are SUPER, VARBYTE or intervals; gives the
    description that Redshift would send.
    """
    supers: list[int] = []
    bytes_: list[int] = []
    of_intervals: dict[int, int] = {}
    renumbered = bytearray(whole)
    at = 7
    for position in range(wire.read_word(whole, 5)):
        at = whole.index(0, at) + 1
        kind = wire.read_length(whole, at + 6)
        if kind == SUPER:
            supers.append(position)
        elif kind == BYTEA:
            bytes_.append(position)
            renumbered[at + 6 : at + 10] = VARBYTE.to_bytes(4, "big")
        elif kind == intervals.INTERVAL:
            shown = intervals.redshift_type(wire.read_signed(whole, at + 12))
            if shown in intervals.SIZES:
                of_intervals[position] = shown
                renumbered[at + 6 : at + 12] = shown.to_bytes(4, "big") + intervals.SIZES[shown].to_bytes(2, "big")
        at += 18
    statement.super_columns, statement.byte_columns = tuple(supers), tuple(bytes_)
    statement.interval_columns = of_intervals
    return bytes(renumbered) if bytes_ or of_intervals else None


def _renumbered_parameters(whole: bytes) -> bytes | None:
    """The description of parameters that Redshift would send, where one is VARBYTE."""
    renumbered = bytearray(whole)
    for at in range(7, 7 + 4 * wire.read_word(whole, 5), 4):
        if wire.read_length(whole, at) == BYTEA:
            renumbered[at : at + 4] = VARBYTE.to_bytes(4, "big")
    return bytes(renumbered) if renumbered != whole else None
