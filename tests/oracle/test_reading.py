from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from veil.model import ColumnType, Family
from veil.oracle.reading import read


@pytest.mark.parametrize(
    ("text", "family", "value"),
    [
        ("12", Family.SMALLINT, 12),
        (" -12 ", Family.INTEGER, -12),
        ("9223372036854775807", Family.BIGINT, 9223372036854775807),
        ("1.5", Family.DOUBLE, 1.5),
        ("1e2", Family.DOUBLE, 100.0),
        ("true", Family.BOOLEAN, True),
        ("F", Family.BOOLEAN, False),
        ("2026-02-28", Family.DATE, date(2026, 2, 28)),
        ("2026-02-28 10:00:00.5", Family.TIMESTAMP, datetime(2026, 2, 28, 10, 0, 0, 500000)),
        ("2026-02-28", Family.TIMESTAMP, datetime(2026, 2, 28)),
        ("2026-02-28 10:00", Family.TIMESTAMPTZ, datetime(2026, 2, 28, 10, tzinfo=UTC)),
        ("2026-02-28 10:00:00+02", Family.TIMESTAMPTZ, datetime(2026, 2, 28, 8, tzinfo=UTC)),
        ("2026-02-28 10:00:00+15:59", Family.TIMESTAMPTZ, datetime(2026, 2, 27, 18, 1, tzinfo=UTC)),
        ("2026-02-28 10:00:00-16", Family.TIMESTAMPTZ, None),
        ("2026-02-28 10:00:00 -05:30", Family.TIMESTAMPTZ, datetime(2026, 2, 28, 15, 30, tzinfo=UTC)),
    ],
)
def test_a_text_is_read_as_its_type(text: str, family: Family, value: object) -> None:
    assert read(text, ColumnType(family)) == value


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("", Family.INTEGER),
        ("1.0", Family.INTEGER),
        ("40000", Family.SMALLINT),
        ("9223372036854775808", Family.BIGINT),
        ("12a", Family.INTEGER),
        ("\u0661", Family.INTEGER),
        ("nan", Family.DOUBLE),
        ("infinity", Family.REAL),
        ("maybe", Family.BOOLEAN),
        ("2026-02-30", Family.DATE),
        ("28.02.2026", Family.DATE),
        ("2026-02-28 25:00", Family.TIMESTAMP),
        ("{}", Family.SUPER),
        ("10:00", Family.TIME),
    ],
)
def test_a_text_that_is_none_of_the_type_is_null(text: str, family: Family) -> None:
    assert read(text, ColumnType(family)) is None


def test_a_numeric_is_rounded_to_its_scale_and_null_beyond_its_precision() -> None:
    kind = ColumnType(Family.NUMERIC, precision=4, scale=1)
    assert read("12.25", kind) == Decimal("12.3")
    assert read("1234", kind) is None


def test_a_text_longer_than_its_column_is_null() -> None:
    assert read("é", ColumnType(Family.VARCHAR, length=2)) == "é"
    assert read("éa", ColumnType(Family.VARCHAR, length=2)) is None
