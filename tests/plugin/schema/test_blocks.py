"""How ``block()`` becomes a schema, and what it refuses."""

from typing import Any

import pytest

from veil.plugin import Model, SchemaError, attribute, block, computed
from veil.plugin.calls.schemas import write_schema
from veil.plugin.schema.blocks import fill_blocks
from veil.plugin.schema.derive import derive_schema, settings_schema
from veil.plugin.schema.schema import Block, Nesting
from veil.plugin.values.types import DYNAMIC, ListType, has_dynamic
from veil.plugin.wire import tfplugin6_pb2 as pb


class Leaf(Model):
    """A leaf."""

    key: str = attribute("")
    rank: int = computed("")


class Twig(Model):
    """A twig."""

    size: int = attribute("", default=1)
    leaves: list[Leaf] = block("")


class Tree(Model):
    id: str = computed("")
    must: Leaf = block("The one.")
    may: Leaf | None = block("", deprecated="use must")
    some: list[Twig] = block("", min_items=1, max_items=4)
    others: tuple[Leaf, ...] = block("")
    distinct: frozenset[Leaf] = block("", requires_replace=True)
    named: dict[str, Twig] = block("")
    group: Twig = block("", group=True)


SCHEMA = derive_schema(Tree)


def blocks() -> dict[str, Block]:
    return {name: found for name, found in SCHEMA.attributes.items() if isinstance(found, Block)}


@pytest.mark.parametrize(
    ("name", "nesting", "low", "high"),
    [
        ("must", Nesting.SINGLE, 1, 1),
        ("may", Nesting.SINGLE, 0, 0),
        ("some", Nesting.LIST, 1, 4),
        ("others", Nesting.LIST, 0, 0),
        ("distinct", Nesting.SET, 0, 0),
        ("named", Nesting.MAP, 0, 0),
        ("group", Nesting.GROUP, 0, 0),
    ],
)
def test_the_type_of_a_field_says_how_many_blocks_there_are(name: str, nesting: Nesting, low: int, high: int) -> None:
    found = blocks()[name]
    assert found.nested is not None
    assert (found.nested.nesting, found.min_items, found.max_items) == (nesting, low, high)
    assert not (found.required or found.optional or found.computed)


def test_blocks_go_to_terraform_apart_from_attributes() -> None:
    message = write_schema(SCHEMA).block
    assert [each.name for each in message.attributes] == ["id"]
    found = {each.type_name: each for each in message.block_types}
    assert set(found) == set(blocks())
    assert found["group"].nesting == pb.Schema.NestedBlock.GROUP
    assert found["some"].block.block_types[0].type_name == "leaves"
    assert (found["must"].block.description, found["some"].block.description) == ("The one.", "A twig.")
    assert found["may"].block.deprecated


def test_a_model_may_be_made_without_naming_its_blocks() -> None:
    tree = Tree(must=Leaf(key="k"), some=[Twig()])
    assert (tree.may, tree.others, tree.distinct, tree.named) == (None, (), frozenset(), {})
    assert tree.group == Twig(size=1, leaves=[])
    assert Tree.partial(id="x").some == []


def test_no_blocks_are_never_null_at_any_depth() -> None:
    nothing: dict[str, Any] = dict.fromkeys(SCHEMA.attributes)
    filled = fill_blocks(SCHEMA, nothing | {"some": [{"size": 2, "leaves": None}]})
    assert filled["some"] == [{"size": 2, "leaves": []}]
    assert (filled["must"], filled["may"], filled["distinct"], filled["named"]) == (None, None, [], {})
    assert filled["group"] == {"size": None, "leaves": []}


def _model(annotation: Any, declared: Any) -> type[Model]:
    return type("Holder", (Model,), {"__annotations__": {"x": annotation}, "x": declared, "__module__": __name__})


class Secretive(Model):
    token: str | None = attribute("", write_only=True)


class Anything(Model):
    value: Any = attribute("", default=None)


@pytest.mark.parametrize(
    ("annotation", "declared", "message"),
    [
        (str, block(""), "a block is a model, or a list, set or dict of models"),
        (list[str], block(""), "a block is a model"),
        (Leaf, block("", min_items=1), "only lists and sets of blocks have min_items and max_items"),
        (dict[str, Leaf], block("", max_items=1), "only lists and sets of blocks have min_items and max_items"),
        (list[Leaf], block("", min_items=3, max_items=2), "min_items must not exceed max_items"),
        (list[Leaf], block("", group=True), "a group is one model"),
        (Leaf, block("", group=True), "Holder.x.key: a group that is not written is nulls"),
        (Twig, attribute(""), "Holder.x: Twig.leaves is a block, so this must be one as well"),
        (dict[str, list[Twig]], attribute(""), "Twig.leaves is a block"),
        (tuple[str, Twig], attribute(""), "Twig.leaves is a block"),
        (frozenset[Secretive], block(""), "nothing inside a set can be write-only"),
        (frozenset[Anything], block(""), "nothing inside a set can be dynamic"),
    ],
)
def test_blocks_that_make_no_sense_are_refused(annotation: Any, declared: Any, message: str) -> None:
    with pytest.raises(SchemaError, match=message):
        derive_schema(_model(annotation, declared))


def test_names_that_terraform_has_taken_are_refused_for_blocks() -> None:
    taken = type(
        "Holder", (Model,), {"__annotations__": {"lifecycle": Leaf}, "lifecycle": block(""), "__module__": __name__}
    )
    with pytest.raises(SchemaError, match="a meaning of its own"):
        derive_schema(taken)


def test_a_provider_block_may_have_blocks_without_anything_computed() -> None:
    class Settings(Model):
        twig: Twig | None = block("")

    nested = settings_schema(_model(list[Secretive], block(""))).attributes["x"].nested
    assert nested is not None
    assert nested.blocks
    with pytest.raises(SchemaError, match="nothing in a provider block can be computed"):
        settings_schema(Settings)


def test_blocks_with_something_dynamic_have_no_type_of_their_own() -> None:
    kind = derive_schema(_model(list[Anything], block(""))).attributes["x"].type
    assert isinstance(kind, ListType)
    assert kind.loose
    assert has_dynamic(kind)
    assert kind.to_json() == DYNAMIC.to_json()
