"""What is kept of compiled views, to be read when it changes: whole views where their form is the
point, else one line for each value that a mask or a condition becomes.

The version of the compiler is no part of it, or every view would change with it; `versions.json`
says which version compiled to which texts.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path

from tests.compiler.worlds import CASES
from veil.compiler import compile_view

FOLDER = Path(__file__).parent / "cases"
LINES = FOLDER / "lines.txt"
VERSIONS = Path(__file__).parent / "versions.json"

_WITH_JOINS = frozenset({"mask_hash", "mask_k_anonymity", "where_lookup", "where_lookup_keys", "where_user_and_column"})
_VALUE = re.compile(r'^(?:SELECT |  )(?P<value>.+) AS "(?P<name>\w+)",?$')
_BARE = re.compile(r't\."\w+"|CAST\(NULL AS .+\)|CASE WHEN FALSE THEN .+')


def views() -> Mapping[str, str]:
    """The views that are kept whole, by their names."""
    return {name: _text(name) for name in CASES if not _is_lines(name)}


def lines() -> str:
    """The values of all other views. Of one with a row rule the first column stands for all."""
    return "".join(f"{line}\n" for name in CASES if _is_lines(name) for line in _lines(name))


def pinned() -> Mapping[str, str]:
    """The hash of what each version compiled to."""
    found: Mapping[str, str] = json.loads(VERSIONS.read_text(encoding="utf-8"))
    return found


def compiled_hash() -> str:
    """The hash of all that is kept, as it compiles now."""
    return hashlib.sha256("\n".join([*views().values(), lines()]).encode()).hexdigest()


def _is_lines(name: str) -> bool:
    return name.startswith(("mask_", "where_")) and name not in _WITH_JOINS


def _text(name: str) -> str:
    return re.sub(r" /\* veil compiler \d+ \*/", "", compile_view(*CASES[name])) + "\n"


def _lines(name: str) -> list[str]:
    text = _text(name)
    outputs = text[text.index("\nSELECT ") + 1 :].splitlines()
    found = [match for line in outputs if (match := _VALUE.match(line))]
    values = [f"{name} {each['name']}: {each['value']}" for each in found if not _BARE.fullmatch(each["value"])]
    return values[:1] if name.startswith("where_") else values
