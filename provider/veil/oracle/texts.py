"""Texts that are put together, and the length at which there is none."""

from collections.abc import Sequence
from dataclasses import replace

from veil.oracle.lengths import LONGEST, joined, of_bytes
from veil.oracle.operands import NOTHING, TEXT, UNTYPED, Group, Operand


def concatenated(operands: Sequence[Operand]) -> Operand:
    """`a || b || c` of texts; NULL where one is NULL."""
    if not all(each == UNTYPED or each.group is Group.TEXT for each in operands):
        return NOTHING
    if UNTYPED in operands:
        return Operand(None, TEXT, extent=of_bytes(0))
    texts = [each.value for each in operands]
    text = None if None in texts else "".join(map(str, texts))
    return Operand(text, TEXT, extent=joined([each.length for each in operands]))


def closed(operand: Operand) -> Operand:
    """A text, or NULL where it, or one on the way to it, could be too long."""
    if operand.group is not Group.TEXT or not operand.length.doubtful:
        return operand
    return replace(operand, value=operand.value if operand.length.fits else None, extent=of_bytes(LONGEST))
