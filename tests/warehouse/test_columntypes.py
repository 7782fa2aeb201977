"""The catalog's spellings of types."""

import pytest

from veil.model.columns import ColumnType, Family
from veil.warehouse.columntypes import column_type, external_type


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (("character varying", 256, None, None), ColumnType(Family.VARCHAR, length=256)),
        (("character varying(20)", None, None, None), ColumnType(Family.VARCHAR, length=20)),
        (("varchar", "64", None, None), ColumnType(Family.VARCHAR, length=64)),
        (("text", None, None, None), ColumnType(Family.VARCHAR)),
        (("character", 3, None, None), ColumnType(Family.CHAR, length=3)),
        (("bpchar", 3, None, None), ColumnType(Family.CHAR, length=3)),
        (("integer", None, 32, 0), ColumnType(Family.INTEGER)),
        (("int8", None, None, None), ColumnType(Family.BIGINT)),
        (("numeric", None, 18, 2), ColumnType(Family.NUMERIC, precision=18, scale=2)),
        (("numeric(12, 4)", None, 18, 2), ColumnType(Family.NUMERIC, precision=12, scale=4)),
        (("decimal(5)", None, None, None), ColumnType(Family.NUMERIC, precision=5, scale=0)),
        (("double precision", None, 53, None), ColumnType(Family.DOUBLE)),
        (("timestamp without time zone", None, None, None), ColumnType(Family.TIMESTAMP)),
        (("timestamp(6) with time zone", None, None, None), ColumnType(Family.TIMESTAMPTZ)),
        (("timetz", None, None, None), ColumnType(Family.TIMETZ)),
        (("SUPER", None, None, None), ColumnType(Family.SUPER)),
        (("interval day to second", None, None, None), ColumnType(Family.INTERVAL_DAY_SECOND)),
        (("binary varying", 10, None, None), ColumnType(Family.VARBYTE, length=10)),
        (("aclitem[]", None, None, None), ColumnType(Family.OTHER, name="aclitem[]")),
    ],
)
def test_spellings_become_types(row: tuple[object, ...], expected: ColumnType) -> None:
    assert column_type(*row) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("spelling", "expected"),
    [
        ("string", ColumnType(Family.VARCHAR, length=65_535)),
        ("varchar(60)", ColumnType(Family.VARCHAR, length=60)),
        ("char(2)", ColumnType(Family.CHAR, length=2)),
        ("tinyint", ColumnType(Family.SMALLINT)),
        ("smallint", ColumnType(Family.SMALLINT)),
        ("int", ColumnType(Family.INTEGER)),
        ("bigint", ColumnType(Family.BIGINT)),
        ("float", ColumnType(Family.REAL)),
        ("double", ColumnType(Family.DOUBLE)),
        ("decimal", ColumnType(Family.NUMERIC, precision=10, scale=0)),
        ("decimal(12,4)", ColumnType(Family.NUMERIC, precision=12, scale=4)),
        ("boolean", ColumnType(Family.BOOLEAN)),
        ("date", ColumnType(Family.DATE)),
        ("timestamp", ColumnType(Family.TIMESTAMP)),
        ("binary", ColumnType(Family.VARBYTE, length=65_535)),
        ("array<int>", None),
        ("struct<given:string,family:string>", None),
        ("map<string,array<int>>", None),
    ],
)
def test_the_data_catalogs_spellings_become_types_and_nested_ones_none(
    spelling: str, expected: ColumnType | None
) -> None:
    assert external_type(spelling) == expected
