"""Users as CSV: what directories and spreadsheets export.

The first line names the columns: `user`, `groups`, and `attributes.<name>` for each attribute. A cell holds any number
of values with `;` between them; spaces around a cell or a value do not count. What several lines say of a user adds up,
so that one line for each user and one line for each membership both work.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator

from veil.model import Profile
from veil.model.names import problem_with_identifier, problem_with_value
from veil.resources.people.composing import composed
from veil.resources.people.problems import Problems, refusal

SEPARATOR = ";"
_PREFIX = "attributes."
_COLUMNS = "The columns are user, groups and attributes.<name>"

Row = tuple[int, list[str]]


def read_csv(path: str, text: str) -> dict[str, Profile]:
    """The profiles of a CSV text. Raises PluginError with the places of all that is wrong."""
    problems = Problems(path)
    rows = _rows(path, composed(text))
    header = _header(next(rows, (1, []))[1], problems)
    problems.require_none()
    groups: dict[str, set[str]] = {}
    attributes: dict[str, dict[str, set[str]]] = {}
    reader = _Values(problems)
    for line, cells in rows:
        if len(cells) != len(header):
            problems.add(f"line {line}", f"it has {len(cells)} cells, and the first line names {len(header)} columns")
            continue
        row = dict(zip(header, cells, strict=True))
        user = row.pop("user").strip()
        if problem := problem_with_identifier(user):
            problems.add(f"line {line}, column user", f"{user!r} cannot be a Redshift user: {problem}")
            continue
        groups.setdefault(user, set()).update(reader.read(line, "groups", row.pop("groups", "")))
        held = attributes.setdefault(user, defaultdict(set))
        for column, cell in row.items():
            if values := reader.read(line, column, cell):
                held[column.removeprefix(_PREFIX)].update(values)
    problems.require_none()
    return {user: _profile(user, found, attributes[user]) for user, found in groups.items()}


def _profile(user: str, groups: set[str], attributes: dict[str, set[str]]) -> Profile:
    return Profile(user, frozenset(groups), {name: frozenset(attributes[name]) for name in sorted(attributes)})


class _Values:
    """Splits cells, each distinct one once: a directory repeats itself a great deal."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self._known: dict[str, tuple[str, ...]] = {"": ()}

    def read(self, line: int, column: str, cell: str) -> tuple[str, ...]:
        known = self._known.get(cell)
        if known is not None:
            return known
        values = tuple(value for each in cell.split(SEPARATOR) if (value := each.strip()))
        for value in values:
            if problem := problem_with_value(value):
                self._problems.add(f"line {line}, column {column}", f"{value!r} cannot be used: {problem}")
                return ()
        self._known[cell] = values
        return values


def _rows(path: str, text: str) -> Iterator[Row]:
    """Each row with the line it begins on; empty lines are left out."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begins = 1
    try:
        for cells in reader:
            if cells:
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as problem:
        raise refusal(path, [f"line {begins}: {problem}"]) from problem


def _column(name: str) -> str:
    """The name of a column; spaces after the dot do not count either."""
    return _PREFIX + name.removeprefix(_PREFIX).strip() if name.startswith(_PREFIX) else name


def _header(names: list[str], problems: Problems) -> list[str]:
    names = [_column(name.strip()) for name in names]
    if "user" not in names:
        found = ", ".join(map(repr, names)) or "nothing"
        problems.add("line 1", f"there is no column user; it names {found}. {_COLUMNS}, with commas between them")
        return names
    for name in names:
        if name not in ("user", "groups") and not name.startswith(_PREFIX):
            problems.add(f"line 1, column {name!r}", f"unknown column. {_COLUMNS}; remove the column or rename it")
        elif problem := problem_with_value(name) or ("it has no name" if name == _PREFIX else None):
            problems.add(f"line 1, column {name!r}", problem)
    for name in sorted({name for name in names if names.count(name) > 1}):
        problems.add(f"line 1, column {name!r}", "it is there more than once")
    return names
