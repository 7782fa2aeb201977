"""What a statement leaves to the search_path: functions, relations and types without their schema.

It reads tokens, not trees, so that it reads what parsers do not look into: bodies of procedures,
CALL, LOCK, GRANT.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

GRAMMAR = frozenset(
    (
        "CASE", "CAST", "COALESCE", "DATEADD", "DATEDIFF", "EXTRACT", "GREATEST", "LEAST", "NULLIF",
        "AND", "ANY", "AS", "BETWEEN", "BY", "DISTINCT", "ELSE", "EXISTS", "FROM", "HAVING", "IF", "IN", "IS", "JOIN", "KEY", "NOT",
        "ON", "OR", "OVER", "SELECT", "SORTKEY", "THEN", "VALUES", "WHEN", "WHERE",
    )
)  # fmt: skip
"""What stands before a bracket and is no name that is looked up. DATEADD and DATEDIFF take a
keyword as their first argument, so the grammar reads them.
"""

TYPES = frozenset(
    (
        "BIGINT", "BOOLEAN", "CHAR", "CHARACTER", "DATE", "DECIMAL", "DOUBLE", "INTEGER", "NUMERIC", "REAL", "SMALLINT", "SUPER",
        "TIMESTAMP", "TIMESTAMPTZ", "TIMETZ", "VARCHAR",
    )
)  # fmt: skip
"""Redshift's own types. Nobody makes others there, and none has a schema in its documentation."""

_TOKEN = re.compile(
    r"""(?P<skipped>\s+|--[^\n]*|/\*.*?\*/)|(?P<string>'(?:[^'\\]|\\.|'')*')|(?P<body>\$(\w*)\$.*?\$\4\$)"""
    r"""|(?P<quoted>"(?:[^"]|"")*")|(?P<word>[A-Za-z_]\w*)|(?P<other>::|.)""",
    re.DOTALL,
)
_RELATION_FOLLOWS = frozenset(("FROM", "JOIN", "INTO", "TABLE", "UPDATE", "VIEW"))
_FROM_ENDS = frozenset(("WHERE", "GROUP", "ORDER", "HAVING", "LIMIT", "UNION", "ON", "SELECT", "INTO"))
_FILLERS = frozenset(("IF", "NOT", "EXISTS", "ONLY"))
_PRIVILEGES = frozenset(("GRANT", "REVOKE"))


@dataclass
class _Bracket:
    """An open bracket: the word before it, and whether a list of relations goes on inside."""

    word: str = ""
    in_from: bool = False


def unqualified(sql: str) -> list[str]:
    """Every name in the statement that a search_path decides about, with what it is."""
    found = ((str(each.lastgroup), each[0]) for each in _TOKEN.finditer(sql))
    return list(_Scan([token for token in found if token[0] != "skipped"]).problems())


class _Scan:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._brackets = [_Bracket()]
        self._common = {self._word(at) for at in range(len(tokens)) if self._is_common_table(at)}
        """The names of common table expressions, which win over those of relations."""
        self._aliases = {self._word(at) for at in range(len(tokens)) if self._word(at - 1) == "AS"} - {""}

    def problems(self) -> Iterator[str]:
        for at, (kind, text) in enumerate(self._tokens):
            if kind == "body":
                yield from unqualified(text.strip("$"))
            elif text == "(":
                yield from self._call(at)
                self._brackets.append(_Bracket(self._word(at - 1)))
            elif text == ")" and len(self._brackets) > 1:
                self._brackets.pop()
            else:
                yield from self._relation(at)
                yield from self._type(at)

    def _word(self, at: int) -> str:
        """The bare word there in capitals; empty for anything else, quoted names included."""
        kind, text = self._tokens[at] if 0 <= at < len(self._tokens) else ("", "")
        return text.upper() if kind == "word" else ""

    def _symbol(self, at: int, text: str) -> bool:
        return 0 <= at < len(self._tokens) and self._tokens[at] == ("other", text)

    def _is_common_table(self, at: int) -> bool:
        listed = self._word(at - 1) == "WITH" or self._symbol(at - 1, ",")
        return listed and self._word(at + 1) == "AS" and self._symbol(at + 2, "(") and self._word(at + 3) == "SELECT"

    def _call(self, at: int) -> Iterator[str]:
        word = self._word(at - 1)
        if not word or word in GRAMMAR or word in TYPES or self._is_list_of_columns(at):
            return
        if not self._symbol(at - 2, "."):
            yield f"the function {word}"
        elif self._word(at - 3) not in ("", "PG_CATALOG"):
            yield f"the function {self._tokens[at - 3][1]}.{word}"

    def _is_list_of_columns(self, at: int) -> bool:
        """Whether the bracket holds the columns of GRANT, of a query in FROM, or of a table that is
        made in a schema that is named.
        """
        if self._word(at - 2) == "AS" and self._symbol(at - 3, ")"):
            return True
        if self._symbol(at - 2, "."):
            return self._word(0) == "CREATE" and self._word(at - 4) == "TABLE"
        return self._word(0) in _PRIVILEGES

    def _relation(self, at: int) -> Iterator[str]:
        bracket, word = self._brackets[-1], self._word(at)
        if self._symbol(at - 1, "."):
            return
        if word in _FROM_ENDS:
            bracket.in_from = False
        starts = word in _RELATION_FOLLOWS and not self._is_other_use(at, word)
        if starts or (bracket.in_from and self._symbol(at, ",")):
            bracket.in_from = bracket.in_from or word in ("FROM", "JOIN")
            first = at + 1
            while self._word(first) in _FILLERS:
                first += 1
            if first == len(self._tokens) or self._symbol(first, "("):
                return
            if self._symbol(first + 1, "."):
                if self._word(first) in self._aliases and not self._word(first).startswith("PG_"):
                    yield f"the alias {self._tokens[first][1]}, which a schema may be called as well"
                return
            if self._word(first) not in self._common:
                yield f"the relation {self._tokens[first][1]}"

    def _is_other_use(self, at: int, word: str) -> bool:
        before = self._word(at - 1)
        if word == "FROM":
            of_data_catalog = self._word(at + 1) == "DATA"
            return of_data_catalog or self._word(0) == "REVOKE" or self._brackets[-1].word == "EXTRACT"
        if word == "INTO":
            return before != "INSERT"
        if word == "UPDATE":
            return self._word(0) in _PRIVILEGES
        return word == "TABLE" and before == "SYSTEM"

    def _type(self, at: int) -> Iterator[str]:
        cast = self._word(at - 1) == "AS" and self._brackets[-1].word == "CAST"
        if (cast or self._symbol(at - 1, "::")) and self._word(at) not in TYPES:
            yield f"the type {self._tokens[at][1]}"
