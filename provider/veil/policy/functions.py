"""Which function of a user's a mask calls on a column, and whether it may: what a view does, and what a plan says of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from math import isfinite

from veil.language.tree import Boolean, Moment, Number, Text
from veil.model import (
    ColumnType,
    DataSource,
    Family,
    Function,
    MaskingPolicy,
    Null,
    UserFunction,
    UserFunctions,
    World,
    definition,
)
from veil.model.names import dotted
from veil.policy.findings import Problem
from veil.policy.literals import read
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
"""The code of what keeps a function from being called, and may end without a change of the configuration."""


@dataclass(frozen=True, slots=True)
class KnownFunctions:
    """The functions that the masks of one policy may find, and the definitions of them that it has accepted."""

    functions: UserFunctions = field(default_factory=dict)
    definitions: frozenset[str] = frozenset()

    def accepts(self, mask: Function, name: str, fingerprint: str) -> bool:
        """Whether a definition of the function is one that the mask lists or, where it lists none, that the policy remembers."""
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
    fitting = [each for each in overloads if _takes(each, mask, column_type)]
    if not fitting:
        there = "; ".join(sorted(_signature(name, each) for each in overloads))
        # The constants themselves may be keys, and what is told here stands in logs.
        given = f" and the mask's arguments, {len(mask.arguments)} in number" if mask.arguments else " alone"
        return _unfit(f"no {name} takes a {column_type.family}{given}. There is: {there}")
    if len(fitting) > 1:
        there = " and ".join(sorted(_signature(name, each) for each in fitting))
        return _unfit(f"its arguments can be read as those of {there}")
    (found,) = fitting
    shown = _signature(name, found)
    if found.returns != str(column_type.family):
        return _unfit(f"{shown} gives a {found.returns}, and the column is a {column_type.family}")
    if found.problem:
        return _closed(f"{shown} {found.problem}")
    if not known.accepts(mask, name, found.fingerprint):
        return _closed(
            f"the definition of {shown} is not the one that was accepted: somebody has replaced it, or it is new. Where that is "
            f'well, add "{found.fingerprint}" to definitions of the mask; else bring the old one back'
        )
    arguments = tuple(
        Argument(_read(text, type_), _as_called(text, type_))
        for text, type_ in zip(mask.arguments, found.arguments[1:], strict=True)
    )
    return Called(*place, arguments, column_type.family, found.steady), ()


def calls(world: World, source: DataSource) -> Iterator[tuple[MaskingPolicy, Function]]:
    """The masks that call functions on columns of a data source, with their policies."""
    policies = [each for each in world.masking_policies.values() if each.functions and not each.staged]
    place = source_view(source) if policies else None
    for policy in policies:
        if place is not None and masked_columns(policy.applies_to, place):
            yield from ((policy, mask) for mask in policy.functions)


def _takes(function: UserFunction, mask: Function, column_type: ColumnType) -> bool:
    if len(function.arguments) != 1 + len(mask.arguments) or function.arguments[0] != str(column_type.family):
        return False
    return all(_is_read(text, type_) for text, type_ in zip(mask.arguments, function.arguments[1:], strict=True))


def _is_read(text: str, type_: str) -> bool:
    family = _family(type_)
    if family is None:
        return False
    found = Text(text) if family is Family.VARCHAR else read(text, ColumnType(family))
    if isinstance(found, Number) and family is Family.DOUBLE:
        return isfinite(float(found.value))
    return found is not None


def _family(type_: str) -> Family | None:
    """The type of a constant argument; None for one of which there are no constants here."""
    try:
        family = Family(type_)
    except ValueError:
        return None
    return family if family in _CONSTANTS else None


def _read(text: str, type_: str) -> Text | Number | Boolean | Moment:
    if type_ == Family.VARCHAR:
        return Text(text)
    found = read(text, ColumnType(Family(type_)))
    assert isinstance(found, Number | Boolean | Moment)  # Else the function does not take it.
    return found


def _as_called(text: str, type_: str) -> ColumnType:
    """A type with room for the constant: without a length Redshift means 256 bytes, or no decimals."""
    if type_ == Family.VARCHAR:
        return ColumnType(Family.VARCHAR, length=max(1, len(text.encode())))
    found = read(text, ColumnType(Family(type_)))
    if type_ == Family.NUMERIC and isinstance(found, Number):
        return ColumnType(Family.NUMERIC, precision=38, scale=_decimals(found.value))
    return ColumnType(Family(type_))


def _decimals(number: Decimal) -> int:
    return max(0, -int(number.as_tuple().exponent))


def _signature(name: str, function: UserFunction) -> str:
    return f"{name}({', '.join(function.arguments)})"


def _closed(why: str) -> tuple[FittedMask, tuple[Problem, ...]]:
    return Null(), (Problem(CLOSED, why),)


def _unfit(why: str) -> tuple[FittedMask, tuple[Problem, ...]]:
    return Null(), (Problem("mask-does-not-fit", f"function does not fit: {why}"),)
