"""External tables: a data catalog like AWS Glue's, and the files that its tables stand for."""

from veil.local.spectrum.catalog import Catalog
from veil.local.spectrum.rows import read_rows

__all__ = ["Catalog", "read_rows"]
