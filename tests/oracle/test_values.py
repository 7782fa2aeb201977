from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from veil.model import ColumnType, Family
from veil.oracle.values import fits_text, number_as, rounded, text_of

NUMERIC = ColumnType(Family.NUMERIC, precision=6, scale=2)


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        ("ab  ", ColumnType(Family.VARCHAR, length=9), "ab"),
        (" ab", ColumnType(Family.CHAR, length=9), " ab"),
        ("tab\t", ColumnType(Family.VARCHAR, length=9), "tab\t"),
        (-7, ColumnType(Family.INTEGER), "-7"),
        (Decimal("5"), NUMERIC, "5.00"),
        (Decimal("-0.5"), NUMERIC, "-0.50"),
        (Decimal("1E+3"), NUMERIC, "1000.00"),
        (7, NUMERIC, "7.00"),
        (True, ColumnType(Family.BOOLEAN), "true"),
        (False, ColumnType(Family.BOOLEAN), "false"),
        (date(2026, 1, 2), ColumnType(Family.DATE), "2026-01-02"),
        (datetime(2026, 1, 2, 3, 4, 5), ColumnType(Family.TIMESTAMP), "2026-01-02 03:04:05"),
        (datetime(2026, 1, 2, 3, 4, 5, 500_000), ColumnType(Family.TIMESTAMP), "2026-01-02 03:04:05.5"),
        (datetime(2026, 10, 20), ColumnType(Family.TIMESTAMP), "2026-10-20 00:00:00"),
        (datetime(2026, 1, 2, 3, 4, 5, 60), ColumnType(Family.TIMESTAMP), "2026-01-02 03:04:05.00006"),
        (
            datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=2))),
            ColumnType(Family.TIMESTAMPTZ),
            "2026-01-02 01:04:05",
        ),
    ],
)
def test_a_value_has_one_text(value: object, kind: ColumnType, text: str) -> None:
    assert text_of(value, kind) == text  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, ColumnType(Family.VARCHAR, length=9)),
        (1.5, ColumnType(Family.REAL)),
        (1.5, ColumnType(Family.DOUBLE)),
        ("{}", ColumnType(Family.SUPER)),
        (True, ColumnType(Family.INTEGER)),
        (date(2026, 1, 2), ColumnType(Family.VARCHAR, length=9)),
        ("2026-01-02", ColumnType(Family.DATE)),
    ],
)
def test_null_other_types_and_values_of_the_wrong_type_have_no_text(value: object, kind: ColumnType) -> None:
    assert text_of(value, kind) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "expected"),
    [("0.125", "0.13"), ("-0.125", "-0.13"), ("0.124", "0.12"), ("2.5", "2.50"), ("-0.001", "0.00")],
)
def test_numbers_round_half_away_from_zero(value: str, expected: str) -> None:
    assert str(rounded(Decimal(value), 2)) == expected


def test_a_text_fits_by_its_bytes_and_not_by_its_characters() -> None:
    assert fits_text("éé", ColumnType(Family.VARCHAR, length=4))
    assert not fits_text("ééa", ColumnType(Family.VARCHAR, length=4))


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (32767, ColumnType(Family.SMALLINT), 32767),
        (32768, ColumnType(Family.SMALLINT), None),
        (-32768, ColumnType(Family.SMALLINT), -32768),
        (Decimal("2.5"), ColumnType(Family.INTEGER), 3),
        (Decimal("9999.994"), NUMERIC, Decimal("9999.99")),
        (Decimal("9999.995"), NUMERIC, None),
        (float("nan"), ColumnType(Family.DOUBLE), None),
        (1e39, ColumnType(Family.REAL), None),
        (1e39, ColumnType(Family.DOUBLE), 1e39),
        (0.1, ColumnType(Family.REAL), 0.10000000149011612),
    ],
)
def test_a_number_is_rounded_to_its_column_and_null_where_out_of_range(
    value: int | float | Decimal, kind: ColumnType, expected: object
) -> None:
    assert number_as(value, kind) == expected


def test_an_aware_value_is_not_taken_for_a_local_one() -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    assert text_of(moment, ColumnType(Family.TIMESTAMP)) == "2026-01-01 00:00:00"
