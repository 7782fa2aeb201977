"""What a masking policy puts in place of a value."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

DateUnit = Literal["year", "quarter", "month", "week", "day", "hour", "minute"]


@dataclass(frozen=True, slots=True)
class Hash:
    """A salted SHA-256: hex text for texts, a stable surrogate of the same type for integers. The salt is the
    data source's own.
    """


@dataclass(frozen=True, slots=True)
class Constant:
    """The same value everywhere, in place of NULL too. The text is read as the column's type."""

    value: str


@dataclass(frozen=True, slots=True)
class Null:
    """NULL."""


@dataclass(frozen=True, slots=True)
class Regex:
    """Every match of `pattern` replaced. A value without a match stays as it is, which the plan says."""

    pattern: str
    replacement: str
    case_insensitive: bool = False


@dataclass(frozen=True, slots=True)
class Round:
    """A number rounded down to a multiple of `bucket`, which is positive."""

    bucket: Decimal

    @property
    def is_usable(self) -> bool:
        """Whether the bucket is one, and a number that Redshift's NUMERIC can hold: of 38 digits, 37 behind the point."""
        digits = f"{self.bucket:f}".partition(".")
        whole, decimals = digits[0].lstrip("-0"), digits[2].rstrip("0")
        return self.bucket > 0 and len(decimals) <= 37 and len(whole) + len(decimals) <= 38


@dataclass(frozen=True, slots=True)
class TruncateDate:
    """A date or timestamp cut down to the start of its `unit`."""

    unit: DateUnit


@dataclass(frozen=True, slots=True)
class Email:
    """The part before the `@` replaced by a salted hash, the domain kept; NULL unless there is exactly one `@`."""


@dataclass(frozen=True, slots=True)
class Partial:
    """The first and last characters kept, each one between replaced; all replaced where the text is no longer
    than what it keeps.
    """

    keep_first: int = 0
    keep_last: int = 0
    replacement: str = "*"


@dataclass(frozen=True, slots=True)
class Noise:
    """A number moved by up to `percent` of itself, by an amount that salt and value decide, the same in every query."""

    percent: Decimal


@dataclass(frozen=True, slots=True)
class Sql:
    """An expression of the policy language over `@value` and `@columnReference(...)`, cast to the column's type."""

    expression: str


Mask = Hash | Constant | Null | Regex | Round | TruncateDate | Email | Partial | Noise | Sql
