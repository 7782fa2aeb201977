"""Whether a statement has a form that Redshift documents: the patterns of `grammar.json`, matched
against tokens.

In a pattern capital words are keywords, `[ ]` is optional, `{ a | b }` a choice, `[, ...]` a list
of what stands before it, and small words stand for names, types and whatever else the statement
says there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from tests.surface import load_list

_TOKEN = re.compile(
    r"""--[^\n]*|/\*.*?\*/|\$\$.*?\$\$|'(?:''|\\.|[^'\\])*'|"(?:""|[^"])*"|[A-Za-z_][\w$]*|\d+(?:\.\d+)?|::|<>|<=|>=|\|\||\S""",
    re.S,
)
_PATTERN = re.compile(r"\[\s*,\s*\.\.\.\s*\]|\[\s*\.\.\.\s*\]|\$\$\s*[^$]*\$\$|'[^']*'|[A-Za-z_]\w*|\S")
_NAMES = frozenset(
    {
        "name", "table", "schema", "db", "column", "user", "username", "group", "role", "owner", "new", "new_owner", "f",
        "p", "argname", "c", "parameter", "variable", "procedure", "library", "language", "o", "t",
    }
)  # fmt: skip
_MANY = frozenset(
    {"query", "argument", "body", "value", "expr", "schema_element", "clause", "level", "abstime", "permission"}
)


def tokens(statement: str) -> list[str]:
    """The tokens of a statement without comments; keywords and plain names in capitals, all else as
    written.
    """
    found = [text for text in _TOKEN.findall(statement) if not text.startswith(("--", "/*"))]
    return [text.upper() if re.match(r"[A-Za-z_]", text) else text for text in found]


@dataclass(frozen=True)
class Keyword:
    word: str


@dataclass(frozen=True)
class Anything:
    """What a small word stands for."""

    word: str


@dataclass(frozen=True)
class Sequenced:
    parts: tuple[Pattern, ...]


@dataclass(frozen=True)
class Choice:
    options: tuple[Pattern, ...]


@dataclass(frozen=True)
class Optional:
    part: Pattern


@dataclass(frozen=True)
class Repeated:
    """One or more, with a comma between them, or with nothing."""

    part: Pattern
    separator: str = ","


Pattern = Keyword | Anything | Sequenced | Choice | Optional | Repeated


def has_documented_form(statement: str) -> bool:
    """Whether some documented form of the statement's kind matches all of it."""
    found = tokens(statement)
    while found and found[-1] == ";":
        found.pop()
    return any(end == len(found) for form in _forms() if _begins_alike(form, found) for end in _match(form, found, 0))


def has_known_kind(statement: str) -> bool:
    """Whether any form of the statement's first words is documented in `grammar.json`."""
    found = tokens(statement)
    return any(_begins_alike(form, found) for form in _forms())


@cache
def _forms() -> tuple[Pattern, ...]:
    return tuple(parse(entry["form"]) for entry in load_list("grammar") if not entry["form"].startswith("listed"))


def _begins_alike(form: Pattern, found: Sequence[str]) -> bool:
    first = form.parts[0] if isinstance(form, Sequenced) else form
    return bool(found) and (not isinstance(first, Keyword) or first.word == found[0])


def parse(form: str) -> Pattern:
    """A pattern from its text."""
    pattern, rest = _sequence(_PATTERN.findall(form), 0, "")
    assert rest >= 0
    return pattern


def _sequence(words: list[str], at: int, closing: str) -> tuple[Pattern, int]:
    """Parts up to the closing bracket. Outside of brackets `|` is between its two neighbours
    alone.
    """
    options: list[list[Pattern]] = [[]]
    while at < len(words) and words[at] != closing:
        word = words[at]
        parts = options[-1]
        if word == "|":
            if closing:
                options.append([])
            else:
                following, at = _part(words, at + 1)
                parts.append(Choice((parts.pop(), following)))
                continue
        elif re.fullmatch(r"\[\s*,?\s*\.\.\.\s*\]", word):
            separator = "," if "," in word else ""
            whole = Repeated(Sequenced(tuple(parts)), separator)
            last = Repeated(parts[-1], separator)
            options[-1] = [Choice((Sequenced((*parts[:-1], last)), whole))]
        else:
            part, at = _part(words, at)
            parts.append(part)
            continue
        at += 1
    found = [Sequenced(tuple(parts)) for parts in options]
    return (found[0] if len(found) == 1 else Choice(tuple(found))), at + 1


def _part(words: list[str], at: int) -> tuple[Pattern, int]:
    word = words[at]
    if word == "[":
        inner, at = _sequence(words, at + 1, "]")
        return Optional(inner), at
    if word == "{":
        return _sequence(words, at + 1, "}")
    if word == "(":
        inner, at = _sequence(words, at + 1, ")")
        return Sequenced((Keyword("("), inner, Keyword(")"))), at
    if word.startswith("$$"):
        return Anything("$$"), at + 1
    if word.startswith("'"):
        return Anything("'text'"), at + 1
    if re.match(r"[a-z]", word):
        return Anything(word), at + 1
    return Keyword(word), at + 1


def _match(pattern: Pattern, found: Sequence[str], at: int) -> Iterator[int]:
    """Every position where a match that begins here may end."""
    match pattern:
        case Keyword(word=word):
            if at < len(found) and found[at] == word:
                yield at + 1
        case Anything(word=word):
            yield from _anything(word, found, at)
        case Sequenced(parts=parts):
            yield from _all(parts, found, at)
        case Choice(options=options):
            for option in options:
                yield from _match(option, found, at)
        case Optional(part=part):
            yield from _match(part, found, at)
            yield at
        case Repeated(part=part, separator=separator):
            for end in _match(part, found, at):
                if not separator and end > at:
                    yield from _match(pattern, found, end)
                elif end < len(found) and found[end] == separator:
                    yield from _match(pattern, found, end + 1)
                yield end


def _all(parts: Sequence[Pattern], found: Sequence[str], at: int) -> Iterator[int]:
    if not parts:
        yield at
        return
    for end in _match(parts[0], found, at):
        yield from _all(parts[1:], found, end)


def _anything(word: str, found: Sequence[str], at: int) -> Iterator[int]:
    if at >= len(found):
        return
    text = found[at]
    if word in ("$$", "'text'"):
        if text.startswith("$$" if word == "$$" else "'"):
            yield at + 1
    elif word == "plpgsql":
        if text == "PLPGSQL":
            yield at + 1
    elif word in _NAMES:
        if word != "username" or text != "PUBLIC":
            yield from _dotted(found, at)
    elif "type" in word:
        yield from _type(found, at)
    elif word in _MANY:
        yield from range(len(found), at, -1)
    else:
        yield at + 1


def _is_name(text: str) -> bool:
    return text[0] in '"_' or text[0].isalpha()


def _dotted(found: Sequence[str], at: int) -> Iterator[int]:
    if not _is_name(found[at]):
        return
    yield at + 1
    if at + 2 < len(found) and found[at + 1] == ".":
        yield from _dotted(found, at + 2)


_OF_SEVERAL_WORDS = (
    ("DOUBLE", "PRECISION"),
    ("CHARACTER", "VARYING"),
    ("BINARY", "VARYING"),
    *((kind, zone, "TIME", "ZONE") for kind in ("TIME", "TIMESTAMP") for zone in ("WITH", "WITHOUT")),
)
"""Source: "Data types"."""


def _type(found: Sequence[str], at: int) -> Iterator[int]:
    """`VARCHAR(20)`, `DOUBLE PRECISION`, `NUMERIC(8, 2)`, `TIMESTAMP WITHOUT TIME ZONE`."""
    if not _is_name(found[at]):
        return
    words = next((each for each in _OF_SEVERAL_WORDS if tuple(found[at : at + len(each)]) == each), ("",))
    end = at + len(words)
    yield end
    if end < len(found) and found[end] == "(" and ")" in found[end:]:
        yield list(found).index(")", end) + 1
