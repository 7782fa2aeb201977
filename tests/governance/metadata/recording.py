"""What the rows of an installation may hold, and examples of them, as texts to be kept for each
version of the schemas.

    python -m tests.governance.metadata.recording

writes that of the present version. A version that was released keeps its own: raise SCHEMA_VERSION
first.
"""

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any, get_args, get_type_hints

from tests.governance.metadata.samples import samples
from veil.model.codec import encode
from veil.model.kinds import Governed
from veil.model.stored_names import STORED_NAMES
from veil.warehouse import SCHEMA_VERSION, expected_columns

FOLDER = Path(__file__).parent / "recorded"


def present_shape() -> str:
    """Every class of which metadata is made with its fields, the values of those that have few, and
    the columns of tables.
    """
    classes = {STORED_NAMES[each]: each for governed in get_args(Governed) for each in reached(governed)}
    shape = {
        "metadata": {name: _fields(each) for name, each in sorted(classes.items())},
        "tables": {
            table: [f"{each.name} {each.type}{' NOT NULL' if each.required else ''}" for each in columns]
            for table, columns in sorted(expected_columns().items())
        },
    }
    return json.dumps(shape, indent=1) + "\n"


def present_bodies() -> str:
    """The bodies of governed objects in which every field says something, and every alternative of
    each stands once. One a line.
    """
    return "".join(f"{encode(each)}\n" for governed in get_args(Governed) for each in samples(governed))


def recorded(version: int) -> Path:
    """Where the shape of a version is kept."""
    return FOLDER / f"version_{version}.json"


def written(version: int) -> Path:
    """Where the bodies are kept that a veil of this version wrote."""
    return FOLDER / f"version_{version}.jsonl"


def _fields(cls: type) -> dict[str, str]:
    hints = get_type_hints(cls)
    return {name: _named(hints[name]) for name in sorted(each.name for each in fields(cls))}


def _named(hint: Any) -> str:
    if isinstance(hint, type) and issubclass(hint, Enum):
        return " | ".join(sorted(str(each.value) for each in hint))
    arguments = get_args(hint)
    if hint in STORED_NAMES:
        return STORED_NAMES[hint]
    if not arguments:
        return getattr(hint, "__name__", repr(hint))
    whole = getattr(hint, "__origin__", None)
    begins = getattr(whole, "__name__", "Literal" if "Literal" in repr(hint) else "Union")
    return f"{begins}[{', '.join(_named(each) if not isinstance(each, str) else each for each in arguments)}]"


def reached(hint: Any, seen: set[type] | None = None) -> Iterator[type]:
    """The dataclasses that values of a type may be made of."""
    seen = set() if seen is None else seen
    for each in get_args(hint):
        yield from reached(each, seen)
    if isinstance(hint, type) and is_dataclass(hint) and hint not in seen:
        seen.add(hint)
        yield hint
        hints = get_type_hints(hint)
        for inner in fields(hint):
            yield from reached(hints[inner.name], seen)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    recorded(SCHEMA_VERSION).write_text(present_shape(), encoding="utf-8")
    written(SCHEMA_VERSION).write_text(present_bodies(), encoding="utf-8")
