"""Plan one resource: complete the proposal, ask the provider, check the answer."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from ..api.context import Context
from ..api.resource import Action, Plan, Resource, overrides
from ..contract.planning import check_plan
from ..contract.problem import Problem
from ..diagnostics import Steps
from ..schema.blocks import fill_blocks
from ..schema.objects import ObjectBinding
from ..schema.schema import Schema
from ..values.raw import Raw, equal
from .blend import same
from .completion import fill_defaults, mark_unknown
from .equivalence import keep_equivalent
from .replacement import replacement_paths


@dataclass
class PlanResult:
    """What goes back to Terraform: the planned value (None for destroy), what replaces, what breaks
    Core's rules.
    """

    planned: Raw
    replaced: list[Steps] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass
class Planner:
    """Plans one change of one resource. The provider's hook runs inside ``guard``: where that keeps
    what the hook raises to itself, the plan is what the hook had left by then. With ``is_refused``
    it is told that the configuration is wrong.
    """

    resource: Resource[Any]
    schema: Schema
    binding: ObjectBinding
    ctx: Context
    guard: Callable[[], AbstractContextManager[None]] = nullcontext
    is_refused: bool = False

    def destroy(self, prior: Raw) -> PlanResult:
        """Plan to destroy. The hook may refuse or warn; there is nothing to plan."""
        plan: Plan[Any] = Plan(None, self.binding.to_python(prior), None, "delete")
        with self.guard():
            self.resource.plan(plan, self.ctx)
        return PlanResult(None)

    def change(self, proposed: Raw, config: Raw, prior: Raw) -> PlanResult:
        """Plan to create (``prior`` is None) or to update."""
        attributes = self.schema.attributes
        planned = keep_equivalent(attributes, fill_defaults(attributes, proposed, config), prior)
        if self._differs(planned, prior):
            planned = mark_unknown(attributes, planned, config, prior)
        asked: list[Steps] = []
        if overrides(self.resource, Resource, "plan"):
            planned, decided, asked = self._ask(planned, config, prior)
            if self._differs(planned, prior):
                planned = mark_unknown(attributes, planned, config, prior, decided)
        problems = list(check_plan(attributes, planned, config, prior))
        replaced = [] if prior is None else [*replacement_paths(attributes, planned, config, prior), *asked]
        if prior is not None and not replaced and self._differs(planned, prior):
            problems.extend(self._missing_update())
        return PlanResult(planned, list(dict.fromkeys(replaced)), problems)

    def _missing_update(self) -> Iterator[Problem]:
        if not overrides(self.resource, Resource, "update"):
            name = type(self.resource).__name__
            yield Problem((), f"changes in place, but {name} has no update(): write it, or declare requires_replace")

    def _differs(self, planned: Raw, prior: Raw) -> bool:
        return prior is None or not equal(planned, prior, self.schema.type)

    def _ask(self, planned: Raw, config: Raw, prior: Raw) -> tuple[Raw, set[str], list[Steps]]:
        """Run the provider's hook. Returns the planned value, the attributes it decided, and what
        it wants replaced.
        """
        action: Action = "create" if prior is None else "update" if self._differs(planned, prior) else "none"
        to_python = self.binding.to_python
        self.ctx.config = to_python(config)
        plan: Plan[Any] = Plan(
            self.ctx.config, to_python(prior), to_python(planned), action, is_refused=self.is_refused
        )
        with self.guard():
            self.resource.plan(plan, self.ctx)
        if plan.planned is None:
            return planned, set(), plan.replaced
        result, decided = self._merge(plan.planned, planned)
        return fill_blocks(self.schema, result), decided, plan.replaced

    def _merge(self, answer: Any, base: Raw) -> tuple[Raw, set[str]]:
        """What the hook left in ``answer``, on top of ``base``, and the attributes that it assigned
        or altered.
        """
        result, decided = dict(base), set()
        for hcl_name, (name, field_binding) in self.binding.fields.items():
            value = answer.__dict__.get(name)
            altered = not same(value, field_binding.to_python(base[hcl_name]))
            if altered:
                result[hcl_name] = field_binding.to_raw(value)
            if altered or name in answer.__pydantic_fields_set__:
                decided.add(hcl_name)
        return result, decided
