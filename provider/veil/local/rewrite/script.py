"""Rewrites what a client sent: one statement, or several with semicolons between them."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from veil.local.refusals import BACKSLASHES
from veil.local.rewrite import calls, refusals, reserved
from veil.local.rewrite.dispatch import statement
from veil.local.rewrite.edits import Sql
from veil.local.rewrite.errors import RefusalError
from veil.local.rewrite.lexer import Token, lex, separated
from veil.local.rewrite.result import Rewritten, refused
from veil.local.rewrite.settings import Scope, Settings

RULES = reserved.RULES | refusals.RULES | calls.RULES
LONGEST_CACHED = 65_536  # characters
LONGEST_STATEMENT = 16_000_000  # bytes ("SQL commands", c_SQL_commands: 16 MB)
_ANY = "\0"
"""A name that no database has."""
_BLOCKS = {"begin": True, "start": True, "commit": False, "end": False, "rollback": False, "abort": False}
"""Whether a transaction block is open after a statement that begins so."""

_WITHOUT_ESCAPES = re.compile(
    r"""(?<![\w$])[eE]'(?:[^'\\]|''|\\.)*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n\r]*|/\*.*?\*/""", re.DOTALL
)
"""A literal that is written with E, one that is not, a quoted name, a comment."""


class Rewriter:
    """Rewrites scripts. One serves all connections; it remembers recent texts."""

    def __init__(
        self,
        remembered: int = 1024,
        *,
        cross_database: bool = True,
        signing_key: bytes = b"",
        refused: frozenset[str] = frozenset(),
    ) -> None:
        """`cross_database`: whether a query may name relations of other databases. `signing_key`:
        what the server has. `refused`: names of refusals.REFUSALS.
        """
        self._refused = refused
        self._cached = lru_cache(maxsize=remembered)(rewrite)
        self._cross_database = cross_database
        self._signing_key = signing_key

    def script(self, text: str, settings: Settings) -> tuple[Rewritten, ...]:
        """The statements of a text, rewritten; never empty. A text in which nothing changes comes
        back as it is.
        """
        scope = replace(settings.scope, signing_key=self._signing_key, refused=self._refused)
        if not self._cross_database:
            scope = replace(scope, database="")
        elif scope.database.lower() not in text.lower():
            # All that a database's name decides is whether a name with three parts begins with it. So a text without
            # it means the same in all databases, and is rewritten once for them.
            scope = replace(scope, database=_ANY)
        if BACKSLASHES in self._refused:
            text = _without_escapes(text)
        return (self._cached if len(text) <= LONGEST_CACHED else rewrite)(text, scope)


def rewrite(text: str, scope: Scope) -> tuple[Rewritten, ...]:
    """The statements of a text, rewritten for a session of this scope. A refused one raises its
    error when run.
    """
    if len(text) > LONGEST_STATEMENT // 4 and len(text.encode("utf-8", "surrogateescape")) > LONGEST_STATEMENT:
        return (refused(RefusalError("54001", "the statement is too long: Amazon Redshift takes 16 MB at most")),)
    try:
        tokens = lex(text)
        apart = separated(text, tokens)
        if apart is not text:
            text, tokens = apart, lex(apart)
    except RefusalError as refusal:
        return (refused(refusal),)
    settings = Settings()
    settings.assign("enable_case_sensitive_identifier", "true" if scope.case_sensitive else "false")
    results: list[Rewritten] = []
    for start, end in _statements(tokens):
        one = _statement(text, tokens[start:end], replace(scope, case_sensitive=settings.case_sensitive))
        scope = replace(scope, in_block=_BLOCKS.get(tokens[start].word, scope.in_block))
        if one.setting is not None:
            settings.assign(*one.setting)
        results.append(one)
    if len(results) > 1:
        return tuple(results)
    if not results or results[0].sql == text[tokens[0].start : tokens[_last(tokens)].end]:
        rewritten = results[0] if results else Rewritten(text)
        return (replace(rewritten, sql=text, changed=False),)
    return (results[0],)


def _without_escapes(text: str) -> str:
    """The text as a server would have to be sent it for which a backslash in a literal is a
    character like any other. What a body between dollars holds is read so, too.
    """
    return _WITHOUT_ESCAPES.sub(
        lambda match: match[0].replace("\\", "\\\\") if match[0].startswith("'") else match[0], text
    )


def _last(tokens: list[Token]) -> int:
    """The last token that is not a semicolon at the end."""
    at = len(tokens) - 1
    while at > 0 and tokens[at].word == ";":
        at -= 1
    return at


def _statements(tokens: list[Token]) -> list[tuple[int, int]]:
    """The ranges of tokens between semicolons, without empty ones."""
    edges = [-1, *(at for at, token in enumerate(tokens) if token.word == ";"), len(tokens)]
    return [(before + 1, after) for before, after in pairwise(edges) if after > before + 1]


def _statement(text: str, tokens: list[Token], scope: Scope) -> Rewritten:
    sql = Sql(text, tokens, scope, RULES)
    try:
        reserved.check_qualifiers(sql)
        rewritten = statement(sql, 0, len(tokens))
        return replace(rewritten, foreign=frozenset(sql.foreign)) if sql.foreign else rewritten
    except RefusalError as refusal:
        return refused(refusal)
    except IndexError:
        return refused(RefusalError("42601", "syntax error at end of input"))
