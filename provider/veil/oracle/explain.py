"""What a user can see, written down: as plain text for people, as JSON values for machines."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from veil.model.printable import escaped
from veil.oracle.access import ColumnAccess
from veil.oracle.effective import EffectiveAccess
from veil.oracle.sight import HiddenRow, SeenRow, Sight

_ROWS = {"all": "every row", "some": "some rows", "none": "no row"}


def explain_text(access: EffectiveAccess) -> str:
    """A few sentences and a table of the columns; lines end in newlines."""
    under = f' under project "{access.project}"' if access.project else ""
    lines = [f"{access.user} on {access.data_source}{under}", ""]
    lines += [f"Admitted: {'yes' if access.admitted else 'no'}; {'; '.join(access.reasons)}."]
    lines += [f"Closed to everybody: {'; '.join(access.closed)}."] if access.closed else []
    filtered = f", filtered by {', '.join(access.row_policies)}" if access.row_policies else ""
    lines += [f"Shows {_ROWS[access.rows]}{filtered}."]
    ends = _ends(access)
    lines += [f"Ends without an apply: {'; '.join(ends)}.", ""] if ends else [""]
    header = ("COLUMN", "SHOWS", "DECIDED BY", "WHY")
    body = [_cells(name, column) for name, column in access.columns.items()]
    return "\n".join([*map(escaped, lines), *_table([header, *body])]) + "\n"


def explain_json(access: EffectiveAccess) -> dict[str, Any]:
    """The same as JSON values: texts, booleans, lists and objects only."""
    return {
        "user": access.user,
        "data_source": access.data_source,
        "project": access.project,
        "admitted": access.admitted,
        "reasons": list(access.reasons),
        "closed": list(access.closed),
        "rows": access.rows,
        "row_policies": list(access.row_policies),
        "expires": {
            "groups": {name: _moment(end) for name, end in sorted(access.expires.groups.items())},
            "attributes": {
                name: {value: _moment(end) for value, end in sorted(values.items())}
                for name, values in sorted(access.expires.attributes.items())
            },
            "subscription": None if access.subscribed_until is None else _moment(access.subscribed_until),
        },
        "columns": {
            name: {
                "shows": column.state,
                "masked": column.state == "masked",
                "policies": list(column.policies),
                "reasons": list(column.reasons),
            }
            for name, column in access.columns.items()
        },
    }


def _ends(access: EffectiveAccess) -> list[str]:
    """What the user holds and will not hold for good, the first to end first."""
    ends = [(end, f"group {name}") for name, end in access.expires.groups.items()]
    ends += [
        (end, f"{name} = {value}")
        for name, values in access.expires.attributes.items()
        for value, end in values.items()
    ]
    if access.subscribed_until is not None:
        ends.append((access.subscribed_until, "the subscription"))
    return [escaped(f"{what} at {_moment(end)}") for end, what in sorted(ends)]


def _moment(end: datetime) -> str:
    return end.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def explain_rows(sight: Sight) -> str:
    """Row by row what shows and which policy decided, for rows that were tried out; lines end in
    newlines.
    """
    lines = [("ROW", "COLUMN", "VALUE", "DECIDED BY", "WHY")]
    for row in sight.rows:
        for name, decision in row.decisions.items():
            lines.append((str(row.index), name, _shown(row.values[name]), decision.policy or "-", decision.reason))
    for gone in sight.hidden:
        lines.append((str(gone.index), "-", "hidden", ", ".join(gone.policies) or "-", gone.reason))
    return "\n".join(_table(lines)) + "\n"


def explain_rows_json(sight: Sight) -> list[dict[str, Any]]:
    """The same as JSON values, one per row in the order in which they were given. What JSON has no
    type for is text.
    """
    rows = {row.index: _seen_row(row) for row in sight.rows} | {row.index: _hidden_row(row) for row in sight.hidden}
    return [rows[index] for index in sorted(rows)]


def _seen_row(row: SeenRow) -> dict[str, Any]:
    columns = {
        name: {
            "value": value if value is None or isinstance(value, bool | int | str) else str(value),
            "shows": row.decisions[name].outcome,
            "policy": row.decisions[name].policy,
            "reason": row.decisions[name].reason,
        }
        for name, value in row.values.items()
    }
    return {"row": row.index, "shown": True, "columns": columns}


def _hidden_row(row: HiddenRow) -> dict[str, Any]:
    return {"row": row.index, "shown": False, "policies": list(row.policies), "reason": row.reason}


def _cells(name: str, column: ColumnAccess) -> tuple[str, ...]:
    return name, column.state, ", ".join(column.policies) or "-", "; ".join(column.reasons)


def _shown(value: object) -> str:
    return "NULL" if value is None else str(value)


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns set under each other, two spaces apart; control characters are shown escaped."""
    safe = [[escaped(cell) for cell in row] for row in rows]
    widths = [max(len(row[index]) for row in safe) for index in range(len(safe[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in safe]
