"""Whether a call of an allowed function fits its signature, and what it gives then."""

from collections.abc import Mapping, Sequence

from veil.language.functions import ALLOWED, Signature, Takes
from veil.language.value_types import ValueType, article, meet, unified

_INTEGERS = frozenset({ValueType.INTEGER})
_NUMBERS = frozenset(each for each in ValueType if each.is_number)
_MOMENTS = frozenset(each for each in ValueType if each.is_moment)
_TEXTS = frozenset({ValueType.TEXT})

ACCEPTED: Mapping[Takes, frozenset[ValueType]] = {
    Takes.TEXT: _TEXTS,
    Takes.NUMBER: _NUMBERS,
    Takes.MOMENT: _MOMENTS,
    Takes.VALUE: frozenset(ValueType),
    Takes.UNIT: _TEXTS,
    Takes.INTEGER: _INTEGERS,
    Takes.COUNT: _INTEGERS,
    Takes.ORDINAL: _INTEGERS,
    Takes.DIGITS: _INTEGERS,
    Takes.WIDTH: _INTEGERS,
    Takes.FILL: _TEXTS,
    Takes.CHARACTERS: _TEXTS,
}
"""The types of value that may stand for an argument, beside the open ones."""


def accepts(takes: Takes, given: ValueType) -> bool:
    """Whether a value of the type may stand for the argument."""
    return given.is_open or given in ACCEPTED[takes]


def call_type(function: str, given: Sequence[ValueType]) -> ValueType | None:
    """What a call of the canonical name `function` gives, None where arguments of these types do
    not fit it.
    """
    signature = ALLOWED[function]
    if len(given) < signature.required:
        return None
    if ValueType.LOST in given:
        return ValueType.LOST
    if not all(map(accepts, _repeated(signature, len(given)), given)):
        return None
    if signature.gives is None:
        return unified(given[:1] if function == "nullif" and meet(*given) else given)
    return _number(function, given) if signature.gives is ValueType.NUMBER else signature.gives


def why_not(function: str, given: Sequence[ValueType]) -> str:
    """What is wrong with a call that has no type: `takes a string, not an integer`."""
    for takes, each in zip(_repeated(ALLOWED[function], len(given)), given, strict=False):
        if not accepts(takes, each):
            return f"takes {takes}, not {article(each)}"
    return f"cannot take {' and '.join(dict.fromkeys(map(article, given)))} together"


def _repeated(signature: Signature, count: int) -> tuple[Takes, ...]:
    """What each of so many arguments is to be."""
    return signature.parameters + signature.parameters[-1:] * (count - len(signature.parameters))


def _number(function: str, given: Sequence[ValueType]) -> ValueType | None:
    """Neither engine takes MOD, or ROUND to decimals, of floating-point numbers in a way that the
    other shares.
    """
    if function == "mod":
        return None if ValueType.DOUBLE in given else unified(given)
    return None if len(given) == 2 and given[0] is ValueType.DOUBLE else given[0]
