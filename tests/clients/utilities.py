"""AWS's utilities for Redshift: the views for administrators are created, the stored procedures
too.
"""

from __future__ import annotations

from pathlib import Path

from tests.clients.place import Place
from tests.clients.split import split
from tests.clients.trying import Outcome, statements

REPOSITORY = "amazon-redshift-utils"


def views(place: Place) -> Outcome:
    """Creates each view; again once all have been tried, since some read others."""
    files = sorted(place.checkout(REPOSITORY, "src/AdminViews").glob("src/AdminViews/*.sql"))
    statements(place, {"schema": ["CREATE SCHEMA IF NOT EXISTS admin"]})
    texts = {file.stem: split(_text(file)) for file in files}
    first = statements(place, texts)
    again = statements(place, {name: texts[name] for name in first.failed})
    return Outcome(first.tried | again.tried)


def procedures(place: Place) -> Outcome:
    """Creates each stored procedure."""
    files = sorted(place.checkout(REPOSITORY, "src/StoredProcedures").glob("src/StoredProcedures/*.sql"))
    return statements(place, {file.stem: split(_text(file)) for file in files})


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8-sig")
