from datetime import datetime

import pytest

from veil.oracle.calendar import add, boundaries, part, start_of

MOMENT = datetime(2024, 2, 29, 13, 14, 15, 16)


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("year", datetime(2024, 1, 1)),
        ("quarter", datetime(2024, 1, 1)),
        ("month", datetime(2024, 2, 1)),
        ("week", datetime(2024, 2, 26)),
        ("day", datetime(2024, 2, 29)),
        ("hour", datetime(2024, 2, 29, 13)),
        ("minute", datetime(2024, 2, 29, 13, 14)),
        ("second", datetime(2024, 2, 29, 13, 14, 15)),
    ],
)
def test_a_unit_starts_where_its_fields_are_lowest(unit: str, expected: datetime) -> None:
    assert start_of(unit, MOMENT) == expected


@pytest.mark.parametrize(
    ("unit", "amount", "expected"),
    [
        ("year", 1, datetime(2025, 3, 1, 13, 14, 15, 16)),
        ("year", 4, datetime(2028, 2, 29, 13, 14, 15, 16)),
        ("quarter", -1, datetime(2023, 11, 29, 13, 14, 15, 16)),
        ("month", 12, datetime(2025, 2, 28, 13, 14, 15, 16)),
        ("month", -2, datetime(2023, 12, 29, 13, 14, 15, 16)),
        ("week", 1, datetime(2024, 3, 7, 13, 14, 15, 16)),
        ("day", 1, datetime(2024, 3, 1, 13, 14, 15, 16)),
        ("second", -16, datetime(2024, 2, 29, 13, 13, 59, 16)),
        ("year", 9000, None),
        ("day", 10**9, None),
        ("day", 10**20, None),
    ],
)
def test_adding_keeps_the_day_where_the_month_has_it(unit: str, amount: int, expected: datetime | None) -> None:
    assert add(unit, amount, MOMENT) == expected


@pytest.mark.parametrize(
    ("unit", "expected"),
    [("year", 1), ("quarter", 1), ("month", 1), ("day", 1), ("hour", 1), ("minute", 1), ("second", 2)],
)
def test_a_difference_counts_boundaries_and_not_spans(unit: str, expected: int) -> None:
    start, end = datetime(2023, 12, 31, 23, 59, 59, 900000), datetime(2024, 1, 1, 0, 0, 1)
    assert boundaries(unit, start, end) == expected
    assert boundaries(unit, end, start) == -expected


@pytest.mark.parametrize(
    ("unit", "expected"),
    [("year", 2024), ("quarter", 1), ("month", 2), ("day", 29), ("hour", 13), ("minute", 14), ("dow", 4), ("doy", 60)],
)
def test_a_part_is_one_field(unit: str, expected: int) -> None:
    assert part(unit, MOMENT) == expected


def test_the_week_begins_with_sunday_where_its_days_are_counted() -> None:
    assert part("dow", datetime(2024, 3, 3)) == 0
