"""Which of two masks lets more of a value be read.

Masks are ordered by what can be read off a single cell, and not by what can be worked out of many:

1. nothing: `null` and `constant`, a mask that does not fit the column, which is NULL, and an `sql`
   that asks nothing of the row;
2. nothing but which cells are equal: `hash`;
3. a part of the value, or something near it: all others, and any other `sql` or `function`, of
   which nobody can say what they leave.

The value itself is no matter of masks: where it shows, and where a mask may hand it back as it is,
that is a gain. `partial` reveals more than `hash`, although a hash tells values apart that look the
same in part: whoever reads the first digits of a card number knows something of it, and whoever
reads its hash does not. Within the third rank two masks are ordered only where both are of one kind
and say how much they leave. Others cannot be compared: `email` leaves what `partial` does not, and
the other way round.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from veil.diff.conditions import ALWAYS, Condition
from veil.language import Usage, tree, walk
from veil.model import ColumnType, Constant, DateShift, Hash, Mask, Null, Partial, Sql, TruncateDate
from veil.oracle.expressions import read_expression


@dataclass(frozen=True, slots=True)
class MaskStep:
    """A mask that can stand in a column: by its name, None for NULL, where no earlier one does.
    `passes` is when it lets a cell pass to the next one, `chosen` when it is the mask of its
    policy.
    """

    name: str
    mask: Mask | None = field(default=None, compare=False)
    passes: Condition = ALWAYS
    chosen: Condition = ALWAYS


_NOTHING, _EQUALITY, _PART = range(3)

_UNITS = ("year", "quarter", "month", "week", "day", "hour", "minute")
"""The units of `truncate_date`, the one that leaves least first."""


def reveals_more(
    before: Sequence[MaskStep],
    after: Sequence[MaskStep],
    type_before: ColumnType | None,
    type_after: ColumnType | None,
) -> bool:
    """Whether masks, in their order, let more be read of some cell than those whose place they
    take. A type is None where the column is not in the view, so that nothing of it shows.

    Which cells move from one mask to another is not found out: any may, from one that goes or stood
    elsewhere, and to one that comes, where what decides before them has changed.
    """
    had, gets = list(before), list(after)
    while had and gets and had[0] == gets[0]:
        del had[0], gets[0]
    if type_before is None:
        had = [MaskStep("NULL")]
    moved = set(had) == set(gets)
    return any(
        (moved or one not in gets or other not in had)
        and _is_weaker(_fitting(other.mask, type_after), _fitting(one.mask, type_before))
        for one in had
        for other in gets
    )


def _fitting(mask: Mask | None, column_type: ColumnType | None) -> Mask | None:
    return None if mask is None or column_type is None or mask.incompatibility(column_type) else mask


def _is_weaker(mask: Mask | None, other: Mask | None) -> bool:
    """Whether a mask reveals more than another."""
    rank, rank_of_other = _rank(mask), _rank(other)
    if rank != rank_of_other or rank != _PART or mask == other:
        return rank > rank_of_other
    match mask, other:
        case Partial(), Partial():
            return mask.keep_first >= other.keep_first and mask.keep_last >= other.keep_last and _kept(mask, other)
        case TruncateDate(), TruncateDate():
            return _UNITS.index(mask.unit) > _UNITS.index(other.unit)
        case DateShift(), DateShift():
            return mask.days < other.days
    return False


def _kept(mask: Partial, other: Partial) -> bool:
    return (mask.keep_first, mask.keep_last) != (other.keep_first, other.keep_last)


def _rank(mask: Mask | None) -> int:
    if mask is None or isinstance(mask, Null | Constant):
        return _NOTHING
    if isinstance(mask, Hash):
        return _EQUALITY
    if isinstance(mask, Sql):
        expression = read_expression(mask.expression, Usage.MASK)
        asks_row = expression is not None and any(isinstance(each, tree.AboutRow) for each in walk(expression))
        return _PART if asks_row else _NOTHING
    return _PART
