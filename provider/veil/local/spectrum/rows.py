"""Reads the rows of an external table from its files, each time anew: a new file shows up in the
next query.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from veil.local.rewrite.errors import RefusalError
from veil.local.spectrum.delimited import read_delimited
from veil.local.spectrum.table import Table
from veil.local.spectrum.values import Row

_SCHEME = "s3://"


def read_rows(table: Table, storage: Path) -> list[Row]:
    """The rows, as JSON objects by column name. `storage` is the folder that stands for S3: a
    bucket is a folder in it.

    Raises:
        RefusalError: a file does not fit the table; the text names the file and the column, never a value.
    """
    if not table.partition_columns:
        return list(_rows_at(table, table.location, storage))
    names = [column.name for column in table.columns[len(table.own_columns) :]]
    rows: list[Row] = []
    for partition in table.partitions:
        keys: Row = dict(zip(names, partition.values, strict=True))
        rows += [row | keys for row in _rows_at(table, partition.location, storage)]
    return rows


def _rows_at(table: Table, location: str, storage: Path) -> Iterator[Row]:
    for file in _files(location, storage):
        if table.format == "parquet":
            from veil.local.spectrum.parquet import read_parquet  # pyarrow takes a while to load

            yield from read_parquet(file, table)
        else:
            yield from read_delimited(file, table)


def _files(location: str, storage: Path) -> list[Path]:
    """The files whose keys begin with a location, without those that Spectrum passes over: hidden
    and temporary ones.
    """
    if not location.startswith(_SCHEME):
        raise RefusalError(
            "22023", f'"{location}" is not a location in S3', "A location looks like s3://bucket/prefix/."
        )
    path = (storage / location.removeprefix(_SCHEME)).resolve()
    if not path.is_relative_to(storage.resolve()):
        raise RefusalError("22023", f'"{location}" is outside of the engine\'s storage')
    candidates = path.rglob("*") if path.is_dir() else path.parent.glob(f"{path.name}*") if path.name else []
    return sorted(file for file in candidates if file.is_file() and not _passed_over(file))


def _passed_over(file: Path) -> bool:
    return file.name.startswith((".", "_", "#")) or file.name.endswith("~")
