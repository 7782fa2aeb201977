"""What each analyst sees of the same rows, side by side."""

from dataclasses import dataclass
from typing import Any

from rich.table import Table
from rich.text import Text

from veil.cli.quickstart.loading import ANALYSTS, sign_in
from veil.local import Address
from veil.warehouse import Session, WarehouseError, connect

FEW = 3
"""How many users of the sample are shown."""

ROWS = f"""\
SELECT userid, firstname, lastname, email, phone, birthday, city, state
FROM governed.users WHERE userid <= {FEW} ORDER BY userid"""

_SEPARATORS = ("", " ", "\n", "\n", "  ", "\n", ", ")
"""What stands before each of those values: name, e-mail, phone and birthday, city and state."""

TOTALS = "SELECT pg_catalog.COUNT(*), pg_catalog.SUM(pricepaid), pg_catalog.SUM(commission) FROM governed.sales"

BASE_TABLE = "SELECT pg_catalog.COUNT(*) FROM src.users"

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Sight:
    """What one analyst sees: the few users by id, the totals of all sales, and how the base table
    answered.
    """

    rows: dict[int, Row]
    totals: Row
    base_table: str


def look(address: Address, password: str) -> dict[str, Sight]:
    """What each analyst sees, by name. Raises WarehouseError."""
    sights = {}
    for analyst in ANALYSTS:
        with connect(sign_in(address, analyst.name, password)) as session:
            sights[analyst.name] = _look(session)
    return sights


def table(sights: dict[str, Sight]) -> Table:
    """The rows as a table for people: one line per user of the sample, one column per analyst."""
    shown = Table(title=f"SELECT … FROM governed.users WHERE userid <= {FEW}", title_justify="left", show_lines=True)
    shown.add_column("userid", justify="right")
    for analyst in ANALYSTS:
        shown.add_column(Text.assemble((analyst.name, "bold"), f"\n{analyst.sees}"), min_width=26)
    clear = sights[ANALYSTS[0].name].rows
    for userid in range(1, FEW + 1):
        cells = (_cell(sights[each.name].rows.get(userid), clear.get(userid)) for each in ANALYSTS)
        shown.add_row(str(userid), *cells)
    shown.add_row("sales", *(_totals(sights[each.name].totals) for each in ANALYSTS))
    shown.add_row("src.users", *(Text(sights[each.name].base_table, style="bright_black") for each in ANALYSTS))
    return shown


def _look(session: Session) -> Sight:
    rows = {row[0]: row[1:] for row in session.query(ROWS)}
    totals = session.query(TOTALS)[0]
    try:
        session.query(BASE_TABLE)
    except WarehouseError as refusal:
        return Sight(rows, totals, refusal.found.split(" for ", maxsplit=1)[0])
    return Sight(rows, totals, "readable, which it must not be")


def _cell(row: Row | None, clear: Row | None) -> Text:
    """One user of the sample; what differs from the clear value is coloured."""
    if row is None:
        return Text("no such row", style="bright_black")
    text = Text()
    for number, value in enumerate(row):
        altered = clear is None or value != clear[number]
        text.append(_SEPARATORS[number]).append(_short(value), style="yellow" if altered else "green")
    return text


def _totals(totals: Row) -> Text:
    count, paid, commission = totals
    return Text(f"{count} rows, {_short(paid)} paid\ncommission {_short(commission)}")


def _short(value: object) -> str:
    """A value on a screen: a hash is cut short, a NULL says so."""
    text = "NULL" if value is None else str(value).rstrip(" ")
    return f"{text[:16]}…" if len(text) == 64 else text
