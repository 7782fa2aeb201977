"""The shapes that the allowed functions take and give."""

from collections.abc import Callable, Mapping, Sequence

from veil.language.functions import ALLOWED, Gives, Signature, Takes
from veil.policy.shapes import Shape, article, meet

_ACCEPTS: Mapping[Takes, Callable[[Shape], bool]] = {
    Takes.TEXT: lambda shape: shape is Shape.TEXT,
    Takes.NUMBER: lambda shape: shape.is_number,
    Takes.MOMENT: lambda shape: shape.is_moment,
    Takes.VALUE: lambda shape: True,
    Takes.UNIT: lambda shape: shape is Shape.TEXT,
    Takes.INTEGER: lambda shape: shape is Shape.INTEGER,
    Takes.COUNT: lambda shape: shape is Shape.INTEGER,
    Takes.ORDINAL: lambda shape: shape is Shape.INTEGER,
    Takes.DIGITS: lambda shape: shape is Shape.INTEGER,
    Takes.WIDTH: lambda shape: shape is Shape.INTEGER,
    Takes.FILL: lambda shape: shape is Shape.TEXT,
    Takes.CHARACTERS: lambda shape: shape is Shape.TEXT,
}
_GIVES = {
    Gives.TEXT: Shape.TEXT,
    Gives.INTEGER: Shape.INTEGER,
    Gives.DATE: Shape.DATE,
    Gives.TIMESTAMP: Shape.TIMESTAMP,
}


def call_shape(function: str, shapes: Sequence[Shape]) -> Shape | None:
    """What a call gives, or None where arguments of these shapes do not fit the function."""
    signature = ALLOWED.get(function)
    if signature is None or len(shapes) < signature.required:
        return None
    if Shape.LOST in shapes:
        return Shape.LOST
    parameters = _repeated(signature, len(shapes))
    if not all(shape.is_open or _ACCEPTS[takes](shape) for takes, shape in zip(parameters, shapes, strict=False)):
        return None
    if signature.gives is Gives.SAME:
        return unified(shapes[:1] if function == "nullif" and meet(*shapes) else shapes)
    if signature.gives is Gives.NUMBER:
        return _number(function, shapes)
    return _GIVES[signature.gives]


def why_not(function: str, shapes: Sequence[Shape]) -> str:
    """What is wrong with a call that has no shape: `takes a text, not an integer`."""
    signature = ALLOWED[function]
    for takes, shape in zip(_repeated(signature, len(shapes)), shapes, strict=False):
        if not shape.is_open and not _ACCEPTS[takes](shape):
            return f"takes {takes}, not {article(shape)}"
    return f"cannot take {' and '.join(dict.fromkeys(article(shape) for shape in shapes))} together"


def _repeated(signature: Signature, count: int) -> tuple[Takes, ...]:
    """What each of so many arguments is to be."""
    return signature.parameters + signature.parameters[-1:] * (count - len(signature.parameters))


def _number(function: str, shapes: Sequence[Shape]) -> Shape | None:
    """Neither engine takes MOD, or ROUND to decimals, of floating-point numbers in a way that the other shares."""
    if function == "mod":
        return None if Shape.DOUBLE in shapes else unified(shapes)
    return None if len(shapes) == 2 and shapes[0] is Shape.DOUBLE else shapes[0]


def unified(shapes: Sequence[Shape]) -> Shape | None:
    """The one shape that all of these can become: NULL goes with anything, numbers widen, dates become timestamps."""
    known = {shape for shape in shapes if shape is not Shape.NULL}
    if Shape.LOST in known:
        return Shape.LOST
    if Shape.OPAQUE in known:
        return None
    if Shape.ANY in known and len(known) > 1:
        known.discard(Shape.ANY)
    if len(known) <= 1:
        return known.pop() if known else Shape.NULL
    if all(shape.is_number for shape in known):
        return Shape.DOUBLE if Shape.DOUBLE in known else Shape.NUMERIC
    return Shape.TIMESTAMP if all(shape.is_moment for shape in known) else None
