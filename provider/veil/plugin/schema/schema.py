"""Schemas: the attributes of a block, what Terraform may do with each, and their types."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from ..values.raw import Raw
from ..values.types import ListType, MapType, ObjectType, SetType, Type, has_dynamic

Comparison = Callable[[Raw, Raw], bool]


class SchemaError(TypeError):
    """A model cannot be expressed as a Terraform schema. It is the provider author's to mend."""


class Nesting(Enum):
    """How often a nested object may occur. The values are those of the wire protocol.

    GROUP is for blocks only: one block that Terraform makes up of nulls where the user has not
    written it.
    """

    SINGLE = 1
    LIST = 2
    SET = 3
    MAP = 4
    GROUP = 5


@dataclass(frozen=True)
class Nested:
    """The objects inside an attribute, or those that ``blocks`` describe."""

    nesting: Nesting
    attributes: Mapping[str, "Attribute"]
    blocks: bool = False

    @property
    def is_one(self) -> bool:
        """Whether there is one object at most, and no path step between it and the attribute."""
        return self.nesting in (Nesting.SINGLE, Nesting.GROUP)

    @cached_property
    def object_type(self) -> ObjectType:
        """The type of one of the objects."""
        return ObjectType({name: attribute.type for name, attribute in self.attributes.items()})

    @cached_property
    def type(self) -> Type:
        """The type of the attribute that holds them."""
        loose = self.blocks and has_dynamic(self.object_type)
        match self.nesting:
            case Nesting.LIST:
                return ListType(self.object_type, loose=loose)
            case Nesting.SET:
                return SetType(self.object_type)
            case Nesting.MAP:
                return MapType(self.object_type, loose=loose)
        return self.object_type


@dataclass(frozen=True, kw_only=True)
class Attribute:
    """One attribute.

    ``default`` is the raw value for an attribute that the configuration leaves out
    (``has_default``). ``inputs`` are the sibling attributes on which a computed value depends: None
    means on all. Of two raw values, the old and the new, ``equivalent`` says whether they mean the
    same, and ``replaces`` whether the change replaces the resource, where ``requires_replace``
    leaves that open.
    """

    name: str
    leaf_type: Type | None = None
    nested: Nested | None = None
    description: str = ""
    required: bool = False
    optional: bool = False
    computed: bool = False
    sensitive: bool = False
    write_only: bool = False
    deprecated: str | None = None
    requires_replace: bool = False
    replaces: Comparison | None = None
    equivalent: Comparison | None = None
    has_default: bool = False
    default: Raw = None
    inputs: tuple[str, ...] | None = None

    @cached_property
    def type(self) -> Type:
        """The attribute's type, nested objects included."""
        if self.leaf_type is not None:
            return self.leaf_type
        if self.nested is not None:
            return self.nested.type
        raise SchemaError(f"attribute {self.name} has neither a type nor nested attributes")


@dataclass(frozen=True, kw_only=True)
class Block(Attribute):
    """Nested blocks of one name, which a value holds like an attribute. Terraform itself counts
    them.

    They are configured or not, never computed: a plan has as many as the configuration, and none is
    an empty collection, not null. ``max_items`` 0 means any number.
    """

    min_items: int = 0
    max_items: int = 0

    @property
    def empty(self) -> Raw:
        """The value where the configuration has no such block."""
        match self.nested and self.nested.nesting:
            case Nesting.LIST | Nesting.SET:
                return []
            case Nesting.MAP:
                return {}
            case Nesting.GROUP if self.nested is not None:
                return {n: a.empty if isinstance(a, Block) else None for n, a in self.nested.attributes.items()}
        return None


@dataclass(frozen=True)
class Schema:
    """The schema of a provider, resource, data source or ephemeral resource. ``attributes`` include
    its blocks.
    """

    attributes: Mapping[str, Attribute]
    version: int = 0
    description: str = ""
    deprecated: str | None = None

    @cached_property
    def has_write_only(self) -> bool:
        """Whether an attribute at any depth is write-only."""
        return _any(self.attributes, lambda attribute: attribute.write_only)

    @cached_property
    def has_secrets(self) -> bool:
        """Whether an attribute at any depth is sensitive or write-only."""
        return _any(self.attributes, lambda attribute: attribute.sensitive or attribute.write_only)

    @cached_property
    def has_blocks(self) -> bool:
        """Whether there are nested blocks."""
        return any(isinstance(attribute, Block) for attribute in self.attributes.values())

    @cached_property
    def type(self) -> ObjectType:
        """The type of a whole configuration or state."""
        return ObjectType({name: attribute.type for name, attribute in self.attributes.items()})


def _any(attributes: Mapping[str, Attribute], wanted: Callable[[Attribute], bool]) -> bool:
    return any(
        wanted(attribute) or (attribute.nested is not None and _any(attribute.nested.attributes, wanted))
        for attribute in attributes.values()
    )
