"""The fixed SQL of this package: .sql files with names in braces, which become quoted identifiers and literals."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from veil.warehouse.layout import Layout
from veil.warehouse.quoting import identifier

_FOLDER = Path(__file__).parent / "sql"
_NAME = re.compile(r"\{(\w+)\}")


def names(layout: Layout) -> dict[str, str]:
    """What stands for {system}, {functions}, {procedures} and {views}."""
    return {
        "system": identifier(layout.system),
        "functions": identifier(layout.functions),
        "procedures": identifier(layout.procedures),
        "views": identifier(layout.view_schema),
    }


def files(folder: str) -> tuple[str, ...]:
    """The templates of a folder, in the order of their names."""
    return tuple(f"{folder}/{path.stem}" for path in sorted((_FOLDER / folder).glob("*.sql")))


def render(template: str, values: Mapping[str, str]) -> list[str]:
    """The statements of a template such as "reads/objects", without comments around them and closing semicolons.

    `values` are SQL already: nothing is quoted here. Raises KeyError where one is missing.
    """
    return [_NAME.sub(lambda found: values[found[1]], statement) for statement in _statements(template)]


def render_one(template: str, values: Mapping[str, str]) -> str:
    """The one statement of a template."""
    (statement,) = render(template, values)
    return statement


@cache
def _statements(template: str) -> tuple[str, ...]:
    """Split where a line ends in a semicolon outside of a $$ body. Values come later, so they cannot mislead this."""
    statements: list[str] = []
    lines: list[str] = []
    in_body = False
    for line in (_FOLDER / f"{template}.sql").read_text(encoding="utf-8").splitlines():
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
