"""Whether an integration's own views are as they were made.

A warehouse may keep the text of a view otherwise than it was sent. What it reports once the view is
made is recorded, and is what later looks are compared with, byte for byte: nothing here reads SQL.
"""

from collections.abc import Mapping
from enum import Enum, auto

from veil.warehouse.catalog import read_view_texts
from veil.warehouse.decoding import own_views
from veil.warehouse.install import expected_views
from veil.warehouse.layout import Layout
from veil.warehouse.quoting import literal, literals
from veil.warehouse.rows import OwnViewRow, digest
from veil.warehouse.session import Session
from veil.warehouse.tables import answers, read_tables
from veil.warehouse.templates import names, render, render_one


class Standing(Enum):
    """What is to be thought of a view of ours that is there."""

    AS_MADE = auto()
    UNRECORDED = auto()
    """Nothing says that it was altered, and what the warehouse reported when it was made is not
    known.
    """
    REPLACED = auto()


def standing_of(text: str, made: str, record: OwnViewRow | None) -> Standing:
    """The standing of a view whose text the warehouse reports so; `made` is the statement that
    makes it.

    A record of what another statement made says nothing, and then the text has to be the very
    statement.
    """
    if record is None or record.made_hash != digest(made):
        return Standing.UNRECORDED if text == made else Standing.REPLACED
    if record.text_hash is None:  # Made by an administrator's script, or a moment ago.
        return Standing.AS_MADE if text == made else Standing.UNRECORDED
    return Standing.AS_MADE if digest(text) == record.text_hash else Standing.REPLACED


def record_own_views(session: Session, layout: Layout) -> None:
    """Record, in the open transaction, what the warehouse reports of those of our views of which
    that is not recorded and that nothing says were altered; what is recorded of views that we do
    not have goes. Three queries, and two statements where there is anything to write. Nothing
    happens where the table of records is not as veil made it.
    """
    expected = expected_views(layout)
    sql = render_one("reads/own_views", names(layout))
    if not answers(sql, "own_view", read_tables(session, layout)):
        return
    records = own_views(session.query(sql))
    unrecorded = {
        place[1]: OwnViewRow(digest(expected[place]), digest(text))
        for place, text in read_view_texts(session, expected).items()
        if _is_open(text, expected[place], records.get(place[1]))
    }
    gone = records.keys() - {name for _, name in expected}
    if gone or unrecorded:
        values = names(layout) | {"names": literals([*gone, *unrecorded]), "rows": _rows(unrecorded)}
        for statement in render("repairs/own_views", values)[: 2 if unrecorded else 1]:
            session.execute(statement)


def _is_open(text: str, made: str, record: OwnViewRow | None) -> bool:
    return standing_of(text, made, record) is Standing.UNRECORDED or (
        record is not None and record.made_hash == digest(made) and record.text_hash is None
    )


def _rows(rows: Mapping[str, OwnViewRow]) -> str:
    return ", ".join(
        f"({literal(name)}, {literal(row.made_hash)}, {literal(row.text_hash or '')})"
        for name, row in sorted(rows.items())
    )
