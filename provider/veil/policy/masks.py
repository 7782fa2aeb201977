"""Which masks decide on each column of a data source, and in which order."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from veil.language import Usage, referenced_tags
from veil.language.tree import Expression
from veil.model import Column, Kind, MaskingPolicy, Null, World, fold
from veil.policy.comparing import UNKNOWN, Surroundings
from veil.policy.elaborate import elaborate_condition
from veil.policy.findings import Path, Problem
from veil.policy.fitting import fit, mask_key, widened
from veil.policy.places import Place, closure, masked_columns, tag_depth
from veil.policy.reading import MOST_CHOICES, choices, exception_test, read_expression, user_test
from veil.policy.resolved import AppliedMask, Misfit, ResolvedColumn


@dataclass(slots=True)
class Notes:
    """Gathers what does not fit while one policy is resolved."""

    kind: Kind
    policy: str
    misfits: list[Misfit]

    def add(self, path: Path, problems: Iterable[Problem], column: str | None = None) -> None:
        self.misfits += [Misfit(self.kind, self.policy, path, problem, column) for problem in problems]


def resolve_columns(
    world: World, place: Place, around: Surroundings, misfits: list[Misfit]
) -> tuple[ResolvedColumn, ...]:
    """The view's columns in the table's order; hidden ones are left out."""
    stacks = _stacks(world, place)
    prepared: dict[str, _Prepared] = {}
    found: list[ResolvedColumn] = []
    for column in place.source.columns:
        if place.column(column.name) is None:
            if place.source.new_columns == "null":
                found.append(ResolvedColumn(column, column.type, is_null=True))
            continue
        policies = stacks.get(column.name, [])
        if not policies:
            baseline = frozenset(map(fold, world.integration.baseline.null_tags))
            is_null = not baseline.isdisjoint(closure(column.tags))
            found.append(ResolvedColumn(column, column.type, is_null=is_null))
            continue
        for policy in policies:
            if policy.name not in prepared:
                prepared[policy.name] = _prepare(policy, place, around, misfits)
        found.append(_resolve_column(column, [prepared[policy.name] for policy in policies], around, misfits))
    return tuple(found)


def _stacks(world: World, place: Place) -> dict[str, list[MaskingPolicy]]:
    """The active policies on each masked column, the first to decide first."""
    stacks: dict[str, list[MaskingPolicy]] = {}
    types = {column.name: column for column, _ in place.columns}
    for policy in world.masking_policies.values():
        if not policy.staged:
            for column in masked_columns(policy.applies_to, place):
                stacks.setdefault(column.name, []).append(policy)
    for name, policies in stacks.items():
        column = types[name]
        policies.sort(key=lambda each, of=column: (-each.priority, -tag_depth(each.applies_to, of), each.name))  # type: ignore[misc]
    return stacks


@dataclass(frozen=True, slots=True)
class _Prepared:
    """What one policy says on every column of the data source."""

    policy: MaskingPolicy
    excepted: Expression
    audience: Expression | None
    where: tuple[Expression, ...] | None


def _prepare(policy: MaskingPolicy, place: Place, around: Surroundings, misfits: list[Misfit]) -> _Prepared:
    notes = Notes(Kind.MASKING_POLICY, policy.name, misfits)
    excepted, problems = exception_test(policy.exceptions, around)
    notes.add(("exceptions", "expression"), problems)
    audience: Expression | None = None
    if policy.for_everyone_who is not None:
        audience, problems = user_test(policy.for_everyone_who, Usage.AUDIENCE, around)
        notes.add(("for_everyone_who",), problems)
    where = None if policy.where is None else resolve_where(policy.where, place, around, ("where",), notes)
    return _Prepared(policy, excepted, audience, where)


def resolve_where(text: str, place: Place, around: Surroundings, path: Path, notes: Notes) -> tuple[Expression, ...]:
    """An expression over the row, once per way in which its tags stand for columns; unknown where one has none."""
    expression, problem = read_expression(text, Usage.ROW)
    if expression is None:
        notes.add(path, (problem,) if problem else ())
        return (UNKNOWN,)
    tags = referenced_tags(expression)
    missing = sorted(tag for tag in tags if not place.tagged(tag))
    if missing:
        message = f"no column of {place.source.key} carries the tag {missing[0]!r}"
        notes.add(path, (Problem("tag-missing", message),))
        return (UNKNOWN,)
    found: list[Expression] = []
    for chosen in choices(tags, place):
        if len(found) == MOST_CHOICES:
            notes.add(path, (Problem("too-many-choices", f"its tags stand for more than {MOST_CHOICES} combinations"),))
            return (UNKNOWN,)
        elaborated = elaborate_condition(expression, replace(around, tagged=chosen))
        notes.add(path, elaborated.problems)
        found.append(elaborated.expression)
    return tuple(found)


def _resolve_column(
    column: Column, stack: list[_Prepared], around: Surroundings, misfits: list[Misfit]
) -> ResolvedColumn:
    surroundings = replace(around, value=column.type)
    masks = [each.policy.mask for each in stack] + [each.policy.otherwise for each in stack if each.policy.otherwise]
    applied = tuple(_apply(each, column, surroundings, misfits) for each in stack)
    return ResolvedColumn(column, widened(column.type, tuple(filter(None, masks))), applied)


def _apply(prepared: _Prepared, column: Column, surroundings: Surroundings, misfits: list[Misfit]) -> AppliedMask:
    policy = prepared.policy
    notes = Notes(Kind.MASKING_POLICY, policy.name, misfits)
    mask, problems = fit(policy.mask, surroundings)
    notes.add(("mask", mask_key(policy.mask)), problems, column.name)
    otherwise, problems = (Null(), ()) if policy.otherwise is None else fit(policy.otherwise, surroundings)
    if policy.otherwise is not None:
        notes.add(("otherwise", mask_key(policy.otherwise)), problems, column.name)
    return AppliedMask(policy.name, prepared.excepted, mask, prepared.where, prepared.audience, otherwise)
