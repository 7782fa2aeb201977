"""What one user can see of one data source: rows and columns, each with the condition under which
it shows.

All that the user can bring about without anybody granting anything counts: they may act in any
project that they are a member of, or in none. A purpose that they have only to acknowledge is part
of the condition.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import cached_property
from typing import Literal

from veil.diff.conditions import ALWAYS, NEVER, Condition, Test, both, either, only
from veil.diff.mask_strength import MaskStep
from veil.diff.nearby import Stacks
from veil.diff.people import Side
from veil.diff.residual import admitted_by, passed, shown_by, sides
from veil.language import Usage, outcomes, tree
from veil.model import (
    Column,
    DataSource,
    Mask,
    MaskingPolicy,
    Policy,
    RowPolicy,
    Sql,
    SubscriptionPolicy,
    World,
)
from veil.oracle.admission import grants, guardrails, is_subscribed
from veil.oracle.closed_sources import closed
from veil.oracle.expressions import read_expression
from veil.oracle.facts import Facts, facts_in
from veil.oracle.mask_order import is_nulled, stacks
from veil.oracle.places import maskable, shown
from veil.oracle.rows import row_policies
from veil.oracle.scope import Scope

State = Literal["clear", "sometimes", "masked", "absent"]


@dataclass(frozen=True)
class ColumnAccess:
    """What shows in a column: `clear` is when the raw value does, of any row; `passing` is when it
    does in a row that shows. `steps` are the masks that can show instead, `policies` the masking
    policies that can decide, both in their order.
    """

    clear: Condition
    passing: Condition
    steps: tuple[MaskStep, ...]
    policies: tuple[str, ...]

    @property
    def masks(self) -> tuple[str, ...]:
        """The masks by name, each once."""
        return distinct(each.name for each in self.steps)

    @property
    def state(self) -> State:
        if not self.clear:
            return "masked"
        return "clear" if self.passing == ALWAYS else "sometimes"


@dataclass(frozen=True)
class Access:
    """What a user can see of a data source. `rows` is when a row shows, `row_policies` what filters
    them. A column that the view does not have is not among `columns`. `closed` says why nobody sees
    a row, `admitting` what lets the user in.
    """

    rows: Condition
    admitted: bool
    row_policies: tuple[str, ...]
    admitting: tuple[str, ...]
    columns: Mapping[str, ColumnAccess]
    closed: tuple[str, ...] = ()

    @property
    def sees(self) -> bool:
        """Whether any row can show."""
        return bool(self.rows)


NOTHING = Access(NEVER, admitted=False, row_policies=(), admitting=(), columns={})
"""Of a data source that is not there."""


_FOUND = ("masks", "row_policies", "grants", "guardrails", "closed", "columns", "nulled", "policies")
"""What rules find out, each once."""


NEW_COLUMN = (MaskStep("NULL (new column)"),)
BASELINE = (MaskStep("NULL (baseline)"),)
"""What shows in a column that policies do not see, and in one that no policy may leave clear."""


class Rules:
    """The policies of a World that have a say on one of its data sources, found once for all
    users.
    """

    def __init__(self, world: World, source: DataSource, now: datetime, on_columns: Stacks | None = None) -> None:
        self.world, self.source, self.now = world, source, now
        self._on_columns = on_columns
        self.side: Side | None = None
        """The users of this World, where what members of equalized projects share is known for
        all.
        """
        self._blank = Scope(world=world, source=source, facts=None, now=now)

    @cached_property
    def masks(self) -> Mapping[str, Sequence[MaskingPolicy]]:
        """For each column that policies see, its active masks in the order in which they decide."""
        return stacks(self._blank) if self._on_columns is None else self._on_columns.on(self.source)

    @cached_property
    def row_policies(self) -> Sequence[RowPolicy]:
        return row_policies(self._blank)

    @cached_property
    def grants(self) -> Sequence[SubscriptionPolicy]:
        return grants(self._blank)

    @cached_property
    def guardrails(self) -> Sequence[SubscriptionPolicy]:
        return guardrails(self._blank)

    @cached_property
    def closed(self) -> tuple[str, ...]:
        return closed(self._blank)

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns of the view."""
        return shown(self.source)

    @cached_property
    def nulled(self) -> frozenset[str]:
        """The columns that the baseline makes NULL."""
        return frozenset(
            each.name
            for each in maskable(self.source)
            if is_nulled(each, list(self.masks.get(each.name, ())), self._blank)
        )

    @cached_property
    def policies(self) -> tuple[Policy, ...]:
        """All of them, each once."""
        by_name: dict[tuple[str, str], Policy] = {}
        each_stack = {id(each): each for each in self.masks.values()}.values()
        every: list[Policy] = [each for stack in each_stack for each in stack]
        every += [*self.row_policies, *self.grants, *self.guardrails]
        for policy in every:
            by_name.setdefault((type(policy).__name__, policy.name), policy)
        return tuple(by_name.values())

    def take_over(self, other: "Rules", only: Sequence[str] = _FOUND) -> None:
        """Take over what another World's rules have found for the same data source, where the
        policies are the same: all, or `only` some of it.
        """
        for name in only:
            self.__dict__[name] = getattr(other, name)

    def access(self, user: str) -> Access:
        """What the user can see."""
        asked = (None, *self.projects(user))
        scopes = [replace(self._blank, facts=self._facts(user, each)) for each in asked]
        situations = [_Situation(self, scope) for scope in scopes]
        showing = [each for each in situations if each.rows]
        return Access(
            rows=either(each.rows for each in situations),
            admitted=any(each.admission for each in situations),
            row_policies=distinct(name for each in showing for name in each.filtering),
            admitting=distinct(name for each in situations for name in each.admitting),
            columns={column.name: merged([each.column(column) for each in showing]) for column in self.columns}
            if showing
            else {},
            closed=self.closed,
        )

    def _facts(self, user: str, project: str | None) -> Facts | None:
        if project is not None and self.side is not None and self.world.projects[project].equalized:
            return self.side.acting(project).facts_on(user, self.source.key)
        return facts_in(self.world, user, self.now, project)

    def projects(self, user: str) -> list[str]:
        """The projects in which the user can see anything of the data source."""
        projects = self.world.projects.items()
        return sorted(name for name, each in projects if user in each.members and self.source.key in each.data_sources)


class _Situation:
    """A user in one project, or in none."""

    def __init__(self, rules: Rules, scope: Scope) -> None:
        self._rules, self._scope = rules, scope
        self._passed: dict[str, Condition] = {}
        self.admission = self._admission()
        shows = [(each.name, shown_by(each, scope)) for each in rules.row_policies] if self.admission else []
        self.filtering = tuple(name for name, condition in shows if condition != ALWAYS)
        open_ = self.admission if not rules.closed else NEVER
        self.rows = both((open_, *(condition for _, condition in shows)))

    def _admission(self) -> Condition:
        rules, facts = self._rules, self._scope.facts
        self.admitting: tuple[str, ...] = ()
        if facts is None or not rules.source.enabled or facts.unprofiled:
            return NEVER
        if facts.sources is not None and rules.source.key not in facts.sources:
            return NEVER
        here = replace(self._scope, subscription=True)
        granted = [
            (each.name, admitted_by(each, here)) for each in rules.grants if each.access in ("everyone", "conditions")
        ]
        subscribed = ALWAYS if is_subscribed(here) else NEVER
        self.admitting = tuple(name for name, condition in granted if condition)
        self.admitting += ("a subscription",) if subscribed else ()
        demanded = (admitted_by(each, here) for each in rules.guardrails)
        return both((either((*(condition for _, condition in granted), subscribed)), *demanded))

    def column(self, column: Column) -> ColumnAccess:
        """What shows in the column, in this situation."""
        rules = self._rules
        if column.name not in rules.masks:
            return ColumnAccess(NEVER, NEVER, NEW_COLUMN, ())
        if column.name in rules.nulled:
            return ColumnAccess(NEVER, NEVER, BASELINE, ())
        passing, kept = ALWAYS, NEVER
        steps: list[MaskStep] = []
        policies: list[str] = []
        for policy in rules.masks[column.name]:
            if policy.name not in self._passed:
                self._passed[policy.name] = passed(policy, self._scope)
            passes = self._passed[policy.name]
            if passes != ALWAYS:
                policies.append(policy.name)
                applied = list(applied_masks(policy, self._scope, passes))
                steps += applied
                handed = [each.mask for each in applied if may_return(each.mask, column)]
                # Which values it returns cannot be told, but that they are the same where nothing
                # about the mask changes.
                kept = either((kept, *(both((passing, returned(each, passes))) for each in handed)))
            passing = both((passing, passes))
            if not passing:
                break
        clear = either((passing, kept))
        return ColumnAccess(both((self.rows, clear)), clear, tuple(steps), distinct(policies))


def returned(mask: Mask | None, passes: Condition) -> Condition:
    """That a mask hands a value back: on which rows cannot be told."""
    return only(Test(("returned", named(mask), passes), words="the mask returns it"))


def merged(accesses: Sequence[ColumnAccess]) -> ColumnAccess:
    """What shows in a column of which this shows in the situations that a user may bring about."""
    return ColumnAccess(
        clear=either(each.clear for each in accesses),
        passing=either(each.passing for each in accesses),
        steps=tuple(dict.fromkeys(step for each in accesses for step in each.steps)),
        policies=distinct(policy for each in accesses for policy in each.policies),
    )


def applied_masks(policy: MaskingPolicy, scope: Scope, passes: Condition) -> Iterator[MaskStep]:
    """The masks of the policy that can be the user's, where it does not let a cell pass."""
    first, other, neither = sides(policy, scope)
    if first:
        yield MaskStep(named(policy.mask), policy.mask, passes, first)
    if other:
        yield MaskStep(named(policy.otherwise), policy.otherwise, passes, other)
    if neither:
        yield MaskStep(named(None), None, passes)


def named(mask: Mask | None) -> str:
    """A mask in a word or two: its key, and what it is given."""
    if mask is None:
        return "NULL"
    given = [(each, getattr(mask, each.name)) for each in fields(mask)]
    arguments = [_told(value) for each, value in given if value != each.default]
    return f"{mask.key}({', '.join(arguments)})" if arguments else mask.key


def _told(value: object) -> str:
    return " ".join(sorted(value)) if isinstance(value, frozenset) else str(value)


def may_return(mask: Mask | None, column: Column) -> bool:
    """Whether a mask can hand back the very value that it masks: an `sql` mask by its expression,
    others by what they say of themselves. One that does not fit the column is NULL.
    """
    if mask is None:
        return False
    if not isinstance(mask, Sql):
        return mask.why_kept() is not None and mask.incompatibility(column.type) is None
    expression = read_expression(mask.expression, Usage.MASK)
    if expression is None:
        return False
    return any(
        isinstance(each, tree.MaskedValue)
        or (isinstance(each, tree.ColumnReference) and each.name.lower() == column.name.lower())
        for each in outcomes(expression)
    )


def distinct(names: Iterable[str]) -> tuple[str, ...]:
    """The names, each once, in their order."""
    return tuple(dict.fromkeys(names))
