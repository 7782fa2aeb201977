"""Several reads in one statement, by UNION ALL: what takes a warehouse longest is each statement,
not its rows.

Redshift mixes relations of one class only: users' tables, or catalogs of the leader node such as
pg_class, never both, and neither with SVV views (Amazon Redshift Database Developer Guide, SQL
functions supported on the leader node; SVV metadata views). What is given here together is of one
class.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from operator import itemgetter

from veil.warehouse.errors import WarehouseError
from veil.warehouse.quoting import literal
from veil.warehouse.session import Row, Session

Reads = Mapping[str, str]
"""Statements by the names of their templates in `reads/`."""

_COLUMNS = {
    "access_requests": "tttt",
    "account": "nbb",
    "acknowledgements": "ttt",
    "appliers": "tt",
    "approvals": "ttttt",
    "approvers": "ttttti",
    "closed": "tttt",
    "comments": "nnnw",
    "entries": "ttttt",
    "external_schemas": "n",
    "group_members": "n",
    "impersonations": "tt",
    "last_errors": "ttttt",
    "ledger": "ttiitt",
    "objects": "ttiitwt",
    "own_views": "ttt",
    "probe_reader": "ni",
    "profiles": "tssstt",
    "project_entries": "ttttit",
    "project_profiles": "tssstt",
    "published": "ttttti",
    "readable": "nn",
    "relation_states": "nnnn",
    "request_ends": "ttitt",
    "revision": "itt",
    "routines": "nnwnbnwnwnbbw",
    "runtimes": "tt",
    "salts": "t",
    "salts_for_planners": "t",
    "schema_owners": "nn",
    "superusers": "n",
    "unsealed": "ttt",
    "versions": "it",
    "view_dependencies": "nnnnnn",
    "view_mentions": "nnnw",
    "views": "nnnw",
}
"""By template, a letter for each column that it gives: a text (t), one that may be long (w) or is
SUPER (s), a name or a character of a catalog (n), a whole number (i), a boolean (b).
"""

_KINDS = {"t": "text", "n": "text", "i": "number", "b": "number", "w": "wide", "s": "super"}
"""Which columns share a place. Long texts have places of their own: a column is as wide as the
widest in its place, and a warehouse sets memory aside by that.
"""
_WRITTEN = {
    "n": "CAST({} AS VARCHAR(128))",  # Names are of at most 127 bytes.
    "i": "CAST({} AS BIGINT)",
    "b": "CASE WHEN {} THEN 1 WHEN NOT {} THEN 0 END",
}
_NOTHING = {
    "text": "CAST(NULL AS VARCHAR(1))",
    "number": "CAST(NULL AS BIGINT)",
    "wide": "CAST(NULL AS VARCHAR(1))",
    "super": "CAST(NULL AS SUPER)",
}


@contextmanager
def read_together(session: Session, reads: Reads) -> Iterator[None]:
    """Within the block, `session.query` answers these statements, each once, from what one
    statement read at the beginning. Booleans come as 1 and 0, and rows in no order.

    Where the warehouse refuses that statement, as where somebody gave a column another type, each
    is sent when it is asked for: what is wrong with one keeps nobody from the others. Raises
    WarehouseError where the connection was lost or a lock held.
    """
    with session.answering(_read(session, reads)):
        yield


def _read(session: Session, reads: Reads) -> dict[str, list[Row]]:
    # In a transaction, one that is refused would fail all that follows.
    if len(reads) < 2 or session.in_transaction:
        return {}
    places = [(kind, place) for kind in _NOTHING for place in range(_most(kind, reads))]
    try:
        _, rows = session.select("\nUNION ALL\n".join(_branch(name, sql, places) for name, sql in reads.items()))
    except WarehouseError as error:
        if error.lost or error.timed_out or error.retryable:
            raise
        return {}
    given: dict[str, list[Row]] = {name: [] for name in reads}
    while rows:  # Each row is let go of here, so that it is not held twice.
        given[(row := rows.pop())[0]].append(row)
    return {sql: _restored(name, given[name], places) for name, sql in reads.items()}


def _most(kind: str, reads: Iterable[str]) -> int:
    """How many places of a kind the statement needs."""
    return max(sum(_KINDS[each] == kind for each in _COLUMNS[name]) for name in reads)


def _placed(name: str) -> list[tuple[str, int]]:
    """The places of a template's columns, in their order."""
    taken = dict.fromkeys(_NOTHING, 0)
    places = []
    for letter in _COLUMNS[name]:
        kind = _KINDS[letter]
        places.append((kind, taken[kind]))
        taken[kind] += 1
    return places


def _branch(name: str, sql: str, places: Iterable[tuple[str, int]]) -> str:
    columns = [f"c{number}" for number in range(len(_COLUMNS[name]))]
    written = {
        place: _WRITTEN.get(letter, "{}").replace("{}", f"r.{column}")
        for place, letter, column in zip(_placed(name), _COLUMNS[name], columns, strict=True)
    }
    listed = ", ".join(written.get(place, _NOTHING[place[0]]) for place in places)
    return f"SELECT {literal(name)}, {listed}\nFROM (\n{sql}\n) AS r ({', '.join(columns)})"


def _restored(name: str, rows: list[Row], places: list[tuple[str, int]]) -> list[Row]:
    """The rows as the template gives them. What is given is used up."""
    at = [1 + places.index(place) for place in _placed(name)]
    taken: Callable[[Row], Row] = itemgetter(*at) if len(at) > 1 else lambda row: (row[at[0]],)
    return [taken(rows.pop()) for _ in range(len(rows))]
