"""Random Terraform types, and random values of them."""

import unicodedata
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from veil.plugin.values.raw import Typed, number
from veil.plugin.values.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
    Type,
    has_dynamic,
)
from veil.plugin.values.unknown import UNKNOWN

TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=8).map(
    lambda text: unicodedata.normalize("NFC", text)
)
NUMBERS = st.one_of(
    st.integers(),
    st.integers(min_value=2**63 - 2, max_value=2**64 + 2),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=Decimal("-1e40"), max_value=Decimal("1e40")),
    st.floats(allow_nan=False),
).map(number)

LEAVES: st.SearchStrategy[Type] = st.sampled_from([STRING, NUMBER, BOOL, DYNAMIC])


def _wider(inner: st.SearchStrategy[Type]) -> st.SearchStrategy[Type]:
    return st.one_of(
        inner.map(ListType),
        inner.map(SetType),
        inner.map(MapType),
        st.lists(inner, max_size=3).map(lambda items: TupleType(tuple(items))),
        st.dictionaries(TEXTS, inner, max_size=3).map(ObjectType),
    )


TYPES: st.SearchStrategy[Type] = st.recursive(LEAVES, _wider, max_leaves=5)


@st.composite
def values(draw: Any, kind: Type, *, unknowns: bool = True) -> Any:
    """A value of ``kind``: null and, if wanted, unknown now and then."""
    special = draw(st.integers(0, 9))
    if special == 0:
        return None
    if special == 1 and unknowns:
        return UNKNOWN
    match kind:
        case ListType(element) | SetType(element):
            return draw(st.lists(values(element, unknowns=unknowns), max_size=_most(element)))
        case MapType(element):
            return draw(st.dictionaries(TEXTS, values(element, unknowns=unknowns), max_size=_most(element)))
        case TupleType(elements):
            return [draw(values(element, unknowns=unknowns)) for element in elements]
        case ObjectType(attributes):
            return {name: draw(values(element, unknowns=unknowns)) for name, element in attributes.items()}
    if kind is DYNAMIC:
        inner = draw(TYPES)
        return Typed(inner, draw(values(inner, unknowns=unknowns)))
    return draw({STRING: TEXTS, NUMBER: NUMBERS, BOOL: st.booleans()}[kind])  # type: ignore[index]


def _most(element: Type) -> int:
    """How many elements a random collection has at most: several dynamic ones would have to agree
    on their type.
    """
    return 1 if has_dynamic(element) else 3


@st.composite
def typed_values(draw: Any, *, unknowns: bool = True) -> tuple[Type, Any]:
    """A type and a value of it."""
    kind = draw(TYPES)
    return kind, draw(values(kind, unknowns=unknowns))
