"""Users as CSV: what directories and spreadsheets export.

The first line names the columns: `user`, `groups`, `attributes.<name>` for each attribute, and
`expires`; or whatever `Columns` says, among any others. Between cells stand commas, semicolons or
tabs, as in the first line. A cell holds any number of values with `;` between them; spaces around a
cell or a value do not count. What several lines say of a user adds up, so that one line for each
user and one line for each membership both work.
"""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from difflib import get_close_matches
from itertools import chain

from veil.model import Profile
from veil.model.names import problem_with_identifier, problem_with_value
from veil.resources.hcl.moments import moment_of
from veil.resources.people.columns import SEPARATOR, Columns
from veil.resources.people.composing import composed
from veil.resources.people.gathering import Gathered, Right
from veil.resources.people.problems import Problems, refusal

_USER = "user"
_GROUPS = "groups"
_EXPIRES = "expires"
_PREFIX = "attributes."
_COLUMNS = "The columns are user, groups, attributes.<name> and expires"
_DELIMITERS = ",;\t"
_LISTED = 30
"""So many columns of a file at most are listed where one is not among them."""

Row = tuple[int, list[str]]


def read_csv(path: str, lines: Iterable[str], columns: Columns | None = None) -> dict[str, Profile]:
    """The profiles that lines of CSV declare, each line with its end. Only one line and the
    profiles are in memory.

    Without `columns` the first line is to name veil's own. Raises PluginError with the places of
    all that is wrong.
    """
    problems = Problems(path)
    rows = _rows(path, lines, _USER if columns is None else columns.user)
    names = [name.strip() for name in next(rows, (1, []))[1]]
    if columns is None:
        names, columns = _own(names, problems)
    else:
        _require(columns, names, problems)
    problems.require_none()
    return _Reader(names, columns, problems).profiles(rows)


class _Reader:
    """Reads lines of which it is known where everything stands."""

    def __init__(self, names: list[str], columns: Columns, problems: Problems) -> None:
        place = {name: index for index, name in enumerate(names)}
        self._names, self._columns, self._problems = names, columns, problems
        self._user = place[columns.user]
        groups = [(None, place[columns.groups])] if columns.groups is not None else []
        attributes = [(name, place[column]) for name, column in sorted(columns.attributes.items())]
        self._places: list[tuple[str | None, int]] = [*groups, *attributes]
        self._only = [
            (place[name], frozenset(value.casefold() for value in values)) for name, values in columns.only.items()
        ]
        self._expires = place[columns.expires] if columns.expires is not None else None
        # Each distinct cell is read once: a directory repeats itself a great deal.
        self._known: dict[tuple[tuple[str | None, int], str], tuple[Right, ...]] = {}
        self._moments: dict[str, datetime | None] = {"": None}

    def profiles(self, rows: Iterable[Row]) -> dict[str, Profile]:
        gathered = Gathered(self._problems)
        for line, cells in rows:
            if len(cells) != len(self._names):
                mismatch = f"it has {len(cells)} cells, and the first line names {len(self._names)} columns"
                self._problems.add(f"line {line}", mismatch)
                continue
            if any(cells[index].strip().casefold() not in values for index, values in self._only):
                continue
            user = self._columns.prefix + cells[self._user].strip()
            if problem := self._problem_with_user(user):
                where = f"line {line}, column {self._names[self._user]}"
                self._problems.add(where, f"{user!r} cannot be a Redshift user: {problem}")
                continue
            gathered.add(f"line {line}", user, self._rights(line, cells), self._end(line, cells))
        self._problems.require_none()
        return gathered.profiles()

    def _rights(self, line: int, cells: list[str]) -> Iterator[Right]:
        for place in self._places:
            yield from self._of_cell(line, place, cells[place[1]])

    def _end(self, line: int, cells: list[str]) -> datetime | None:
        cell = "" if self._expires is None else cells[self._expires].strip()
        if cell not in self._moments:
            try:
                self._moments[cell] = moment_of(cell)
            except ValueError as problem:
                assert self._expires is not None
                self._problems.add(f"line {line}, column {self._names[self._expires]}", str(problem).rstrip("."))
                return None
        return self._moments[cell]

    def _problem_with_user(self, user: str) -> str | None:
        return "it is empty" if user == self._columns.prefix else problem_with_identifier(user)

    def _of_cell(self, line: int, place: tuple[str | None, int], cell: str) -> tuple[Right, ...]:
        known = self._known.get((place, cell)) if cell else ()
        if known is not None:
            return known
        name, index = place
        parts = cell.split(self._columns.separator) if self._columns.separator else [cell]
        rights = tuple((name, value) for each in parts if (value := each.strip()))
        for _, value in rights:
            if problem := problem_with_value(value):
                where = f"line {line}, column {self._names[index]}"
                self._problems.add(where, f"{value!r} cannot be used: {problem}")
                return ()
        self._known[place, cell] = rights
        return rights


def _rows(path: str, lines: Iterable[str], user: str) -> Iterator[Row]:
    """Each row with the line it begins on; empty lines are left out."""
    rest = map(composed, lines)
    begins, first = next(((number, line) for number, line in enumerate(rest, 1) if line.strip()), (1, ""))
    above = begins - 1
    reader = csv.reader(chain((first,), rest), strict=True, delimiter=_delimiter(first, user))
    try:
        for cells in reader:
            if cells:
                yield begins, cells
            begins = above + reader.line_num + 1
    except csv.Error as problem:
        raise refusal(path, [f"line {begins}: {problem}"]) from problem


def _delimiter(first: str, user: str) -> str:
    """What stands between the cells of a file that begins with this line: what makes the column of
    users one of its cells.
    """
    for delimiter in _DELIMITERS:
        try:
            cells = next(csv.reader([first], strict=True, delimiter=delimiter), [])
        except csv.Error:
            continue
        if user in (cell.strip() for cell in cells):
            return delimiter
    return _DELIMITERS[0]


def _require(columns: Columns, names: list[str], problems: Problems) -> None:
    """Note what the file lacks of the columns that are to be read."""
    for name in dict.fromkeys(columns.named()):
        if names.count(name) > 1:
            problems.add(f"line 1, column {name!r}", "it is there more than once")
        elif name not in names:
            problems.add("line 1", f"there is no column {name!r}; {_instead(name, names)}")


def _instead(name: str, names: list[str]) -> str:
    by_case = {each.casefold(): each for each in names}
    near = by_case.get(name.casefold()) or next(iter(get_close_matches(name, names, 1)), None)
    if near is not None:
        return f"it names {near!r}. Write the column in columns as the file does"
    listed = ", ".join(map(repr, names[:_LISTED])) or "nothing"
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return f"it names {listed}{more}. Write one of them in columns"


def _own_name(name: str) -> str:
    """The name of a column; spaces after the dot do not count either."""
    return _PREFIX + name.removeprefix(_PREFIX).strip() if name.startswith(_PREFIX) else name


def _own(names: list[str], problems: Problems) -> tuple[list[str], Columns]:
    """The columns of a file in veil's own form, and which say what."""
    names = [_own_name(name) for name in names]
    attributes = {name.removeprefix(_PREFIX): name for name in names if name.startswith(_PREFIX)}
    columns = Columns(
        _USER,
        _GROUPS if _GROUPS in names else None,
        attributes,
        separator=SEPARATOR,
        expires=_EXPIRES if _EXPIRES in names else None,
    )
    if _USER not in names:
        headings = ", ".join(map(repr, names[:_LISTED])) or "nothing"
        problems.add(
            "line 1",
            f"there is no column user; it names {headings}. {_COLUMNS}, with commas between them; what a directory calls "
            'its own is said in columns = { user = "…" }',
        )
        return names, columns
    for name in names:
        if name not in (_USER, _GROUPS, _EXPIRES) and not name.startswith(_PREFIX):
            problems.add(f"line 1, column {name!r}", f"unknown column. {_COLUMNS}; remove the column or rename it")
        elif problem := problem_with_value(name) or ("it has no name" if name == _PREFIX else None):
            problems.add(f"line 1, column {name!r}", problem)
    for name in sorted({name for name in names if names.count(name) > 1}):
        problems.add(f"line 1, column {name!r}", "it is there more than once")
    return names, columns
