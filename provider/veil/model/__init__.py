"""What is governed, as plain frozen values: the World and the Changes to it.

Everything here is a frozen dataclass of known values: no pydantic, no unknowns, no I/O, no SQL.
Begin with `kinds.World`, and with `kinds.KINDS` for what holds of each kind of object in it; a
policy's parts are in `scope` (where it applies), `audience` (for whom), `masks` and `rows` (what it
does) and `policies` (the whole).
"""

from veil.model.audience import Attribute, Exceptions
from veil.model.change import Change, Put, Remove
from veil.model.closings import Closing
from veil.model.columns import Column, ColumnType, Family
from veil.model.integration import Baseline, Integration
from veil.model.kinds import KINDS, KINDS_OF_VIEWS, POLICY_KINDS, Governed, Kind, LookupTables, World, key_of, kind_of
from veil.model.masks import (
    Categories,
    Constant,
    DateShift,
    Email,
    Function,
    Hash,
    KAnonymity,
    Mask,
    Noise,
    Null,
    Partial,
    Regex,
    Round,
    Sql,
    TruncateDate,
)
from veil.model.people import (
    AccessRefusal,
    Expires,
    Impersonation,
    Profile,
    Project,
    Purpose,
    Runtime,
    Subscription,
)
from veil.model.policies import Approval, Duration, MaskingPolicy, Policy, RowPolicy, SubscriptionPolicy
from veil.model.purposes import covering, words
from veil.model.rows import Match, Never, Percent, Purposes, RowRule, TimeWindow, UserMatches, ValueIn, Where
from veil.model.scope import AppliesTo
from veil.model.sources import DataSource, NewColumns, Relation
from veil.model.tags import covers, fold, matching, with_parents
from veil.model.user_functions import UserFunction, UserFunctions, definition

__all__ = [
    "KINDS",
    "KINDS_OF_VIEWS",
    "POLICY_KINDS",
    "AccessRefusal",
    "AppliesTo",
    "Approval",
    "Attribute",
    "Baseline",
    "Categories",
    "Change",
    "Closing",
    "Column",
    "ColumnType",
    "Constant",
    "DataSource",
    "DateShift",
    "Duration",
    "Email",
    "Exceptions",
    "Expires",
    "Family",
    "Function",
    "Governed",
    "Hash",
    "Impersonation",
    "Integration",
    "KAnonymity",
    "Kind",
    "LookupTables",
    "Mask",
    "MaskingPolicy",
    "Match",
    "Never",
    "NewColumns",
    "Noise",
    "Null",
    "Partial",
    "Percent",
    "Policy",
    "Profile",
    "Project",
    "Purpose",
    "Purposes",
    "Put",
    "Regex",
    "Relation",
    "Remove",
    "Round",
    "RowPolicy",
    "RowRule",
    "Runtime",
    "Sql",
    "Subscription",
    "SubscriptionPolicy",
    "TimeWindow",
    "TruncateDate",
    "UserFunction",
    "UserFunctions",
    "UserMatches",
    "ValueIn",
    "Where",
    "World",
    "covering",
    "covers",
    "definition",
    "fold",
    "key_of",
    "kind_of",
    "matching",
    "with_parents",
    "words",
]
