"""Laws of planning, on random configurations: Core accepts every plan, and a plan after an apply is
empty.
"""

from collections.abc import Mapping
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from veil.plugin import Context, Model, Resource, attribute, block, computed
from veil.plugin.codec import decode_msgpack, encode_msgpack
from veil.plugin.contract.applying import check_apply
from veil.plugin.lifecycle.plan import Planner, PlanResult
from veil.plugin.schema.derive import derive_schema
from veil.plugin.schema.objects import bind_model
from veil.plugin.schema.schema import Attribute, Block, Nesting
from veil.plugin.values.raw import equal
from veil.plugin.values.unknown import UNKNOWN

from ..codec.strategies import values
from .core import propose, settle


class Leaf(Model):
    key: str = attribute("")
    size: int = attribute("", default=1)
    note: str | None = attribute("")
    seen: str = computed("")
    fixed: str = computed("", inputs=())
    mirror: str = computed("", inputs=("key",))


class Branch(Model):
    key: str = attribute("")
    leaf: Leaf | None = attribute("")
    leaves: dict[str, Leaf] = attribute("", default={})
    token: str | None = attribute("", write_only=True)


class Season(Model):
    first: str | None = attribute("")
    last: str = attribute("", default="december")


class Limb(Model):
    key: str = attribute("")
    anything: Any = attribute("", default=None)
    token: str | None = attribute("", write_only=True)
    leaves: list[Leaf] = block("")
    season: Season | None = block("")
    twig: Leaf | None = attribute("")


class Tree(Model):
    id: str = computed("", inputs=())
    name: str = attribute("")
    size: int = attribute("", default=3)
    place: str | None = attribute("", requires_replace=True)
    alias: str = attribute("", computed=True, inputs=("name",))
    chain: str = computed("", inputs=("alias",))
    state: frozenset[str] = computed("")
    secret: str | None = attribute("", write_only=True)
    anything: Any = attribute("", default=None)
    one: Branch | None = attribute("")
    several: list[Branch] | None = attribute("")
    named: dict[str, Branch] = attribute("", default={})
    distinct: frozenset[Leaf] | None = attribute("")
    found: dict[str, Leaf] = computed("")
    limb: Limb | None = block("")
    limbs: list[Limb] = block("")
    leaf_set: frozenset[Leaf] = block("")
    labelled: dict[str, Limb] = block("")
    season: Season = block("", group=True)


SCHEMA = derive_schema(Tree)


class TreeResource(Resource[Tree]):
    type_name = "lab_tree"
    model = Tree

    def update(self, prior: Tree, planned: Tree, ctx: Context) -> Tree:
        return planned


def configs(
    attributes: Mapping[str, Attribute] = SCHEMA.attributes, *, unknowns: bool = True
) -> st.SearchStrategy[Any]:
    """A configuration that Core would let through: nothing where only the provider computes, all
    that is required.
    """
    return st.fixed_dictionaries({name: _config(attribute, unknowns) for name, attribute in attributes.items()})


def _config(attribute: Attribute, unknowns: bool) -> st.SearchStrategy[Any]:
    if isinstance(attribute, Block):
        return _blocks(attribute, unknowns)
    if not attribute.required and not attribute.optional:
        return st.none()
    choices = [] if attribute.required else [st.none()]
    if unknowns:
        choices.append(st.just(UNKNOWN))
    return st.one_of(*choices, _present(attribute, unknowns))


def _blocks(block: Block, unknowns: bool) -> st.SearchStrategy[Any]:
    """Blocks are unknown as a whole, when a dynamic block makes them, or not at all; only single
    ones can be null.
    """
    choices = [_present(block, unknowns)]
    if unknowns:
        choices.append(st.just(UNKNOWN))
    if block.empty is None:
        choices.append(st.none())
    return st.one_of(*choices)


def _present(attribute: Attribute, unknowns: bool) -> st.SearchStrategy[Any]:
    if attribute.nested is None:
        return values(attribute.type, unknowns=unknowns).filter(lambda value: value is not None)
    inner = configs(attribute.nested.attributes, unknowns=unknowns)
    match attribute.nested.nesting:
        case Nesting.SINGLE | Nesting.GROUP:
            return inner
        case Nesting.MAP:
            return st.dictionaries(st.sampled_from("abc"), inner, max_size=2)
        case _:
            return st.lists(inner, max_size=2)


def plan(config: Any, prior: Any) -> PlanResult:
    planner = Planner(TreeResource(), SCHEMA, bind_model(Tree), Context())
    return planner.change(propose(SCHEMA.attributes, config, prior), config, prior)


def applied(config: Any, prior: Any) -> Any:
    """The state after planning and applying a known configuration."""
    return settle(plan(config, prior).planned, SCHEMA.type)


KNOWN = configs(unknowns=False)
RULES = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


@RULES
@given(configs())
def test_core_accepts_every_plan_to_create(config: Any) -> None:
    result = plan(config, None)
    assert equal(decode_msgpack(encode_msgpack(result.planned, SCHEMA.type), SCHEMA.type), result.planned, SCHEMA.type)
    assert result.problems == []
    assert result.replaced == []
    assert result.planned["id"] is UNKNOWN
    assert result.planned["secret"] is None


@RULES
@given(KNOWN, configs())
def test_core_accepts_every_plan_to_update(first: Any, second: Any) -> None:
    prior = applied(first, None)
    result = plan(second, prior)
    assert result.problems == []
    assert result.planned["id"] == prior["id"]


@RULES
@given(KNOWN)
def test_a_plan_right_after_an_apply_is_empty(config: Any) -> None:
    state = applied(config, None)
    result = plan(config, state)
    assert equal(result.planned, state, SCHEMA.type)
    assert result.replaced == []


@RULES
@given(KNOWN, KNOWN)
def test_a_plan_right_after_an_update_is_empty(first: Any, second: Any) -> None:
    state = applied(second, applied(first, None))
    assert equal(plan(second, state).planned, state, SCHEMA.type)


@RULES
@given(configs(), KNOWN)
def test_what_settles_the_unknown_is_no_contradiction(config: Any, first: Any) -> None:
    for prior in (None, applied(first, None)):
        planned = plan(config, prior).planned
        assert list(check_apply(SCHEMA.attributes, planned, settle(planned, SCHEMA.type))) == []


@RULES
@given(configs(), KNOWN)
def test_planning_twice_gives_the_same_plan(config: Any, first: Any) -> None:
    prior = applied(first, None)
    one, two = plan(config, prior), plan(config, prior)
    assert equal(one.planned, two.planned, SCHEMA.type)
    assert one.replaced == two.replaced
