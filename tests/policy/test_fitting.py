"""Which masks fit which column types. None is quietly NULL: what does not fit comes with a
problem.
"""

from decimal import Decimal
from itertools import product

import pytest

from veil.model import (
    Categories,
    ColumnType,
    Constant,
    DateShift,
    Email,
    Family,
    Hash,
    KAnonymity,
    Mask,
    Noise,
    Null,
    Partial,
    Regex,
    Round,
    Sql,
    TruncateDate,
)
from veil.policy.fitting import fit
from veil.policy.typecheck import Environment

TEXTS = {Family.CHAR, Family.VARCHAR}
WHOLE = {Family.SMALLINT, Family.INTEGER, Family.BIGINT}
NUMBERS = WHOLE | {Family.NUMERIC, Family.REAL, Family.DOUBLE}
MOMENTS = {Family.TIMESTAMP, Family.TIMESTAMPTZ}
COMPARABLE = TEXTS | NUMBERS | MOMENTS | {Family.DATE, Family.BOOLEAN}
COLUMNS = {
    "at": ColumnType(Family.TIMESTAMP),
    "name": ColumnType(Family.VARCHAR, length=20),
    "ratio": ColumnType(Family.DOUBLE),
}
FITS: dict[Mask, set[Family]] = {
    Hash(): TEXTS | WHOLE,
    Partial(1, 1): TEXTS,
    Email(): TEXTS,
    Regex("[0-9]", "#"): TEXTS,
    Round(Decimal(10)): NUMBERS,
    Noise(Decimal(5)): NUMBERS,
    TruncateDate("month"): MOMENTS | {Family.DATE},
    TruncateDate("hour"): MOMENTS,
    Categories(frozenset({"7", "8"}), Decimal(50)): TEXTS | WHOLE,
    Categories(frozenset({"7", "eight"}), Decimal(50)): TEXTS,
    Categories(frozenset({"7", "x" * 21}), Decimal(50)): set(),
    Categories(frozenset({"7", "07"}), Decimal(50)): TEXTS,
    Categories(frozenset({"7", "99999"}), Decimal(50)): TEXTS | WHOLE - {Family.SMALLINT},
    Categories(frozenset({"a", "größe"}), Decimal(50)): {Family.VARCHAR},
    Categories(frozenset({"7"}), Decimal(50)): set(),
    Categories(frozenset(), Decimal(50)): set(),
    Categories(frozenset({"7", "8"}), Decimal(100)): set(),
    Categories(frozenset({"a", "b "}), Decimal(50)): set(),
    KAnonymity(2, frozenset({"at"})): set(Family),
    KAnonymity(2, frozenset({"at", "Name"})): set(Family),
    KAnonymity(2, frozenset({"at", "ratio"})): set(),
    KAnonymity(2, frozenset({"at", "missing"})): set(),
    KAnonymity(1, frozenset({"at"})): set(),
    KAnonymity(2, frozenset()): set(),
    DateShift(30): MOMENTS | {Family.DATE},
    DateShift(0): set(),
    DateShift(36_501): set(),
    Constant("7"): TEXTS | NUMBERS,
    Constant("true"): TEXTS | {Family.BOOLEAN},
    Constant("2026-01-31"): TEXTS | MOMENTS | {Family.DATE},
    Sql("@value"): COMPARABLE,
}


def type_of(family: Family) -> ColumnType:
    if family in TEXTS:
        return ColumnType(family, length=20)
    if family is Family.NUMERIC:
        return ColumnType(family, precision=12, scale=2)
    return ColumnType(family, name="geometry") if family is Family.OTHER else ColumnType(family)


def named(value: Mask | Family) -> str:
    """The same in every process, which a set's own words are not."""
    return str(value) if isinstance(value, Family) else f"{type(value).__name__} {list(FITS).index(value)}"


@pytest.mark.parametrize(("mask", "family"), list(product(FITS, Family)), ids=named)
def test_a_mask_gives_a_value_of_the_type_or_null_and_a_problem(mask: Mask, family: Family):
    fitted, problems = fit(mask, Environment("raw.t", COLUMNS, value=type_of(family)))
    assert isinstance(fitted, Null) == (family not in FITS[mask])
    assert bool(problems) == isinstance(fitted, Null)
