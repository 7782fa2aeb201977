"""Clients that are Python packages: each runs a program of ours in an environment of its own."""

from __future__ import annotations

from pathlib import Path

from tests.clients.place import Place
from tests.clients.trying import Outcome, program

PROGRAMS = Path(__file__).parent / "programs"
SQLALCHEMY = (
    "sqlalchemy-redshift==1.0.0",
    "SQLAlchemy==2.0.58",
    "redshift_connector==2.2.0",
    "pandas==3.1.1",
    "setuptools==65.5.0",  # the dialect imports pkg_resources
)
WRANGLER = ("awswrangler[redshift]==3.17.1", "redshift_connector==2.2.0", "pandas==3.1.1")


def sqlalchemy(place: Place) -> Outcome:
    """sqlalchemy-redshift: reflection, and pandas over it."""
    programs = place.environment("sqlalchemy", SQLALCHEMY)
    return program(place, [str(programs / "python"), str(PROGRAMS / "over_sqlalchemy.py")])


def wrangler(place: Place) -> Outcome:
    """awswrangler: what it reads from a connection."""
    programs = place.environment("wrangler", WRANGLER)
    return program(place, [str(programs / "python"), str(PROGRAMS / "over_wrangler.py")])
