"""Installations as older versions of veil made them, by version of the schemas.

One thing is left out: versions 1 and 2 called RANDOM() beside an unnest, which the engine refuses
now, as a cluster does.
"""

import re
from pathlib import Path

from veil.warehouse import Layout, identifier, literal

FOLDER = Path(__file__).parent
VERSIONS = sorted(int(path.stem.rpartition("_")[2]) for path in FOLDER.glob("version_*.sql"))


def statements(version: int, layout: Layout) -> list[str]:
    """What made an installation of this version."""
    values = {
        "{system}": identifier(layout.system),
        "{functions}": identifier(layout.functions),
        "{procedures}": identifier(layout.procedures),
        "{views}": identifier(layout.view_schema),
        "{view_schema}": literal(layout.view_schema),
    }
    text = (FOLDER / f"version_{version}.sql").read_text(encoding="utf-8")
    for name, value in values.items():
        text = text.replace(name, value)
    bare = re.sub(r"^--.*\n", "", text)
    # A body has lines that end in semicolons: only what is outside of $$ ends a statement.
    parts = re.split(r"(\$\$.*?\$\$)", bare, flags=re.DOTALL)
    marked = "".join(part if part.startswith("$$") else part.replace(";\n", "\0") for part in parts)
    return [each for each in marked.split("\0") if each.strip()]
