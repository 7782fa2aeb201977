"""Which function of a user's a mask calls on a column, and whether it may: what a view does, and
what a plan says of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import isfinite

from veil.language.tree import Boolean, Moment, Number, Text
from veil.model import (
    ColumnType,
    DataSource,
    Family,
    Function,
    Null,
    UserFunction,
    UserFunctions,
    World,
    definition,
)
from veil.model.names import dotted
from veil.policy.findings import Problem
from veil.policy.literals import decimals, read
from veil.policy.resolved import Argument, Called, FittedMask
from veil.policy.targeting import masked_columns, source_view

_CONSTANTS = frozenset(
    {
        Family.SMALLINT,
        Family.INTEGER,
        Family.BIGINT,
        Family.NUMERIC,
        Family.DOUBLE,
        Family.BOOLEAN,
        Family.VARCHAR,
        Family.DATE,
        Family.TIMESTAMP,
    }
)
"""The types that a function may take after the value."""

CLOSED = "function-closed"
"""The code of what keeps a function from being called, and may end without a change of the
configuration.
"""


@dataclass(frozen=True, slots=True)
class KnownFunctions:
    """The functions that the masks of one policy may find, and the definitions of them that it has
    accepted.
    """

    functions: UserFunctions = field(default_factory=dict)
    definitions: frozenset[str] = frozenset()

    def accepts(self, mask: Function, name: str, fingerprint: str) -> bool:
        """Whether a definition of the function is one that the mask lists or, where it lists none,
        that the policy remembers.
        """
        if mask.definitions:
            return fingerprint in mask.definitions
        return definition(name, fingerprint) in self.definitions


NO_FUNCTIONS = KnownFunctions()


def bind(mask: Function, column_type: ColumnType, known: KnownFunctions) -> tuple[FittedMask, tuple[Problem, ...]]:
    """The call that a mask makes on a column of a type that it fits, or Null and why."""
    place = mask.place
    assert place is not None  # Else it does not fit.
    name = dotted(*place)
    overloads = known.functions.get(name, ())
    if not overloads:
        return _closed(f"there is no function {name}")
    fitting = [
        (each, arguments) for each in overloads if (arguments := _arguments(each, mask, column_type)) is not None
    ]
    if not fitting:
        there = "; ".join(sorted(_signature(name, each) for each in overloads))
        # The constants themselves may be keys, and what is told here stands in logs.
        given = f" and the mask's arguments, {len(mask.arguments)} in number" if mask.arguments else " alone"
        return _unfit(f"no {name} takes a {column_type.family}{given}. There is: {there}")
    if len(fitting) > 1:
        there = " and ".join(sorted(_signature(name, each) for each, _ in fitting))
        return _unfit(f"its arguments can be read as those of {there}")
    ((function, arguments),) = fitting
    shown = _signature(name, function)
    if function.returns != str(column_type.family):
        return _unfit(f"{shown} gives a {function.returns}, and the column is a {column_type.family}")
    if function.problem:
        return _closed(f"{shown} {function.problem}")
    if not known.accepts(mask, name, function.fingerprint):
        return _closed(
            f"the definition of {shown} is not the one that was accepted: somebody has replaced it, or it is new. Where that is "
            f'well, add "{function.fingerprint}" to definitions of the mask; else bring the old one back'
        )
    return Called(*place, arguments, column_type.family, function.steady), ()


def calls(world: World, source: DataSource) -> Iterator[Function]:
    """The masks that call functions on columns of a data source."""
    policies = [each for each in world.masking_policies.values() if each.functions and not each.staged]
    place = source_view(source) if policies else None
    for policy in policies:
        if place is not None and masked_columns(policy.applies_to, place):
            yield from policy.functions


def _arguments(function: UserFunction, mask: Function, column_type: ColumnType) -> tuple[Argument, ...] | None:
    """What the function gets after a column's value; None where it takes no such value, or not the
    mask's constants.
    """
    if len(function.arguments) != 1 + len(mask.arguments) or function.arguments[0] != str(column_type.family):
        return None
    constants = tuple(map(_argument, mask.arguments, function.arguments[1:]))
    arguments = tuple(each for each in constants if each is not None)
    return arguments if len(arguments) == len(constants) else None


def _argument(text: str, type_: str) -> Argument | None:
    """A constant as a parameter of this type gets it, and the type with room for it: without a
    length Redshift means 256 bytes, or no decimals. None where it cannot be read as one of the
    type.
    """
    family = _family(type_)
    if family is None:
        return None
    if family is Family.VARCHAR:
        return Argument(Text(text), ColumnType(family, length=max(1, len(text.encode()))))
    constant = read(text, ColumnType(family))
    if isinstance(constant, Number):
        if family is Family.NUMERIC:
            return Argument(constant, ColumnType(family, precision=38, scale=decimals(constant.value)))
        if family is Family.DOUBLE and not isfinite(float(constant.value)):
            return None
    return Argument(constant, ColumnType(family)) if isinstance(constant, Number | Boolean | Moment) else None


def _family(type_: str) -> Family | None:
    """The type of a constant argument; None for one of which there are no constants here."""
    try:
        family = Family(type_)
    except ValueError:
        return None
    return family if family in _CONSTANTS else None


def _signature(name: str, function: UserFunction) -> str:
    return f"{name}({', '.join(function.arguments)})"


def _closed(why: str) -> tuple[FittedMask, tuple[Problem, ...]]:
    return Null(), (Problem(CLOSED, why),)


def _unfit(why: str) -> tuple[FittedMask, tuple[Problem, ...]]:
    return Null(), (Problem("mask-does-not-fit", f"function does not fit: {why}"),)
