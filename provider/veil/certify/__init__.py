"""Proof on a warehouse that nobody here has seen: everything that veil rests on, tried with things
of its own making.

`run` makes scratch schemas and scratch users, governs scratch tables, looks at them as those users
and compares what they see with the interpreter. It reads no table of anybody else's, but for one
external table where there is one.
"""

from veil.certify.examinations import EXAMINATIONS, Examination
from veil.certify.outcome import Outcome, Status
from veil.certify.place import Place
from veil.certify.report import as_json, as_markdown
from veil.certify.run import OccupiedError, Options, Report, RightsError, run
from veil.certify.scratch import ForeignListError, Leftovers, UnderWayError, clean
from veil.certify.statements import StatementLog

__all__ = [
    "EXAMINATIONS",
    "Examination",
    "ForeignListError",
    "Leftovers",
    "OccupiedError",
    "Options",
    "Outcome",
    "Place",
    "Report",
    "RightsError",
    "StatementLog",
    "Status",
    "UnderWayError",
    "as_json",
    "as_markdown",
    "clean",
    "run",
]
