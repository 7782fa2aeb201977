import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from veil.model import (
    Column,
    ColumnType,
    Constant,
    Email,
    Family,
    Function,
    Hash,
    Mask,
    Noise,
    Null,
    Partial,
    Regex,
    Round,
    UserFunction,
)
from veil.model import TruncateDate as Truncate
from veil.oracle.masks import Cell, Functions, masked

VARCHAR = ColumnType(Family.VARCHAR, length=40)
CHAR = ColumnType(Family.CHAR, length=8)
INTEGER = ColumnType(Family.INTEGER)
MONEY = ColumnType(Family.NUMERIC, precision=6, scale=2)
DATE = ColumnType(Family.DATE)
TIMESTAMP = ColumnType(Family.TIMESTAMP)
TIMESTAMPTZ = ColumnType(Family.TIMESTAMPTZ)


def mask(given: Mask, value: Any, kind: ColumnType = VARCHAR, salt: str | None = "pepper") -> Any:
    return masked(
        given,
        Cell(value, Column("c", kind), salt, salt, lambda text, column: "not used", lambda: "the row", lambda names: 5),
    )


def sha(text: str) -> str:
    return hashlib.sha256(("pepper" + text).encode()).hexdigest()


ALL = (Hash(), Null(), Partial(1, 1), Email(), Regex(".", "x"), Round(Decimal(5)), Noise(Decimal(5)), Truncate("month"))


@pytest.mark.parametrize("each", ALL, ids=lambda each: type(each).__name__)
def test_null_stays_null(each: Mask) -> None:
    assert all(mask(each, None, kind) is None for kind in (VARCHAR, INTEGER, MONEY, DATE))


def test_a_constant_replaces_null_too() -> None:
    assert mask(Constant("x"), None) == "x"
    assert mask(Constant("7"), None, INTEGER) == 7


def test_a_constant_that_the_column_cannot_hold_is_null() -> None:
    assert mask(Constant("seven"), 7, INTEGER) is None
    assert mask(Constant("x" * 41), "y") is None
    assert mask(Constant("x"), {}, ColumnType(Family.SUPER)) is None


def test_a_hash_of_a_text_is_of_salt_and_text_without_trailing_blanks() -> None:
    assert mask(Hash(), "ab") == mask(Hash(), "ab  ") == mask(Hash(), "ab   ", CHAR) == sha("ab")


@pytest.mark.parametrize(("family", "digits"), [(Family.SMALLINT, 3), (Family.INTEGER, 7), (Family.BIGINT, 15)])
def test_a_hash_of_an_integer_is_an_integer_that_the_column_holds(family: Family, digits: int) -> None:
    assert mask(Hash(), -12, ColumnType(family)) == int(sha("-12")[:digits], 16)


@pytest.mark.parametrize("kind", [MONEY, DATE, TIMESTAMP, ColumnType(Family.DOUBLE), ColumnType(Family.BOOLEAN)])
def test_a_hash_on_any_other_type_is_null(kind: ColumnType) -> None:
    value = {"numeric": Decimal(1), "date": date(2026, 1, 1), "boolean": True}.get(kind.family.value, 1.0)
    assert mask(Hash(), value, kind) is None


@pytest.mark.parametrize(("each", "value"), [(Hash(), "a"), (Email(), "a@b"), (Noise(Decimal(5)), 7)])
def test_without_a_salt_nothing_salted_shows(each: Mask, value: Any) -> None:
    assert mask(each, value, INTEGER if value == 7 else VARCHAR, salt=None) is None


@pytest.mark.parametrize(
    ("first", "last", "replacement", "value", "expected"),
    [
        (2, 2, "*", "abcdef", "ab**ef"),
        (0, 4, "*", "1234567", "***4567"),
        (3, 0, "-", "abcdef", "abc---"),
        (2, 2, "*", "abcd", "****"),
        (2, 2, "*", "abc", "***"),
        (0, 0, "*", "abc", "***"),
        (1, 1, "", "abc", "ac"),
        (2, 2, "", "abc", ""),
        (1, 1, "<>", "abcd", "a<><>d"),
        (1, 1, "*", "", ""),
        (1, 1, "*", "é€a", "é*a"),
        (1, 1, "*", "ab ", "a* "),
    ],
)
def test_partial_keeps_the_ends_and_replaces_each_character_between(
    first: int, last: int, replacement: str, value: str, expected: str
) -> None:
    assert mask(Partial(first, last, replacement), value) == expected


def test_partial_does_not_count_the_blanks_that_pad_a_char() -> None:
    assert mask(Partial(0, 1, "*"), "abc     ", CHAR) == "**c"


def test_partial_that_no_longer_fits_is_null() -> None:
    assert mask(Partial(0, 0, "€€"), "abcdefg") is None
    assert mask(Partial(), 5, INTEGER) is None


def test_a_char_holds_ascii_only() -> None:
    assert mask(Partial(0, 0, "ß"), "abc", CHAR) is None
    assert mask(Partial(0, 0, "ß"), "", CHAR) is None
    assert mask(Regex("x", "ß"), "abc", CHAR) is None
    assert mask(Constant("ß"), "abc", CHAR) is None
    assert mask(Constant("s"), "abc", CHAR) == "s"


def test_email_hides_the_local_part_and_keeps_the_domain() -> None:
    assert mask(Email(), "ann@example.org") == sha("ann")[:16] + "@example.org"
    assert mask(Email(), "@example.org") == sha("")[:16] + "@example.org"


@pytest.mark.parametrize("value", ["", "ann", "a@b@c", "@@", "x" * 5 + "@" + "y" * 30])
def test_email_without_exactly_one_at_sign_or_too_long_is_null(value: str) -> None:
    assert mask(Email(), value) is None


def test_regex_replaces_every_match_literally() -> None:
    assert mask(Regex("[0-9]", "#"), "a1b22") == "a#b##"
    assert mask(Regex("(b)", r"\1$1&"), "abc") == r"a\1$1&c"
    assert mask(Regex("B", "x"), "abc") == "abc"
    assert mask(Regex("B", "x", case_insensitive=True), "abc") == "axc"
    assert mask(Regex("[0-9]", "x" * 20), "123") is None
    assert mask(Regex("(", "x"), "abc") is None
    assert mask(Regex("a(?=b)", "x"), "abc") is None


@pytest.mark.parametrize(
    ("bucket", "value", "kind", "expected"),
    [
        ("100", 250, INTEGER, 200),
        ("100", -1, INTEGER, -100),
        ("100", 300, INTEGER, 300),
        ("0.5", Decimal("1.74"), MONEY, Decimal("1.50")),
        ("100", Decimal("-9999.99"), MONEY, None),
        ("2.5", 8, INTEGER, 7),
        ("2.5", -3, INTEGER, -5),
        ("2.5", -1, INTEGER, -3),
        ("0.125", Decimal("1.13"), MONEY, Decimal("1.12")),
        ("0.125", Decimal("-0.01"), MONEY, Decimal("-0.13")),
        ("100", -32768, ColumnType(Family.SMALLINT), None),
        ("10", 27.5, ColumnType(Family.DOUBLE), 20.0),
        ("10", "27", VARCHAR, None),
    ],
)
def test_round_goes_down_to_a_multiple_and_then_to_the_digits_of_the_type(
    bucket: str, value: Any, kind: ColumnType, expected: Any
) -> None:
    assert mask(Round(Decimal(bucket)), value, kind) == expected


def test_noise_is_decided_by_salt_and_value() -> None:
    share = Decimal(int(sha("noise:1000")[:7], 16)) / 16**7
    moved = 1000 + 1000 * Decimal("0.05") * (2 * share - 1)
    assert mask(Noise(Decimal(5)), 1000, INTEGER) == int(moved.quantize(Decimal(1)))
    assert mask(Noise(Decimal(5)), 1000, INTEGER, salt="other") != mask(Noise(Decimal(5)), 1000, INTEGER)


@pytest.mark.parametrize("kind", [ColumnType(Family.DOUBLE), ColumnType(Family.REAL)])
def test_noise_on_a_floating_point_number_is_decided_by_nine_decimals(kind: ColumnType) -> None:
    share = int(sha("noise:2.500000000")[:7], 16) / 16**7
    assert mask(Noise(Decimal(5)), 2.5, kind) == pytest.approx(2.5 + 2.5 * 0.05 * (2 * share - 1), rel=1e-6)
    assert mask(Noise(Decimal(5)), 0.0, kind) == 0


@pytest.mark.parametrize("value", [1e29, -1e29, 1e-21, float("nan"), float("inf")])
def test_noise_on_a_number_out_of_all_proportion_is_null(value: float) -> None:
    assert mask(Noise(Decimal(5)), value, ColumnType(Family.DOUBLE)) is None


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("year", datetime(2026, 1, 1)),
        ("quarter", datetime(2026, 4, 1)),
        ("month", datetime(2026, 5, 1)),
        ("week", datetime(2026, 5, 11)),
        ("day", datetime(2026, 5, 17)),
        ("hour", datetime(2026, 5, 17, 13)),
        ("minute", datetime(2026, 5, 17, 13, 14)),
    ],
)
def test_truncate_cuts_to_the_start_of_the_unit(unit: Any, expected: datetime) -> None:
    moment = datetime(2026, 5, 17, 13, 14, 15, 16)
    assert mask(Truncate(unit), moment, TIMESTAMP) == expected
    assert mask(Truncate(unit), moment.replace(tzinfo=UTC), TIMESTAMPTZ) == expected.replace(tzinfo=UTC)


@pytest.mark.parametrize("unit", ["day", "hour", "minute"])
def test_truncate_that_would_leave_a_date_as_it_is_gives_null(unit: Any) -> None:
    assert mask(Truncate(unit), date(2026, 5, 17), DATE) is None
    assert mask(Truncate("week"), date(2026, 5, 17), DATE) == date(2026, 5, 11)


FPE = UserFunction(("character varying", "integer"), "character varying", "a" * 64)


def of_function(
    mask: Function, value: object, *, run: bool = True, equalized: bool = False, **changes: object
) -> object:
    """What the mask makes of a text in a VARCHAR(6)."""
    known = {"sec.fpe": (replace(FPE, **changes),)}  # type: ignore[arg-type]
    runs = {"sec.fpe": lambda text, times: text * times} if run else {}
    functions = Functions(known, frozenset({f"sec.fpe {'a' * 64}"}), runs, equalized=equalized)
    cell = Cell(
        value,  # type: ignore[arg-type]
        Column("c", ColumnType(Family.VARCHAR, length=6)),
        None,
        None,
        lambda text, column: "not used",
        lambda: "the row",
        lambda names: 5,
        functions,
    )
    return masked(mask, cell)


def test_a_function_gives_what_stands_for_it_where_the_column_holds_that() -> None:
    mask = Function("sec.fpe", ("2",))
    assert of_function(mask, "abc") == "abcabc"
    assert of_function(mask, "abcd") is None
    assert of_function(mask, None) is None


def test_a_function_that_nothing_stands_for_is_named_and_not_run() -> None:
    assert str(of_function(Function("sec.fpe", ("2",)), "abc", run=False)) == "what sec.fpe gives"


def test_a_function_that_may_not_be_called_gives_null() -> None:
    mask = Function("sec.fpe", ("2",))
    assert of_function(mask, "abc", fingerprint="b" * 64) is None
    assert of_function(replace(mask, definitions=frozenset({"b" * 64})), "abc") is None
    assert of_function(replace(mask, definitions=frozenset({"b" * 64})), "abc", fingerprint="b" * 64) == "abcabc"
    assert of_function(mask, "abc", problem="belongs to bob") is None
    assert of_function(mask, "abc", returns="integer") is None
    assert of_function(mask, "abc", arguments=("integer", "integer")) is None
    assert of_function(replace(mask, arguments=("two",)), "abc") is None
    assert of_function(mask, "abc", equalized=True) is None
    assert of_function(mask, "abc", equalized=True, steady=True) == "abcabc"
