"""Finds what a query reads: the tables, sub-queries and SUPER arrays of its FROM clauses, with
their aliases.
"""

from __future__ import annotations

from dataclasses import dataclass

from veil.local.rewrite.edits import Sql
from veil.local.rewrite.lexer import Kind

_CLAUSES = (
    "where group having order limit union intersect except minus qualify window set loop into for offset fetch returning with "
    "select values connect start"
)
_AROUND_JOINS = "on using join inner left right full cross natural outer as at when then end tablesample"
_ENDS_CLAUSE = frozenset([*_CLAUSES.split(), ")", ";"])
_AFTER_ITEM = frozenset([*_CLAUSES.split(), *_AROUND_JOINS.split()])
_FROM_IN_CALL = frozenset({"extract", "substring", "trim", "overlay", "position"})
_CATALOG_SCHEMAS = frozenset({"pg_catalog", "information_schema"})
_CATALOG_PREFIXES = ("pg_", "svv_", "stv_", "stl_", "svl_", "svcs_", "sys_")


@dataclass(frozen=True)
class Source:
    """One item of a FROM clause, by token positions. `parts` is the dotted name; empty for
    sub-queries and calls.
    """

    start: int
    name_end: int  # after the dotted name, with its [..]
    end: int  # after the alias
    parts: tuple[str, ...]
    alias: str
    index_alias: str  # what AT names
    first: bool  # the first item of its clause

    @property
    def is_catalog(self) -> bool:
        """True for what Redshift keeps on its leader node or generates itself."""
        schema = self.parts[-2] if len(self.parts) > 1 else ""
        return schema in _CATALOG_SCHEMAS or (not schema and self.parts[-1].startswith(_CATALOG_PREFIXES))


def find_sources(sql: Sql, start: int, end: int) -> list[Source]:
    """The FROM items between two tokens, of sub-queries too, in the order of the text."""
    sources: list[Source] = []
    enclosing: list[int] = []
    for at in range(start, end):
        word = sql.word(at)
        if word == "(":
            enclosing.append(at)
        elif word == ")" and enclosing:
            enclosing.pop()
        elif word == "from" and sql.word(at - 1) != "distinct":
            call = sql.word(enclosing[-1] - 1) if enclosing else ""
            if call not in _FROM_IN_CALL:
                sources += _items(sql, at + 1, end)
        elif word == "using" and sql.word(start) == "delete" and not enclosing:
            sources += _items(sql, at + 1, end)
    return sorted(sources, key=lambda source: source.start)


def _items(sql: Sql, at: int, end: int) -> list[Source]:
    sources: list[Source] = []
    brackets = 0  # open ones around joins
    while at < end:
        while sql.word(at) == "(" and sql.word(at + 1) not in ("select", "with", "(", "values"):
            at, brackets = at + 1, brackets + 1
        source = _item(sql, at, end, first=not sources)
        if source is None:
            return sources
        sources.append(source)
        at, brackets = _next_item(sql, source.end, end, brackets)
    return sources


def _item(sql: Sql, at: int, end: int, *, first: bool) -> Source | None:
    parts: list[str] = []
    name_end = at
    if sql.word(at) == "(":
        name_end = sql.closing(at) + 1
    elif sql.is_name(at):
        name_end, parts = dotted_name(sql, at)
        if sql.word(name_end) == "(":
            name_end, parts = sql.closing(name_end) + 1, []
    if name_end == at:
        return None
    alias, index_alias, after = parts[-1] if parts else "", "", name_end
    if sql.word(after) == "as" and sql.is_name(after + 1):
        alias, after = sql.name(after + 1), after + 2
    elif after < end and sql.is_name(after) and not _is_reserved(sql, after):
        alias, after = sql.name(after), after + 1
    if sql.word(after) == "at" and sql.is_name(after + 1):
        index_alias, after = sql.name(after + 1), after + 2
    elif sql.word(after) == "(" and after > name_end:
        after = sql.closing(after) + 1
    return Source(at, name_end, min(after, end), tuple(parts), alias, index_alias, first)


def _is_reserved(sql: Sql, at: int) -> bool:
    return sql.tokens[at].kind is Kind.WORD and sql.word(at) in _AFTER_ITEM


def dotted_name(sql: Sql, at: int) -> tuple[int, list[str]]:
    """The dotted name at a position, up to the first bracket: where it ends (brackets and all) and
    its parts.
    """
    parts = [sql.name(at)]
    at += 1
    plain = True
    while True:
        if sql.word(at) == "." and sql.is_name(at + 1):
            if plain:
                parts.append(sql.name(at + 1))
            at += 2
        elif sql.word(at) == "[":
            plain = False
            at = sql.closing(at) + 1
        else:
            return at, parts


def _next_item(sql: Sql, at: int, end: int, brackets: int) -> tuple[int, int]:
    """Where the next item of this FROM clause starts (`end` if there is none), and how many
    brackets are open then.
    """
    while at < end:
        word = sql.word(at)
        if word in (",", "join"):
            return at + 1, brackets
        if word == "(":
            at = sql.closing(at) + 1
        elif word == ")" and brackets:
            at, brackets = at + 1, brackets - 1
        elif word in _ENDS_CLAUSE or (word == "then" and not _inside_case(sql, at)):
            return end, brackets
        else:
            at += 1
    return end, brackets


def _inside_case(sql: Sql, at: int) -> bool:
    """True if the nearest CASE, IF or WHILE before a THEN is a CASE: the THEN is part of an
    expression.
    """
    while at > 0:
        at -= 1
        if sql.word(at) == "case":
            return True
        if sql.word(at) in ("if", "elsif", "while", ";"):
            return False
    return False


def common_table_expressions(sql: Sql, start: int, end: int) -> set[str]:
    """The names that WITH clauses define."""
    names: set[str] = set()
    for at in range(start, end):
        if sql.word(at) != "as" or sql.word(at + 1) != "(" or sql.word(at + 2) not in ("select", "with", "("):
            continue
        name = at - 1
        if sql.word(name) == ")":
            name = (
                next((k for k in range(name, start - 1, -1) if sql.word(k) == "(" and sql.closing(k) == at - 1), start)
                - 1
            )
        if name >= start and sql.is_name(name) and sql.word(name - 1) in ("with", "recursive", ","):
            names.add(sql.name(name))
    return names


def asks_the_catalog(sql: Sql) -> bool:
    """Whether a statement names pg_catalog and reads nothing but catalogs, as psql's questions do:
    those run on the leader node, which has arrays.
    """
    if not any(token.word == "pg_catalog" for token in sql.tokens):
        return False
    expressions = common_table_expressions(sql, 0, len(sql.tokens))
    read = (one for one in find_sources(sql, 0, len(sql.tokens)) if one.parts)
    return all(one.is_catalog or (len(one.parts) == 1 and one.parts[0] in expressions) for one in read)
