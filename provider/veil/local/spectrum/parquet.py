"""Parquet files, by pyarrow. Columns are found by their names, in any case."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from veil.local.rewrite.errors import RefusalError
from veil.local.spectrum.table import Column, Table
from veil.local.spectrum.values import Row, Value, as_json, unfit

_BITS = {"smallint": 16, "int": 32, "bigint": 64, "float": 32, "double": 64}
_FITS: dict[str, Callable[[pa.DataType], bool]] = {
    "boolean": pa.types.is_boolean,
    "varchar": lambda kind: pa.types.is_string(kind) or pa.types.is_large_string(kind),
    "char": lambda kind: pa.types.is_string(kind) or pa.types.is_large_string(kind),
    "date": pa.types.is_date,
    "timestamp": pa.types.is_timestamp,
    "decimal": pa.types.is_decimal,
    "binary": lambda kind: pa.types.is_binary(kind) or pa.types.is_large_binary(kind),
}


def read_parquet(file: Path, table: Table) -> Iterator[Row]:
    """The rows of one file. A column that the file lacks is NULL.

    Raises:
        RefusalError: this is no Parquet file, or a column has another type in it.
    """
    try:
        parquet = pq.ParquetFile(file)
    except (pa.ArrowException, OSError):
        raise RefusalError("XX000", f'Spectrum Scan Error: file "{file.name}" is not a Parquet file') from None
    with parquet:
        there = {name.lower(): name for name in parquet.schema_arrow.names}
        wanted = {column: there[column.name.lower()] for column in table.own_columns if column.name.lower() in there}
        for column, name in wanted.items():
            _check(file, column, parquet.schema_arrow.field(name).type)
        for batch in parquet.iter_batches(columns=list(wanted.values())):
            yield from _rows(batch, table, wanted)


def _rows(batch: pa.RecordBatch, table: Table, wanted: dict[Column, str]) -> Iterator[Row]:
    nothing: list[Value] = [None] * batch.num_rows
    columns = [
        [as_json(value) for value in _values(batch.column(wanted[column]))] if column in wanted else nothing
        for column in table.own_columns
    ]
    names = [column.name for column in table.own_columns]
    for values in zip(*columns, strict=True):
        yield dict(zip(names, values, strict=True))


def _values(array: pa.Array) -> list[object]:
    if pa.types.is_timestamp(array.type):
        array = array.cast(pa.timestamp("us", array.type.tz), safe=False)  # no finer than the server's
    values: list[object] = array.to_pylist()
    return values


def _check(file: Path, column: Column, kind: pa.DataType) -> None:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    wanted = column.external_type.partition("(")[0]
    if wanted in _BITS:
        right = pa.types.is_floating if wanted in ("float", "double") else pa.types.is_integer
        fits = right(kind) and kind.bit_width <= _BITS[wanted]
    else:
        fits = _FITS[wanted](kind)
    if not fits:
        raise unfit(file, column, f"an incompatible Parquet schema, {kind} in the file")
