"""The SQL functions of the language and the types of CAST."""

from decimal import Decimal

import pytest

from veil.language import ALLOWED, CASTABLE, ExpressionError, Usage, parse, to_text, tree
from veil.language.advice import ADVICE
from veil.language.functions import SHORTHANDS, SWAPPED, Takes
from veil.language.tree import Expression
from veil.model import Family

A, B = tree.ColumnName("a"), tree.ColumnName("b")


def number(value: int) -> tree.Number:
    return tree.Number(Decimal(value))


@pytest.mark.parametrize(
    ("text", "function", "arguments"),
    [
        ("LEN(a)", "length", (A,)),
        ("char_length(a)", "length", (A,)),
        ("TRIM(a)", "btrim", (A,)),
        ("BTRIM(a, 'x')", "btrim", (A, tree.Text("x"))),
        ("NVL(a, b, 1)", "coalesce", (A, B, number(1))),
        ("CEILING(a)", "ceil", (A,)),
        ("SYSDATE", "getdate", ()),
        ("SYSDATE()", "getdate", ()),
        ("STRPOS(a, b)", "strpos", (A, B)),
        ("POSITION(b IN a)", "strpos", (A, B)),
        ("POSITION(LOWER(b) IN a)", "strpos", (A, tree.Call("lower", (B,)))),
        ("EXTRACT(year FROM a)", "date_part", (tree.Text("year"), A)),
        ("EXTRACT('YEARS' FROM a)", "date_part", (tree.Text("year"), A)),
        ("DATE_PART(dayofyear, a)", "date_part", (tree.Text("doy"), A)),
        ("DATE_TRUNC('Month', a)", "date_trunc", (tree.Text("month"), A)),
        ("DATE_TRUNC(month, a)", "date_trunc", (tree.Text("month"), A)),
        ("DATEADD(days, -3, GETDATE())", "dateadd", (tree.Text("day"), number(-3), tree.Call("getdate", ()))),
        ("DATEDIFF(hour, a, b)", "datediff", (tree.Text("hour"), A, B)),
        ("SUBSTRING(a, 2)", "substring", (A, number(2))),
        ("ROUND(a)", "round", (A,)),
        ("LEAST(a, b, 1)", "least", (A, B, number(1))),
        ("CHARINDEX(b, a)", "strpos", (A, B)),
        ("SUBSTR(a, 2, 3)", "substring", (A, number(2), number(3))),
        ("LPAD(a, 9)", "lpad", (A, number(9))),
        ("TRANSLATE(a, '0123456789', '#####')", "translate", (A, tree.Text("0123456789"), tree.Text("#####"))),
    ],
)
def test_calls_get_their_canonical_name_and_order(text: str, function: str, arguments: tuple[Expression, ...]) -> None:
    assert parse(f"{text} IS NULL", Usage.ROW) == tree.IsNull(tree.Call(function, arguments))


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("CONCAT(a, b)", "a || b"),
        ("CONCAT(a, '-', b || 'x')", "a || '-' || (b || 'x')"),
        ("NVL2(a, 'some', b)", "CASE WHEN a IS NOT NULL THEN 'some' ELSE b END"),
        ("DECODE(a, 1, 'x', 2, 'y')", "CASE WHEN a = 1 THEN 'x' WHEN a = 2 THEN 'y' END"),
        ("DECODE(a, NULL, 'none', 'x', a, '?')", "CASE WHEN a IS NULL THEN 'none' WHEN a = 'x' THEN a ELSE '?' END"),
        ("DECODE(a, b, 1, 0)", "CASE WHEN a = b OR a IS NULL AND b IS NULL THEN 1 ELSE 0 END"),
        ("CURRENT_DATE", "GETDATE()::date"),
        ("CONVERT_TIMEZONE('PST', a)", "DATEADD(hour, -8, a)"),
        ("CONVERT_TIMEZONE('EST', 'PST', a)", "DATEADD(hour, -3, a)"),
        ("CONVERT_TIMEZONE('Etc/GMT-2', 'utc', a)", "DATEADD(hour, -2, a)"),
        ("CONVERT_TIMEZONE('GMT', DATE '2026-01-31')", "DATEADD(hour, 0, DATE '2026-01-31')"),
        ("current_date()", "GETDATE()::date"),
    ],
)
def test_shorthands_are_read_as_what_they_stand_for(text: str, form: str) -> None:
    assert parse(f"({text}) IS NULL", Usage.ROW) == parse(f"({form}) IS NULL", Usage.ROW)


@pytest.mark.parametrize("name", sorted(SHORTHANDS))
def test_a_column_named_like_a_shorthand_is_written_and_read_in_quotes(name: str) -> None:
    assert parse(f'"{name}" IS NULL', Usage.ROW) == tree.IsNull(tree.ColumnName(name))
    assert to_text(tree.IsNull(tree.ColumnName(name))) == f'"{name}" IS NULL'


def example(takes: Takes, units: tuple[str, ...]) -> str:
    """An argument that fits."""
    literals = {Takes.INTEGER: "-1", Takes.COUNT: "0", Takes.ORDINAL: "1", Takes.DIGITS: "-2", Takes.WIDTH: "9"}
    literals |= {Takes.UNIT: (units or ("",))[0], Takes.FILL: "'*'", Takes.CHARACTERS: "'abc'"}
    return literals.get(takes, "a")


@pytest.mark.parametrize("spelling", sorted(ALLOWED))
def test_every_spelling_takes_what_its_signature_says_and_no_more(spelling: str) -> None:
    signature = ALLOWED[spelling]
    given = [example(each, signature.units) for each in signature.parameters]
    given = given[::-1] if spelling in SWAPPED else given
    for count in range(signature.required, len(given) + 1):
        found = parse(f"{spelling}({', '.join(given[:count])}) IS NULL", Usage.ROW)
        assert isinstance(found, tree.IsNull)
        assert isinstance(found.operand, tree.Call)
        assert found.operand.function == signature.name
        assert len(found.operand.arguments) == count
    wrong = [signature.required - 1] if signature.required else []
    wrong += [] if signature.repeats else [len(given) + 1]
    for count in wrong:
        with pytest.raises(ExpressionError, match=r"takes .*argument"):
            parse(f"{spelling}({', '.join([*given, 'a'][:count])}) IS NULL", Usage.ROW)


@pytest.mark.parametrize(
    "call",
    [
        "LEFT(a, -1)",
        "LEFT(a, 1.5)",
        "LEFT(a, LEN(a))",
        "SUBSTRING(a, 0)",
        "SPLIT_PART(a, '-', 0)",
        "ROUND(a, -38)",
        "ROUND(a, b)",
        "LPAD(a, -1)",
        "LPAD(a, 16384)",
        "LPAD(a, LEN(a))",
        "RPAD(a, 4, '')",
        "RPAD(a, 4, b)",
        "RPAD(a, 4, NULL)",
        "TRANSLATE(a, b, '#')",
        "TRANSLATE(a, 'é', 'e')",
        "TRANSLATE(a, 'aa', '#')",
        "TRANSLATE(a, 'a', '##')",
        "CONCAT(a)",
        "CONCAT(a, 1)",
        f"CONCAT({', '.join('a' * 21)})",
        "NVL2(a, 1)",
        "NVL2('x', 1, 2)",
        "NVL2(a, 1, 'x')",
        "DECODE(a, 1)",
        "DECODE('a', 'b', 1, 0)",
        "DECODE('a', NULL, 1, 0)",
        "DECODE(LOWER(a), 1, 2, 3)",
        "DECODE(a, 1, 'x', 2)",
        "CURRENT_DATE(a)",
        "CONVERT_TIMEZONE(a)",
        "CONVERT_TIMEZONE('UTC', 'UTC', a, a)",
        "CONVERT_TIMEZONE(a, GETDATE())",
        "CONVERT_TIMEZONE('Europe/Berlin', a)",
        "CONVERT_TIMEZONE('UTC', 'US/Pacific', a)",
        "CONVERT_TIMEZONE('GMT+2', a)",
        "CONVERT_TIMEZONE('+02:00', a)",
        "CONVERT_TIMEZONE('UTC', '2026-01-31')",
        "CONVERT_TIMEZONE('UTC', 5)",
        "LAST_DAY('2026-01-31')",
        "LAST_DAY(5)",
        "DATEADD(day, a, b)",
        "DATEADD(day, 99999999999, b)",
        "DATEADD(a.day, 1, b)",
        "DATEADD('day' || 's', 1, b)",
        'DATEADD("day", 1, b)',
        "DATEDIFF(week, a, b)",
        "DATE_PART(epoch, a)",
        "DATE_PART(second, a)",
        "DATE_TRUNC('century', a)",
        "LOWER(1)",
        "LOWER(a = 1)",
        "ABS(GETDATE())",
        "DATE_TRUNC('day', 5)",
        "COALESCE(a, 1, 'x')",
        "GREATEST(DATE '2026-01-01', 5)",
        "NULLIF(1, 'x')",
    ],
)
def test_arguments_that_could_fail_or_mean_nothing_are_refused(call: str) -> None:
    with pytest.raises(ExpressionError):
        parse(f"{call} IS NULL", Usage.ROW)


REFUSED = """
random now current_setting pg_sleep version sha2 count to_char regexp_replace json_extract_path_text initcap repeat
user_is_member_of pg_read_file dblink set_config
"""


@pytest.mark.parametrize("name", REFUSED.split())
def test_other_functions_are_refused(name: str) -> None:
    for text in (f"{name}(a) = 'x'", f"pg_catalog.{name}(a) = 'x'", f'"{name}"(a) = 1'):
        with pytest.raises(ExpressionError):
            parse(text, Usage.ROW)


def test_for_functions_that_other_systems_have_there_is_advice() -> None:
    for name, advice in ADVICE.items():
        with pytest.raises(ExpressionError) as caught:
            parse(f"{name}(a) = 1", Usage.ROW)
        assert caught.value.message == f"{name.upper()} is not a function of the policy language."
        assert caught.value.suggestion == advice.replace("{name}", name.upper())


def test_castable_types_are_the_models_families() -> None:
    assert {each.name for each in CASTABLE.values()} <= {str(family) for family in Family}


@pytest.mark.parametrize("spelling", sorted(CASTABLE))
def test_every_type_can_be_cast_to_both_ways(spelling: str) -> None:
    kind = CASTABLE[spelling]
    expected = tree.IsNull(tree.Cast(A, kind.name, kind.defaults))
    assert parse(f"CAST(a AS {spelling.upper()}) IS NULL", Usage.ROW) == expected
    assert parse(f"a::{spelling} IS NULL", Usage.ROW) == expected


ODD_TYPES = (
    *("super", "timestamptz", "timestamp with time zone", "time", "varbyte", "geometry", "int[]", "regclass", "double"),
    *("varchar(0)", "varchar(-1)", "varchar(a)", "varchar('1')", "varchar(1, 2)", "varchar(65536)", "char(5000)"),
    *("numeric(39)", "numeric(5, 6)", "numeric(0)", "int(4)", "float(24)", "varchar(", "varchar()", "", "s.t", '"int"'),
)


@pytest.mark.parametrize("kind", ODD_TYPES)
def test_other_types_are_refused(kind: str) -> None:
    for text in (f"CAST(a AS {kind}) IS NULL", f"a::{kind} IS NULL"):
        with pytest.raises(ExpressionError):
            parse(text, Usage.ROW)
