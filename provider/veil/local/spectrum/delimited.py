"""Text files: delimited fields (LazySimpleSerDe) and quoted ones (OpenCSVSerde), plain or
compressed with gzip or bzip2.
"""

from __future__ import annotations

import bz2
import csv
import gzip
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TextIO

from veil.local.spectrum.table import Table
from veil.local.spectrum.values import Row, from_text


def read_delimited(file: Path, table: Table) -> Iterator[Row]:
    """The rows of one file. Fields that a line lacks are NULL, those it has too many are left out.

    Raises:
        RefusalError: a field cannot be read as its column's type.
    """
    with _open(file) as text:
        reader = csv.reader(
            islice(text, table.skip_lines, None),
            delimiter=table.delimiter,
            quotechar=table.quote or None,
            escapechar=table.escape or None,
            quoting=csv.QUOTE_MINIMAL if table.quote else csv.QUOTE_NONE,
            strict=False,
        )
        for fields in reader:
            yield {
                column.name: None if field == table.null else from_text(field, column, file)
                for column, field in zip(table.own_columns, fields, strict=False)
            }


def _open(file: Path) -> TextIO:
    if file.suffix == ".gz":
        return gzip.open(file, "rt", encoding="utf-8", newline="")
    if file.suffix == ".bz2":
        return bz2.open(file, "rt", encoding="utf-8", newline="")
    return file.open(encoding="utf-8", newline="")
