"""The fixed SQL of this package: .sql files with names in braces, which become quoted identifiers
and literals.

What several files say stands once, in a file of `fragments`. Its first line gives its name and
parameters, as in `-- salt_digest(s): ...`; a file includes it by `{{salt_digest(s)}}`, with
arguments that hold no comma. Within a fragment `{{s}}` stands for the argument, and other fragments
may be included. What is included takes the indentation of the line that it stands in.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from itertools import takewhile
from pathlib import Path

from veil.warehouse.layout import Layout
from veil.warehouse.quoting import identifier, literals

_FOLDER = Path(__file__).parent / "sql"
_NAME = re.compile(r"\{(\w+)\}")
_INCLUDED = re.compile(r"\{\{(\w+)\((.*?)\)\}\}")
_PARAMETER = re.compile(r"\{\{(\w+)\}\}")
_HEADING = re.compile(r"-- (\w+)\((.*?)\): ")


_CLOCK = "pg_catalog.GETDATE()"
"""Now, in the time zone of the session (Amazon Redshift Database Developer Guide, GETDATE)."""

_UTC_CLOCK = f"CAST({_CLOCK} AT TIME ZONE 'UTC' AS TIMESTAMP)"
"""The same where GETDATE() is in UTC whatever the session's zone: the cast takes the moment into
that.
"""


def names(layout: Layout) -> dict[str, str]:
    """What stands for {system}, {functions}, {procedures} and {views}, for {clock}, which is now in
    the session's time zone, and for {own_schemas}, the names of the first three.
    """
    return {
        "system": identifier(layout.system),
        "functions": identifier(layout.functions),
        "procedures": identifier(layout.procedures),
        "views": identifier(layout.view_schema),
        "clock": _UTC_CLOCK if layout.utc_clock else _CLOCK,
        "own_schemas": literals(layout.own_schemas),
    }


def files(folder: str) -> tuple[str, ...]:
    """The templates of a folder, in the order of their names."""
    return tuple(f"{folder}/{path.stem}" for path in sorted((_FOLDER / folder).glob("*.sql")))


def render(
    template: str, values: Mapping[str, str], written: Callable[[str], str] = lambda statement: statement
) -> list[str]:
    """The statements of a template such as "reads/objects", without comments around them and
    closing semicolons.

    `values` are SQL already: nothing is quoted here. `written` gives another form to a statement
    before they are in it. Raises KeyError where one is missing.
    """
    return [_NAME.sub(lambda match: values[match[1]], written(statement)) for statement in _statements(template)]


def render_one(template: str, values: Mapping[str, str]) -> str:
    """The one statement of a template."""
    (statement,) = render(template, values)
    return statement


@cache
def _statements(template: str) -> tuple[str, ...]:
    """Split where a line ends in a semicolon outside of a $$ body. Values come later, so they
    cannot mislead this.
    """
    statements: list[str] = []
    lines: list[str] = []
    in_body = False
    for line in _including((_FOLDER / f"{template}.sql").read_text(encoding="utf-8")):
        if not lines and (line.startswith("--") or not line.strip()):
            continue
        lines.append(line)
        in_body ^= line.count("$$") % 2 == 1
        if line.endswith(";") and not in_body:
            statements.append("\n".join(lines)[:-1])
            lines = []
    if lines:
        raise ValueError(f"{template}.sql does not end in a semicolon")
    return tuple(statements)


def _including(text: str, within: tuple[str, ...] = ()) -> list[str]:
    """The lines of a text with the fragments that it includes; `within` are those that it is in."""
    return [part for line in text.splitlines() for part in _included(line, within).splitlines() or [""]]


def _included(line: str, within: tuple[str, ...]) -> str:
    indentation = line[: len(line) - len(line.lstrip(" "))]
    for match in reversed(list(_INCLUDED.finditer(line))):
        arguments = [each.strip() for each in match[2].split(",")] if match[2] else []
        lines = _fragment(match[1], arguments, within)
        line = line[: match.start()] + f"\n{indentation}".join(lines) + line[match.end() :]
    return line


def _fragment(name: str, arguments: list[str], within: tuple[str, ...]) -> list[str]:
    """The lines of a fragment. Raises ValueError where it includes itself or takes other
    arguments.
    """
    text = (_FOLDER / "fragments" / f"{name}.sql").read_text(encoding="utf-8")
    heading = _HEADING.match(text)
    if heading is None or heading[1] != name:
        raise ValueError(f"fragments/{name}.sql does not begin with its name and parameters")
    parameters = [each.strip() for each in heading[2].split(",")] if heading[2] else []
    if name in within or len(parameters) != len(arguments):
        raise ValueError(f"the fragment {name}({', '.join(parameters)}) is included with {arguments} in {within}")
    given = dict(zip(parameters, arguments, strict=True))
    comments = takewhile(lambda line: line.startswith("--"), text.splitlines(keepends=True))
    body = _PARAMETER.sub(lambda match: given[match[1]], text[sum(map(len, comments)) :])
    return _including(body, (*within, name))
