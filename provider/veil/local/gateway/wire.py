"""The frames of PostgreSQL's protocol 3.0: reading and writing them as bytes.

Source: PostgreSQL documentation, "Frontend/Backend Protocol", message formats.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

PROTOCOL_3 = 196608
SSL_REQUEST = 80877103
GSS_REQUEST = 80877104
CANCEL_REQUEST = 80877102

_NULL = 0xFFFFFFFF  # the length of a value that is NULL

_LENGTH = struct.Struct(">I")
_SIGNED = struct.Struct(">i")
_WORD = struct.Struct(">H")


def message(kind: bytes, body: bytes) -> bytes:
    """A whole message: its kind, its length (which counts itself), its body."""
    return kind + _LENGTH.pack(len(body) + 4) + body


def startup_message(parameters: dict[str, str]) -> bytes:
    """The first message of a client."""
    pairs = b"".join(text(name) + text(value) for name, value in parameters.items())
    body = _LENGTH.pack(PROTOCOL_3) + pairs + b"\0"
    return _LENGTH.pack(len(body) + 4) + body


def text(value: str) -> bytes:
    """A string as the protocol has it: its bytes and a zero."""
    return value.encode() + b"\0"


def error(code: str, message_text: str, *, severity: str = "ERROR", hint: str = "") -> bytes:
    """An ErrorResponse."""
    fields = {"S": severity, "V": severity, "C": code, "M": message_text, "H": hint}
    return message(b"E", b"".join(name.encode() + text(value) for name, value in fields.items() if value) + b"\0")


def read_text(data: bytes, at: int) -> tuple[str, int]:
    """The string that starts at `at`, and where the next thing starts.

    Raises:
        ValueError: the string has no end.
    """
    end = data.index(0, at)
    return data[at:end].decode("utf-8", "surrogateescape"), end + 1


def read_length(data: bytes | bytearray | memoryview, at: int) -> int:
    """The 32-bit number at `at`."""
    value: int = _LENGTH.unpack_from(data, at)[0]
    return value


def read_signed(data: bytes | bytearray | memoryview, at: int) -> int:
    """The signed 32-bit number at `at`."""
    value: int = _SIGNED.unpack_from(data, at)[0]
    return value


def read_word(data: bytes, at: int) -> int:
    """The 16-bit number at `at`."""
    value: int = _WORD.unpack_from(data, at)[0]
    return value


def value(data: bytes | None) -> bytes:
    """A value of a row or of a parameter: its length and its bytes; None is NULL."""
    return _LENGTH.pack(_NULL) if data is None else _LENGTH.pack(len(data)) + data


def read_value(data: bytes, at: int) -> tuple[bytes | None, int]:
    """The value that starts at `at`, None where it is NULL, and where the next thing starts."""
    length, at = read_length(data, at), at + 4
    return (None, at) if length == _NULL else (data[at : at + length], at + length)


@dataclass(frozen=True)
class Bound:
    """What a Bind message says: the parameters' values with their formats, where these values begin
    and end in the message, and the formats that the columns are to have. A format is 0 for text and
    1 for binary.
    """

    formats: tuple[int, ...]
    values: tuple[bytes | None, ...]
    begin: int
    end: int
    column_formats: tuple[int, ...]


def read_bind(bind: bytes) -> Bound:
    """What a whole Bind message says.

    Raises:
        ValueError: it is malformed.
    """
    _, at = read_text(bind, 5)
    _, at = read_text(bind, at)
    formats, at = _words(bind, at)
    count, begin = read_word(bind, at), at + 2
    values: list[bytes | None] = []
    at = begin
    for _ in range(count):
        one, at = read_value(bind, at)
        values.append(one)
    return Bound(formats, tuple(values), begin, at, _words(bind, at)[0])


def format_of(formats: tuple[int, ...], number: int) -> int:
    """The format of one of several things: where one format is given it is that of all, and text
    where there is none.
    """
    if len(formats) == 1:
        return formats[0]
    return formats[number] if number < len(formats) else 0


def _words(data: bytes, at: int) -> tuple[tuple[int, ...], int]:
    count = read_word(data, at)
    return struct.unpack_from(f">{count}H", data, at + 2), at + 2 + 2 * count


def startup_parameters(body: bytes) -> dict[str, str]:
    """The names and values of a startup message, given what follows its protocol number.

    Raises:
        ValueError: it is malformed.
    """
    parameters: dict[str, str] = {}
    at = 0
    while at < len(body) and body[at] != 0:
        name, at = read_text(body, at)
        parameters[name], at = read_text(body, at)
    return parameters


def error_fields(body: bytes) -> dict[str, str]:
    """The fields of an ErrorResponse or NoticeResponse by their one-letter names."""
    fields: dict[str, str] = {}
    at = 0
    while at < len(body) and body[at] != 0:
        name = chr(body[at])
        fields[name], at = read_text(body, at + 1)
    return fields


def fields_message(kind: bytes, fields: dict[str, str]) -> bytes:
    """An ErrorResponse or NoticeResponse with these fields."""
    return message(
        kind,
        b"".join(name.encode() + value.encode("utf-8", "surrogateescape") + b"\0" for name, value in fields.items())
        + b"\0",
    )


class Frames:
    """Cuts a stream of bytes into whole messages."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self._needed = 5  # bytes that the rest must have before another look at it is worthwhile

    def feed(self, data: bytes) -> bytes:
        """Takes what came in; gives the whole messages that are there now, in one piece, and keeps
        the rest.
        """
        if self._rest:
            self._rest += data
            if len(self._rest) < self._needed:
                return b""
            data = bytes(self._rest)
            self._rest.clear()
        end, size = 0, len(data)
        while end + 5 <= size:
            after = end + 1 + _LENGTH.unpack_from(data, end + 1)[0]
            if after > size:
                break
            end = after
        if end == size:
            return data
        self._rest += data[end:]
        self._needed = 5 if size - end < 5 else 1 + _LENGTH.unpack_from(data, end + 1)[0]
        return data[:end]
