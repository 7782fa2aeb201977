"""Nested blocks: their schema, and the rule that a collection of no blocks is empty and never
null.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from pydantic.fields import FieldInfo

from ..values.raw import Raw
from ..values.unknown import UNKNOWN
from .bindings import Binding
from .declare import behaviour_of
from .objects import ObjectBinding
from .schema import Attribute, Block, Nested, Nesting, Schema, SchemaError


def derive_block(
    where: str, hcl_name: str, info: FieldInfo, *, nested: Nested | None, description: str, nullable: bool
) -> Block:
    """The schema of a field that was declared with ``block()``. Raises SchemaError."""
    behaviour = behaviour_of(info)
    declared = behaviour["block"]
    if nested is None:
        raise SchemaError(f"{where}: a block is a model, or a list, set or dict of models")
    low, high = declared["min_items"], declared["max_items"]
    if nested.nesting is Nesting.SINGLE and declared["group"]:
        nested = replace(nested, nesting=Nesting.GROUP)
    elif declared["group"]:
        raise SchemaError(f"{where}: a group is one model, and not a collection")
    if nested.nesting is Nesting.SINGLE:
        _refuse_counts(where, low, high)
        low = high = 0 if nullable else 1
    _check_counts(where, nested, low, high)
    return Block(
        name=hcl_name,
        nested=replace(nested, blocks=True),
        description=description,
        requires_replace=bool(behaviour.get("requires_replace")),
        deprecated=behaviour.get("deprecated"),
        min_items=low,
        max_items=high,
    )


def _check_counts(where: str, nested: Nested, low: int, high: int) -> None:
    if nested.nesting in (Nesting.MAP, Nesting.GROUP):
        _refuse_counts(where, low, high)
    if low < 0 or high < 0 or 0 < high < low:
        raise SchemaError(f"{where}: min_items must not exceed max_items")
    if nested.nesting is Nesting.GROUP:
        for name, attribute in nested.attributes.items():
            if attribute.required or (isinstance(attribute, Block) and attribute.min_items):
                raise SchemaError(f"{where}.{name}: a group that is not written is nulls, so nothing in it is required")


def _refuse_counts(where: str, low: int, high: int) -> None:
    if low or high:
        raise SchemaError(f"{where}: only lists and sets of blocks have min_items and max_items")


def refuse_blocks(where: str, binding: Binding) -> None:
    """Raise SchemaError if there are blocks inside an attribute: Terraform has blocks in blocks
    only.
    """
    for inner in _models(binding):
        for name, info in inner.model.model_fields.items():
            if "block" in behaviour_of(info):
                raise SchemaError(f"{where}: {inner.model.__name__}.{name} is a block, so this must be one as well")


def _models(binding: Binding) -> Iterator[ObjectBinding]:
    """The models of an attribute's value, whatever they are nested in, but not those inside of
    them.
    """
    if isinstance(binding, ObjectBinding):
        yield binding
        return
    for inner in getattr(binding, "elements", None) or filter(None, [getattr(binding, "element", None)]):
        yield from _models(inner)


def fill_blocks(schema: Schema, value: Raw) -> Raw:
    """``value`` with an empty collection wherever no blocks were said to be null."""
    return _fill(schema.attributes, value) if schema.has_blocks else value


def _fill(attributes: Mapping[str, Attribute], value: Raw) -> Raw:
    if not isinstance(value, dict):
        return value
    return {
        name: _filled(attribute, value[name]) if isinstance(attribute, Block) else value[name]
        for name, attribute in attributes.items()
    }


def _filled(block: Block, value: Raw) -> Raw:
    if value is None or value is UNKNOWN or block.nested is None:
        return block.empty if value is None else value
    inner = block.nested.attributes
    if isinstance(value, list):
        return [_fill(inner, item) for item in value]
    if block.nested.nesting is Nesting.MAP:
        return {key: _fill(inner, item) for key, item in value.items()}
    return _fill(inner, value)
