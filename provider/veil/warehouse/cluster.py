"""What else is on the cluster: its databases, their schemas, and whether one can be read from
another.
"""

from dataclasses import dataclass

from veil.warehouse.errors import WarehouseError
from veil.warehouse.quoting import qualified
from veil.warehouse.session import Session
from veil.warehouse.templates import render_one

_UNSUPPORTED = "0A000"
_SAID = ("cross-database", "not supported", "not implemented")
"""How a warehouse says that it does not do something, where its SQLSTATE leaves that open."""


@dataclass(frozen=True, slots=True)
class SchemaRow:
    """A schema of some database. Of an external one, `source` names the external database, and
    `options` are those it was made with.
    """

    database: str
    name: str
    external: bool = False
    source: str = ""
    options: str = ""


def read_databases(session: Session) -> frozenset[str]:
    """The databases of the cluster that the account may know of. One query."""
    return frozenset(str(row[0]) for row in session.query(render_one("reads/databases", {})))


def read_schemas(session: Session) -> tuple[SchemaRow, ...]:
    """The schemas of all databases that the account may know of, in name order. One query."""
    rows = session.query(render_one("reads/schemas", {}))
    return tuple(
        SchemaRow(str(database), str(name), str(type_).lower() == "external", source or "", options or "")
        for database, name, type_, source, options in rows
    )


def refusal_to_cross(session: Session, database: str) -> str | None:
    """Why queries cannot reach into another database, which has to exist, by the warehouse's own
    words; None where they can. One query, outside of any transaction.

    Tried on a table that is nowhere. A warehouse that looks for it in vain, or says that we may not
    look, would have read it. Any other doubt is left to the first view, which is queried when it is
    made.
    """
    nothing = qualified(database, "veil no such schema", "veil no such table")
    try:
        session.query(f"SELECT 1 FROM {nothing} LIMIT 0")
    except WarehouseError as error:
        if error.lost or error.timed_out:
            raise
        message = error.found.lower()
        return error.found if error.sqlstate == _UNSUPPORTED or any(each in message for each in _SAID) else None
    return None
