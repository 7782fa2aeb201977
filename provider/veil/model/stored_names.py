"""What classes are called in stored metadata: by these names rows are read, whatever the classes
are called by now.

A name stays for good: a class that is renamed keeps its own. Governed kinds and masks say theirs
where they are declared; any other class gets a line here.
"""

from collections.abc import Mapping

from veil.model import masks
from veil.model.audience import Attribute, Exceptions
from veil.model.columns import Column, ColumnType
from veil.model.integration import Baseline
from veil.model.kinds import KINDS
from veil.model.people import Expires
from veil.model.policies import Approval, Duration
from veil.model.rows import Match, Never, Percent, Purposes, TimeWindow, UserMatches, ValueIn, Where
from veil.model.scope import AppliesTo

STORED_NAMES: Mapping[type, str] = {
    **{spec.type: spec.stored_name for spec in KINDS.values()},
    **{each: each.stored_name for each in masks.MASK_KINDS},
    AppliesTo: "AppliesTo",
    Approval: "Approval",
    Attribute: "Attribute",
    Baseline: "Baseline",
    Column: "Column",
    ColumnType: "ColumnType",
    Duration: "Duration",
    Exceptions: "Exceptions",
    Expires: "Expires",
    Match: "Match",
    Never: "Never",
    Percent: "Percent",
    Purposes: "Purposes",
    TimeWindow: "TimeWindow",
    UserMatches: "UserMatches",
    ValueIn: "ValueIn",
    Where: "Where",
}
"""The governed objects, and the values that they are made of."""
