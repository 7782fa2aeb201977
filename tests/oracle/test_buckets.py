"""Numbers in buckets: what a multiple is where the type cannot hold all of them."""

import struct
from decimal import Decimal
from fractions import Fraction
from math import inf, isfinite, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veil.model import ColumnType, Family
from veil.oracle.buckets import rounded_down

DOUBLE, REAL = ColumnType(Family.DOUBLE), ColumnType(Family.REAL)
BUCKETS = (
    *("0.1", "0.01", "1e-3", "0.25", "0.3", "0.05", "2.5", "0.7", "1", "3", "100", "1000", "1e22", "12345.678"),
    *("0.1234567890123456789", "7e-20", "1e-37", "3e37", "99999999999999999999999999999999999999"),
)


def single(number: float) -> float:
    """The nearest number of REAL."""
    try:
        return float(struct.unpack("<f", struct.pack("<f", number))[0])
    except OverflowError:
        return inf if number > 0 else -inf


def next_single(number: float, steps: int) -> float:
    """The number of REAL so many steps away from zero, or towards it."""
    (bits,) = struct.unpack("<i", struct.pack("<f", number))
    return float(struct.unpack("<f", struct.pack("<i", max(0, min(bits + steps, 0x7F7FFFFF))))[0])


@pytest.mark.parametrize("kind", [DOUBLE, REAL], ids=str)
@given(st.sampled_from(BUCKETS[:14]), st.integers(-(2**40), 2**40))
def test_the_number_nearest_to_a_multiple_stays_as_it_is(kind: ColumnType, bucket: str, count: int) -> None:
    number = float(count * Fraction(bucket))
    number = single(number) if kind is REAL else number
    if isfinite(number):
        found = rounded_down(number, Decimal(bucket), kind)
        assert found == number or (found is None and abs(number) > 4e12 and bucket in ("0.3", "0.7", "12345.678"))


@pytest.mark.parametrize("kind", [DOUBLE, REAL], ids=str)
@given(st.sampled_from(BUCKETS), st.floats(-1e15, 1e15))
def test_any_other_number_goes_down_to_a_multiple_less_than_a_bucket_below(
    kind: ColumnType, bucket: str, number: float
) -> None:
    number = single(number) if kind is REAL else number
    found = rounded_down(number, Decimal(bucket), kind)
    if found is None or found == number:
        return
    assert isinstance(found, float) and found < number
    width = Fraction(float(bucket)) if bucket in BUCKETS[14:] else Fraction(bucket)
    count = round(Fraction(found) / width)
    nearest = float(count * width)
    assert found == (single(nearest) if kind is REAL else nearest), "it is a multiple"
    following = float((count + 1) * width)
    assert (single(following) if kind is REAL else following) > number, "and the last one that is not above"


@pytest.mark.parametrize(
    ("bucket", "number", "kind", "expected"),
    [
        ("0.1", 0.3, DOUBLE, 0.3),
        ("0.1", 0.1 + 0.2, DOUBLE, 0.3),
        ("0.1", 0.29999999999999993, DOUBLE, 0.2),
        ("0.1", -0.3, DOUBLE, -0.3),
        ("0.1", -0.30000000000000004, DOUBLE, -0.4),
        ("0.1", -0.25, DOUBLE, -0.3),
        ("0.1", -151.2, DOUBLE, -151.2),
        ("0.1", 1e15, DOUBLE, 1e15),
        ("0.1", 1.7e308, DOUBLE, 1.7e308),
        ("0.3", 4e14, DOUBLE, 399999999999999.9),
        ("0.3", 1e15, DOUBLE, None),
        ("0.3", 3e15, DOUBLE, 3e15),
        ("0.1", single(0.3), REAL, single(0.3)),
        ("0.1", single(0.35), REAL, single(0.3)),
        ("0.1", 3e38, REAL, 3e38),
        ("3e37", -single(3.35e38), REAL, None),
        ("3e37", single(3.3e38), REAL, single(3.3e38)),
        ("0.1", nan, DOUBLE, None),
        ("0.1", inf, DOUBLE, None),
        ("0.1", -inf, REAL, None),
        ("100", 5e-324, DOUBLE, 0.0),
        ("100", -5e-324, DOUBLE, -100.0),
    ],
)
def test_floating_point_numbers_in_buckets(
    bucket: str, number: float, kind: ColumnType, expected: float | None
) -> None:
    assert rounded_down(number, Decimal(bucket), kind) == expected
