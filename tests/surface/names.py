"""Names that are Redshift's own, wherever a statement gives them.

Source: "Names and identifiers" (r_names), CREATE ROLE (r_CREATE_ROLE), LOCK (r_LOCK).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from tests.surface.grammar import tokens
from veil.warehouse import Layout, expected_views

_SYSTEM_COLUMNS = frozenset({"oid", "tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"})
_OWN_VIEWS = frozenset(name for _, name in expected_views(Layout("p", "views")))


def reserved_names(statement: str, declared: Collection[str]) -> Iterator[str]:
    """In words, each name that a statement may not give. `declared` are those of columns, arguments
    and variables.
    """
    yield from (f"{name} is a system column" for name in sorted(declared) if name.lower() in _SYSTEM_COLUMNS)
    found = tokens(statement)
    if (
        found[:2] == ["CREATE", "ROLE"]
        and (role := next(iter(found[2:3]), ""))
        and re.match(r'"?(sys|ds):', role, re.I)
    ):
        yield f"{role} is the name of a role of Redshift's"
    if found[0] == "LOCK" and found[-1].strip('"').lower() in _OWN_VIEWS:
        yield f"LOCK of the view {found[-1]}"
