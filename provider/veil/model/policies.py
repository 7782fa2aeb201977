"""The three kinds of policy."""

from dataclasses import dataclass
from typing import Literal

from veil.model.audience import NOBODY, Exceptions
from veil.model.masks import Function, Mask
from veil.model.rows import RowRule
from veil.model.scope import AppliesTo
from veil.model.stored_texts import StoredTexts, identifiers, name_of, names


@dataclass(frozen=True, slots=True)
class MaskingPolicy:
    """A mask on columns. `where` masks only the cells of rows on which it is not FALSE.

    With `for_everyone_who`, those for whom it is TRUE get `mask`, those for whom it is FALSE get
    `otherwise` (never None then), and where it is unknown NULL; `exceptions` is then empty. Higher
    `priority` decides first.

    `definitions` are those of the functions that its masks call which were there when the policy
    first named them, or that it has accepted since: found, not declared.
    """

    name: str
    applies_to: AppliesTo
    mask: Mask
    description: str = ""
    priority: int = 0
    exceptions: Exceptions = NOBODY
    where: str | None = None
    for_everyone_who: str | None = None
    otherwise: Mask | None = None
    staged: bool = False
    definitions: frozenset[str] = frozenset()

    @property
    def functions(self) -> tuple[Function, ...]:
        """Those of its masks that call functions of users."""
        return tuple(each for each in (self.mask, self.otherwise) if isinstance(each, Function))

    def stored_texts(self) -> StoredTexts:
        yield name_of(self.name)


@dataclass(frozen=True, slots=True)
class RowPolicy:
    """A row filter. All that apply to a data source must hold (AND)."""

    name: str
    applies_to: AppliesTo
    show: RowRule
    description: str = ""
    exceptions: Exceptions = NOBODY
    for_everyone_who: str | None = None
    otherwise: RowRule | None = None
    staged: bool = False

    def stored_texts(self) -> StoredTexts:
        yield name_of(self.name)


@dataclass(frozen=True, slots=True)
class Duration:
    """How long something lasts."""

    amount: int
    unit: Literal["minutes", "hours", "days"]

    @property
    def seconds(self) -> int:
        return self.amount * {"minutes": 60, "hours": 3600, "days": 86_400}[self.unit]


@dataclass(frozen=True, slots=True)
class Approval:
    """Who may approve requests at run time: these users, and whoever is in one of the groups then.
    What they approve ends after `longest`, where given.
    """

    groups: frozenset[str] = frozenset()
    users: frozenset[str] = frozenset()
    longest: Duration | None = None


@dataclass(frozen=True, slots=True)
class SubscriptionPolicy:
    """Who is admitted to a data source at all. A grant admits, a guardrail only demands.

    `expression` is given exactly where `access` is "conditions". "approval" and "individual" admit
    only by a Subscription, or by what was approved at run time. `approval`, beside "approval"
    alone, says who may: where several policies admit by name, each of them has to name the
    approver.
    """

    name: str
    applies_to: AppliesTo
    access: Literal["everyone", "conditions", "individual", "approval"]
    mode: Literal["grant", "guardrail"] = "grant"
    expression: str | None = None
    description: str = ""
    staged: bool = False
    approval: Approval | None = None

    def stored_texts(self) -> StoredTexts:
        yield name_of(self.name)
        if self.approval is not None:
            yield from names(self.approval.groups, "approval")
            yield from identifiers(self.approval.users, "approval")


Policy = MaskingPolicy | RowPolicy | SubscriptionPolicy
