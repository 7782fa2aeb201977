"""Edits of a statement's text by token: everything that no rule touches stays as it was written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from veil.local.rewrite.errors import RefusalError
from veil.local.rewrite.foreign import Relation
from veil.local.rewrite.lexer import Kind, Token, quote_name
from veil.local.rewrite.settings import Scope

LONGEST_NAME = 63  # bytes; PostgreSQL would cut a longer one, Redshift takes 127

INTERNAL_SCHEMAS = frozenset({"pg_veil", "pg_veil_private"})

_HAS_WORD = (Kind.WORD, Kind.SYMBOL)
OPENING = {"(": ")", "[": "]"}


@dataclass
class Sql:
    """A statement being rewritten: its text, its tokens, and what is already decided about some of
    them.
    """

    text: str
    tokens: list[Token]
    scope: Scope
    rules: Mapping[str, Callable[[Sql, int], tuple[str, int] | None]]
    edits: dict[int, tuple[str, int]] = field(default_factory=dict)  # token -> (its replacement, the next token)
    as_written: set[int] = field(default_factory=set)  # quoted names that keep their case
    insertions: dict[int, str] = field(default_factory=dict)  # token -> what goes in before it, once
    foreign: set[Relation] = field(default_factory=set)  # the relations of other databases that it names

    def __post_init__(self) -> None:
        self._closing: dict[int, int] | None = None
        self._words = [token.word if token.kind in _HAS_WORD else "" for token in self.tokens]

    def word(self, at: int) -> str:
        """The word or symbol at a position in lower case; empty past the end, or for strings and
        quoted names.
        """
        return self._words[at] if 0 <= at < len(self._words) else ""

    def words(self, at: int, count: int) -> tuple[str, ...]:
        """`count` words from a position."""
        return tuple(self.word(at + offset) for offset in range(count))

    def is_name(self, at: int) -> bool:
        """True if there is an identifier (or keyword) at the position."""
        return 0 <= at < len(self.tokens) and self.tokens[at].kind in (Kind.WORD, Kind.QUOTED)

    def name(self, at: int) -> str:
        """The identifier at the position, folded as the session folds."""
        token = self.tokens[at]
        if token.kind is Kind.QUOTED and not self.scope.case_sensitive and at not in self.as_written:
            return fold(token.word)
        return token.word

    def closing(self, at: int) -> int:
        """The token that closes the bracket at `at`.

        Raises:
            RefusalError: nothing closes it.
        """
        if self._closing is None:
            self._closing = self._match_brackets()
        if at not in self._closing:
            raise RefusalError("42601", f'syntax error: "{self.word(at)}" is not closed')
        return self._closing[at]

    def arguments(self, at: int) -> list[tuple[int, int]]:
        """The ranges of tokens between the commas of the bracket at `at`; none for an empty
        bracket.
        """
        end = self.closing(at)
        if end == at + 1:
            return []
        ranges: list[tuple[int, int]] = []
        start = k = at + 1
        while k < end:
            if self.word(k) in OPENING:
                k = self.closing(k)
            elif self.word(k) == ",":
                ranges.append((start, k))
                start = k + 1
            k += 1
        ranges.append((start, end))
        return ranges

    def raw(self, start: int, end: int) -> str:
        """The text of a range of tokens as it was written."""
        return self.text[self.tokens[start].start : self.tokens[end - 1].end] if start < end else ""

    def render(self, start: int, end: int) -> str:
        """The rewritten text of a range of tokens."""
        if start >= end:
            return ""
        out: list[str] = []
        done = self.tokens[start].start
        at = start
        while at < end:
            if at in self.insertions:
                out += (self.text[done : self.tokens[at - 1].end], self.insertions.pop(at))
                done = self.tokens[at - 1].end
            edit = self.edits.get(at) or self._edit(at)
            if edit is None:
                at += 1
                continue
            replacement, following = edit
            out += (self.text[done : self.tokens[at].start], replacement)
            done = self.tokens[following - 1].end
            at = following
        out += (self.text[done : self.tokens[end - 1].end], self.insertions.pop(end, ""))
        return "".join(out)

    def replace(self, start: int, end: int, replacement: str) -> None:
        """Decides on the text of a range of tokens."""
        self.edits[start] = (replacement, end)

    def remove(self, start: int, end: int) -> None:
        """Takes a range of tokens out."""
        self.edits[start] = ("", end)

    def _edit(self, at: int) -> tuple[str, int] | None:
        token = self.tokens[at]
        if token.kind is Kind.WORD:
            rule = self.rules.get(token.word)
            if rule is not None and (edit := rule(self, at)) is not None:
                return edit
            if len(token.word) > LONGEST_NAME // 4:
                check_name(token.word)
            return (quote_name(token.word), at + 1) if token.word[0] == "#" else None
        if token.kind is Kind.QUOTED:
            name = self.name(at)
            check_name(name)
            return (quote_name(name), at + 1) if name != token.word else None
        return None

    def end_of_query(self, at: int) -> int:
        """Where the SELECT that `at` is in ends: a closing bracket, a set operation or the end of
        the statement.
        """
        while at < len(self.tokens):
            if self.word(at) in (")", ";", "union", "intersect", "except", "minus", "loop"):
                return at
            if self.words(at, 4) == ("with", "no", "schema", "binding"):
                return at
            at = self.closing(at) + 1 if self.word(at) in OPENING else at + 1
        return at

    def _match_brackets(self) -> dict[int, int]:
        pairs: dict[int, int] = {}
        stack: list[int] = []
        for at, token in enumerate(self.tokens):
            if token.kind is not Kind.SYMBOL:
                continue
            if token.word in OPENING:
                stack.append(at)
            elif stack and OPENING[self.tokens[stack[-1]].word] == token.word:
                pairs[stack.pop()] = at
        return pairs


def fold(name: str) -> str:
    """An identifier as Redshift keeps it by default: its ASCII letters in lower case."""
    return name if name.islower() else "".join(letter.lower() if "A" <= letter <= "Z" else letter for letter in name)


def check_name(name: str) -> None:
    """Refuses an identifier that PostgreSQL would cut, and the schema of the engine's own workings.

    Raises:
        RefusalError: it has more than 63 bytes, or is `pg_veil`.
    """
    size = len(name.encode("utf-8", "surrogateescape"))
    if size > LONGEST_NAME:
        raise RefusalError(
            "42622",
            f'identifier "{name[:40]}..." has {size} bytes; the local engine takes {LONGEST_NAME}',
            "A Redshift cluster takes 127 bytes. Use a shorter name to try this locally.",
        )
    if name in INTERNAL_SCHEMAS:
        raise RefusalError("42501", f"permission denied for schema {name}")
