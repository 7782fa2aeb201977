"""The functions that everybody may call: what each computes is what the mask of its name makes of a
value.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.warehouse.conftest import Login, run
from tests.warehouse.removal import clearing
from veil.model import Column, ColumnType, Email, Family, Hash, Mask, Partial, Regex, Round, TruncateDate
from veil.oracle.masks import Cell, masked
from veil.warehouse import (
    PUBLIC_ROUTINES,
    Layout,
    Session,
    WarehouseError,
    expected_routines,
    install_statements,
    literal,
    qualified,
    read,
)

SALT = "s4lt \u00fc'\\"
FEW = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
TEXTS = st.text(st.sampled_from("ab1@ .$&\\'\u00e9\U0001f511x"), max_size=12).filter(lambda text: "\0" not in text)
LISTS = st.lists(TEXTS | st.none(), min_size=1, max_size=12)


@pytest.fixture(scope="module")
def shared(shared_admin: Session) -> Iterator[Layout]:
    """An integration for the tests that leave it as it is."""
    layout = Layout("functions", "functions views")
    run(shared_admin, install_statements(layout))
    yield layout
    run(shared_admin, clearing(layout))


def written(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, datetime):
        return f"CAST({literal(value.isoformat(sep=' '))} AS TIMESTAMP)"
    if isinstance(value, float):
        return f"CAST({literal(repr(value))} AS DOUBLE PRECISION)"
    if isinstance(value, Decimal):
        return f"CAST({literal(f'{value:f}')} AS NUMERIC(38, 10))"
    return str(value) if isinstance(value, int) else literal(value)


def called(session: Session, layout: Layout, name: str, *calls: Sequence[Any]) -> list[Any]:
    """What the function gives for each of these lists of arguments, in one query."""
    function = qualified(layout.functions, name)
    shown = [f"{function}({', '.join(map(written, arguments))})" for arguments in calls]
    return list(session.query(f"SELECT {', '.join(shown)}")[0])


def by_mask(mask: Mask, value: Any, kind: ColumnType) -> Any:
    """What the interpreter makes of a value in a column of this type."""
    return masked(
        mask,
        Cell(
            value,
            Column("c", kind),
            salt=SALT,
            join_salt=SALT,
            evaluate=lambda text, column: None,
            row=lambda: "",
            alike=lambda columns: None,
        ),
    )


VARCHAR = ColumnType(Family.VARCHAR, length=65535)


@FEW
@given(values=LISTS)
def test_a_digest_and_an_email_are_what_their_masks_make(admin: Session, shared: Layout, values: list[str | None]):
    for name, mask in (("f_mask_digest", Hash()), ("f_mask_email", Email())):
        found = called(admin, shared, name, *((value, SALT) for value in values))
        assert found == [by_mask(mask, value, VARCHAR) for value in values]


@FEW
@given(
    values=LISTS,
    first=st.integers(0, 6),
    last=st.integers(0, 6),
    replacement=st.sampled_from(["*", "\u00e9", "\\", " ", "\U0001f511"]),
)
def test_a_partial_text_is_what_its_mask_makes(
    admin: Session, shared: Layout, values: list[str | None], first: int, last: int, replacement: str
):
    found = called(admin, shared, "f_mask_partial", *((value, first, last, replacement) for value in values))
    assert found == [by_mask(Partial(first, last, replacement), value, VARCHAR) for value in values]


@FEW
@given(
    values=LISTS,
    pattern=st.sampled_from(["[[:digit:]]", "a|b", "x{2,3}", "[^a]+", "@.", "(ab)+"]),
    replacement=st.sampled_from(["", "#", "$1", "\\1", "&", "two"]),
)
def test_a_text_by_a_regular_expression_is_what_its_mask_makes(
    admin: Session, shared: Layout, values: list[str | None], pattern: str, replacement: str
):
    found = called(admin, shared, "f_mask_regex", *((value, pattern, replacement) for value in values))
    assert found == [by_mask(Regex(pattern, replacement), value, VARCHAR) for value in values]


INTEGERS = st.integers(-(2**63) + 1, 2**63 - 1) | st.integers(-50, 50)


@FEW
@given(values=st.lists(INTEGERS, min_size=1, max_size=12), bucket=st.integers(1, 2**63 - 1) | st.integers(1, 20))
def test_a_rounded_number_is_what_its_mask_makes(admin: Session, shared: Layout, values: list[int], bucket: int):
    found = called(admin, shared, "f_mask_round", *((value, bucket) for value in values))
    assert found == [by_mask(Round(Decimal(bucket)), value, ColumnType(Family.BIGINT)) for value in values]


DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=10, min_value=-(10**27), max_value=10**27)
SMALL_DECIMALS = st.integers(-(10**6), 10**6).map(lambda units: Decimal(units).scaleb(-3))
EDGES = st.sampled_from([Decimal(sign + "9" * 28 + "." + "9" * 10) for sign in ("", "-")])
BUCKETS = st.sampled_from(
    [Decimal(text) for text in ("0.1", "0.25", "0.3", "0.4", "2.5", "100", "0.0000000001", "1234567.89", "7")]
)


@FEW
@given(
    values=st.lists(DECIMALS | SMALL_DECIMALS | EDGES, min_size=1, max_size=12),
    bucket=BUCKETS | DECIMALS.filter(lambda bucket: bucket > 0),
)
def test_a_rounded_numeric_is_what_its_mask_makes(
    admin: Session, shared: Layout, values: list[Decimal], bucket: Decimal
):
    kind = ColumnType(Family.NUMERIC, precision=38, scale=10)
    actual = called(admin, shared, "f_mask_round_numeric", *((value, bucket) for value in values))
    assert actual == [by_mask(Round(bucket), value, kind) for value in values]


FLOATS = st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False).filter(
    lambda value: value == 0 or abs(value) > 1e-290
)
MULTIPLES = st.integers(-(10**6), 10**6).map(lambda count: count / 10)


@FEW
@given(
    values=st.lists(
        FLOATS | MULTIPLES | st.floats(-(2.0**55), 2.0**55, allow_subnormal=False), min_size=1, max_size=12
    ),
    bucket=BUCKETS | st.integers(1, 2**53).map(lambda units: Decimal(units).scaleb(-10)),
)
def test_a_rounded_double_is_what_its_mask_makes(admin: Session, shared: Layout, values: list[float], bucket: Decimal):
    actual = called(admin, shared, "f_mask_round_double", *((value, bucket) for value in values))
    assert actual == [by_mask(Round(bucket), value, ColumnType(Family.DOUBLE)) for value in values]


@FEW
@given(bucket=st.integers(1, 2**53).map(lambda units: Decimal(units).scaleb(-10)) | BUCKETS)
def test_the_denominator_of_a_bucket_is_that_of_the_reduced_fraction(admin: Session, shared: Layout, bucket: Decimal):
    reduced = Fraction(bucket).denominator
    wanted = 1 if reduced & (reduced - 1) == 0 else reduced
    assert called(admin, shared, "f_mask_bucket_denominator", (bucket,)) == [wanted]


def test_a_date_is_cut_as_the_moment_at_which_it_begins(admin: Session, shared: Layout):
    cut = qualified(shared.functions, "f_mask_truncate_date")
    assert admin.query(f"SELECT CAST({cut}(DATE '2026-05-17', 'month') AS DATE)") == [(date(2026, 5, 1),)]


@FEW
@given(values=st.lists(st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31)), min_size=1, max_size=8))
def test_a_cut_moment_is_what_its_mask_makes(admin: Session, shared: Layout, values: list[datetime]):
    for unit in ("year", "quarter", "month", "week", "day", "hour", "minute"):
        found = called(admin, shared, "f_mask_truncate_date", *((value, unit) for value in values))
        wanted = [by_mask(TruncateDate(unit), value, ColumnType(Family.TIMESTAMP)) for value in values]  # type: ignore[arg-type]
        assert found == wanted, unit


LONG = "x" * 65_535


@pytest.mark.parametrize(
    ("name", "arguments", "given"),
    [
        ("f_mask_digest", ("a", None), None),
        ("f_mask_digest", ("a", ""), None),
        ("f_mask_digest", ("a", "s" * 501), None),
        ("f_mask_email", ("a@b", None), None),
        ("f_mask_email", ("@" + LONG[:-1], "s"), None),
        ("f_mask_partial", ("secret", -1, 0, "*"), None),
        ("f_mask_partial", ("secret", 0, -2147483648, "*"), None),
        ("f_mask_partial", ("secret", 2147483647, 2147483647, "*"), "******"),
        ("f_mask_partial", ("secret", 1, 1, ""), None),
        ("f_mask_partial", ("secret", 1, 1, "**"), None),
        ("f_mask_partial", ("secret", 1, 1, None), None),
        ("f_mask_partial", ("", 1, 1, "*"), ""),
        ("f_mask_partial", (LONG, 1, 1, "*"), None),
        ("f_mask_regex", ("secret", "", "*"), None),
        ("f_mask_regex", ("secret", None, "*"), None),
        ("f_mask_regex", ("secret", "s", None), None),
        ("f_mask_regex", (LONG, "x", "**"), None),
        ("f_mask_regex", ("secret", "q*", LONG), None),
        ("f_mask_regex", ("a" * 40 + "!", "^(a+)+$", "#"), "a" * 40 + "!"),
        ("f_mask_round", (5, 0), None),
        ("f_mask_round", (5, -3), None),
        ("f_mask_round", (-9223372036854775807, 10), None),
        ("f_mask_round_numeric", (Decimal(5), Decimal(0)), None),
        ("f_mask_round_numeric", (Decimal(5), Decimal(-3)), None),
        ("f_mask_round_numeric", (None, Decimal(3)), None),
        ("f_mask_round_numeric", (Decimal(5), None), None),
        ("f_mask_round_double", (5.0, Decimal(0)), None),
        ("f_mask_round_double", (5.0, Decimal("-0.1")), None),
        ("f_mask_round_double", (5.0, Decimal(2**53 + 1)), None),
        ("f_mask_round_double", (float("nan"), Decimal(1)), None),
        ("f_mask_round_double", (float("inf"), Decimal(1)), None),
        ("f_mask_round_double", (None, Decimal(1)), None),
        ("f_mask_round_double", (-1e-300, Decimal(10)), -10.0),
        ("f_mask_grid", (5.0, 0.0, 1.0), None),
        ("f_mask_grid", (5.0, 1.0, 0.0), None),
        ("f_mask_grid", (5.0, 1e-300, 1e300), None),
        ("f_mask_grid", (5.0, float("inf"), float("nan")), None),
        ("f_mask_grid", (1.7e308, 1.0, 1e10), 1.7e308),
        ("f_mask_bucket_denominator", (Decimal(0),), 1),
        ("f_mask_truncate_date", (datetime(2026, 5, 17), "century"), None),
        ("f_mask_truncate_date", (datetime(2026, 5, 17), "x' OR 1=1"), None),
    ],
)
def test_a_hostile_argument_gives_nothing_and_no_error(
    shared: Layout, login: Login, name: str, arguments: Sequence[Any], given: Any
):
    assert called(login("analyst"), shared, name, arguments) == [given]


def test_everybody_calls_the_functions_and_alters_none(shared: Layout, admin: Session, login: Login):
    functions = [each for each in expected_routines(shared) if each.kind == "FUNCTION"]
    assert {each.name for each in functions} <= PUBLIC_ROUTINES
    found = read(admin, shared).routines
    assert all(found[each].public_execute and not found[each].security_definer for each in functions)
    analyst = login("analyst")
    for each in functions:
        for statement in (f"DROP {each.sql}", f"ALTER {each.sql} OWNER TO analyst"):
            with pytest.raises(WarehouseError) as refused:
                analyst.execute(statement)
            assert refused.value.sqlstate == "42501"


GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "own-functions.md"


def test_the_example_of_the_guide_is_what_an_analyst_can_run(shared: Layout, login: Login):
    example = GUIDE.read_text(encoding="utf-8").partition("<!-- applied -->\n```sql\n")[2].partition("```")[0]
    ((email, card, amount, price, month),) = login("analyst").query(
        example.replace("immuta_functions", shared.functions)
    )
    assert email.endswith("@example.com") and email != "ann@example.com"
    assert (card, amount, price, month) == ("************1111", 1200, Decimal(12), datetime(2026, 5, 1))


def test_no_function_reads_anything(shared: Layout):
    for signature, body in expected_routines(shared).items():
        if signature.kind == "FUNCTION":
            assert " FROM " not in body.upper(), signature.name
