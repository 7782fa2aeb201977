"""Which masks decide on each column of a data source, and in which order."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from veil.language import Usage, referenced_tags, tree, walk
from veil.language.spans import Span
from veil.language.tree import Expression
from veil.model import Column, ColumnType, Kind, Mask, MaskingPolicy, Null, World, fold
from veil.policy.findings import Path, Problem
from veil.policy.fitting import fit, widened
from veil.policy.functions import KnownFunctions
from veil.policy.reading import MOST_CHOICES, choices, exception_test, read_expression, user_test
from veil.policy.resolved import AppliedMask, FittedMask, Incompatibility, ResolvedColumn
from veil.policy.targeting import SourceView, closure, masked_columns, tag_depth
from veil.policy.typecheck import UNKNOWN, Environment, typecheck_condition


@dataclass(slots=True)
class Notes:
    """Gathers what does not fit while one policy is resolved."""

    kind: Kind
    policy: str
    incompatibilities: list[Incompatibility]

    def add(self, path: Path, problems: Iterable[Problem], column: str | None = None) -> None:
        self.incompatibilities += [
            Incompatibility(self.kind, self.policy, path, problem, column) for problem in problems
        ]


def resolve_columns(
    world: World, place: SourceView, env: Environment, incompatibilities: list[Incompatibility]
) -> tuple[ResolvedColumn, ...]:
    """The view's columns in the table's order; hidden ones are left out."""
    stacks = _stacks(world, place)
    prepared: dict[str, _Prepared] = {}
    by_type: dict[ColumnType, Environment] = {}
    stacked: dict[tuple[tuple[str, ...], ColumnType], _Stack] = {}
    resolved: list[ResolvedColumn] = []
    visible = {column.name for column, _ in place.columns}
    baseline = frozenset(map(fold, world.integration.baseline.null_tags))
    for column in place.source.columns:
        if column.name not in visible:
            if place.source.new_columns == "null":
                resolved.append(ResolvedColumn(column, column.type, is_null=True))
            continue
        policies = stacks.get(column.name)
        if policies is None:
            is_null = not baseline.isdisjoint(closure(column.tags))
            resolved.append(ResolvedColumn(column, column.type, is_null=is_null))
            continue
        key = tuple([each.name for each in policies]), column.type
        stack = stacked.get(key)
        if stack is None:
            for policy in policies:
                if policy.name not in prepared:
                    known = KnownFunctions(world.functions, policy.definitions)
                    prepared[policy.name] = _Prepared(policy, place, env, incompatibilities, by_type, known)
            stack = stacked[key] = _Stack([prepared[policy.name] for policy in policies], column.type)
        for notes, path, problems in stack.problems:
            notes.add(path, problems, column.name)
        resolved.append(ResolvedColumn(column, stack.type, stack.masks))
    return tuple(resolved)


def _stacks(world: World, place: SourceView) -> dict[str, list[MaskingPolicy]]:
    """The active policies on each masked column, the first to decide first."""
    stacks: dict[str, list[MaskingPolicy]] = {}
    types = {column.name: column for column, _ in place.columns}
    for policy in world.masking_policies.values():
        if not policy.staged:
            for column in masked_columns(policy.applies_to, place):
                stacks.setdefault(column.name, []).append(policy)
    for name, policies in stacks.items():
        if len(policies) > 1:
            policies.sort(key=turn_on(types[name]))
    return stacks


def turn_on(column: Column) -> Callable[[MaskingPolicy], tuple[int, int, str]]:
    """What orders policies on a column, the first to decide first."""
    return lambda each: (-each.priority, -tag_depth(each.applies_to, column), each.name)


_Fitted = tuple[AppliedMask, Sequence[tuple[Path, tuple[Problem, ...]]]]


class _Prepared:
    """What one policy says on the columns of the data source: the same on all columns of one
    type.
    """

    def __init__(
        self,
        policy: MaskingPolicy,
        place: SourceView,
        env: Environment,
        incompatibilities: list[Incompatibility],
        by_type: dict[ColumnType, Environment],
        known: KnownFunctions,
    ) -> None:
        """`by_type` are the environments of masked values, which all policies share; `known` the
        functions to be called.
        """
        self._policy = policy
        self._known = known
        self._env = env
        self._by_type = by_type
        self._fitted: dict[ColumnType, _Fitted] = {}
        self.notes = Notes(Kind.MASKING_POLICY, policy.name, incompatibilities)
        self._excepted, problems = exception_test(policy.exceptions, env)
        self.notes.add(("exceptions", "expression"), problems)
        self._audience: Expression | None = None
        if policy.for_everyone_who is not None:
            self._audience, problems = user_test(policy.for_everyone_who, Usage.AUDIENCE, env)
            self.notes.add(("for_everyone_who",), problems)
        self._where: tuple[Expression, ...] | None = None
        if policy.where is not None:
            self._where = resolve_where(policy.where, place, env, ("where",), self.notes)
        self.masks: tuple[Mask, ...] = (policy.mask, *([policy.otherwise] if policy.otherwise else []))

    def on(self, column_type: ColumnType) -> _Fitted:
        """The policy on columns of one type, and what does not fit them."""
        fitted = self._fitted.get(column_type)
        if fitted is None:
            fitted = self._fitted[column_type] = self._fit(column_type)
        return fitted

    def _fit(self, column_type: ColumnType) -> _Fitted:
        policy, env = self._policy, self._by_type.get(column_type)
        if env is None:
            env = self._by_type[column_type] = replace(self._env, value=column_type)
        mask, problems = fit(policy.mask, env, self._known)
        problems_by_path: list[tuple[Path, tuple[Problem, ...]]] = [(("mask", policy.mask.key), problems)]
        otherwise: FittedMask = Null()
        if policy.otherwise is not None:
            otherwise, problems = fit(policy.otherwise, env, self._known)
            problems_by_path.append((("otherwise", policy.otherwise.key), problems))
        applied = AppliedMask(policy.name, self._excepted, mask, self._where, self._audience, otherwise)
        return applied, [each for each in problems_by_path if each[1]]


class _Stack:
    """The masks of several policies on columns of one type, the type that they give, and what does
    not fit.
    """

    def __init__(self, policies: Sequence[_Prepared], column_type: ColumnType) -> None:
        fitted = [(each.notes, *each.on(column_type)) for each in policies]
        self.masks = tuple(applied for _, applied, _ in fitted)
        self.problems = [
            (notes, path, problems) for notes, _, problems_by_path in fitted for path, problems in problems_by_path
        ]
        self.type = widened(column_type, tuple(mask for each in policies for mask in each.masks))


def resolve_where(text: str, place: SourceView, env: Environment, path: Path, notes: Notes) -> tuple[Expression, ...]:
    """An expression over the row, once per way in which its tags stand for columns; unknown where
    one has none.
    """
    expression, problem = read_expression(text, Usage.ROW)
    if expression is None:
        notes.add(path, (problem,) if problem else ())
        return (UNKNOWN,)
    tags = referenced_tags(expression)
    missing = sorted(tag for tag in tags if not place.tagged(tag))
    if missing:
        message = f"no column of {place.source.key} carries the tag {missing[0]!r}"
        notes.add(path, (Problem("tag-missing", message, _place_of_tag(expression, missing[0])),))
        return (UNKNOWN,)
    conditions: list[Expression] = []
    for chosen in choices(tags, place):
        if len(conditions) == MOST_CHOICES:
            message = f"its tags stand for more than {MOST_CHOICES} combinations"
            notes.add(path, (Problem("too-many-choices", message, expression.span),))
            return (UNKNOWN,)
        typed = typecheck_condition(expression, replace(env, tagged=chosen))
        notes.add(path, typed.problems)
        conditions.append(typed.expression)
    return tuple(conditions)


def _place_of_tag(expression: Expression, tag: str) -> Span | None:
    """Where the tag first stands."""
    named = (each for each in walk(expression) if isinstance(each, tree.ColumnTagged))
    return next((each.span for each in named if each.tag == tag), None)
