"""What a masking policy puts in place of a value.

Each kind is declared here, and here alone: its key in HCL and what documents it there, what its
fields may hold, which columns it fits, and whether it can show a value as it is. HCL, stored
metadata, the typechecker and the plan's warnings follow from this. What a kind makes of a value is
one entry in the table of each of two passes, `compiler/masks.py` and `oracle/masks.py`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar, Literal, get_args

from veil.model.columns import ColumnType, Family
from veil.model.names import problem_with_identifier, split
from veil.model.patterns import problem_with_pattern

DateUnit = Literal["year", "quarter", "month", "week", "day", "hour", "minute"]


def _told(
    description: str,
    *,
    problem: Callable[[Any], str | None] | None = None,
    is_expression: bool = False,
    **constraints: Any,
) -> Mapping[str, Any]:
    """What HCL says of a field. `problem` is a sentence about a value that cannot be one;
    `constraints` are those that a schema knows, such as `ge` and `min_length`.
    """
    return {
        "description": description,
        "problem": problem,
        "is_expression": is_expression,
        "constraints": constraints,
    }


class MaskKind:
    """What every kind of mask says about itself. The docstring of its class is its description in
    HCL.
    """

    __slots__ = ()

    stored_name: ClassVar[str]
    """What it is called in stored metadata. It stays when the class is renamed: rows are read by
    it.
    """
    key: ClassVar[str]
    """What HCL calls it, inside `mask = {…}`."""
    summary: ClassVar[str]
    """A line about it, among the others."""
    may_keep: ClassVar[str | None] = None
    """Why it may show a value as it is; None where it never does."""
    reads_row: ClassVar[bool] = False
    """Whether more than the value decides what it shows: the rest of the row, or which column it
    is.
    """

    def why_kept(self) -> str | None:
        """The same of one mask, whose fields may decide it."""
        return self.may_keep

    def incompatibility(self, column_type: ColumnType) -> str | None:
        """What it needs instead of a column of this type, as a clause; None where it fits."""
        return None


@dataclass(frozen=True, slots=True)
class Hash(MaskKind):
    """A salted SHA-256. Strings become 64 hex digits, integers a stable surrogate of the same
    type.
    """

    stored_name = "Hash"
    key = "hash"
    summary = "A salted SHA-256: joins on the column still work within the data source."

    def incompatibility(self, column_type: ColumnType) -> str | None:
        family = column_type.family
        return None if family.is_text or family.is_integer else "it works on strings and integers"


@dataclass(frozen=True, slots=True)
class Constant(MaskKind):
    """The same value everywhere, in place of NULL too."""

    stored_name = "Constant"
    key = "constant"
    summary = "A fixed value."

    value: str = field(metadata=_told("The value, read as the column's type. NULL where it cannot be, or is too long."))


@dataclass(frozen=True, slots=True)
class Null(MaskKind):
    """NULL."""

    stored_name = "Null"
    key = "null"
    summary = "NULL."


def _unusable(pattern: str) -> str | None:
    problem = problem_with_pattern(pattern)
    return f"{pattern!r} cannot be used: {problem}." if problem else None


def _incompatibility_of_text(column_type: ColumnType, replacement: str = "") -> str | None:
    if not column_type.family.is_text:
        return "it works on strings"
    if column_type.family is Family.CHAR and not replacement.isascii():
        return f"CHAR holds single-byte characters only, and its replacement {replacement!r} has others"
    return None


@dataclass(frozen=True, slots=True)
class Regex(MaskKind):
    """Every match replaced. A value without a match stays as it is."""

    stored_name = "Regex"
    key = "regex"
    summary = "Matches of a regular expression replaced."
    may_keep = "a value in which the pattern is not found stays as it is"

    pattern: str = field(
        metadata=_told(
            "The regular expression, of POSIX: `[[:digit:]]`, `\\d`, `(a|b)`, `x{2,3}`. Classes hold ASCII characters only.",
            min_length=1,
            problem=_unusable,
        )
    )
    replacement: str = field(metadata=_told("What each match becomes, literally."))
    case_insensitive: bool = field(default=False, metadata=_told("Whether matching ignores case."))

    def incompatibility(self, column_type: ColumnType) -> str | None:
        problem = problem_with_pattern(self.pattern)
        return _incompatibility_of_text(column_type, self.replacement) or (
            f"its pattern is not usable ({problem})" if problem else None
        )


def _unheld(bucket: Decimal) -> str | None:
    if Round(bucket).is_usable:
        return None
    return "It has more than 38 digits, or more than 37 after the decimal point, which Redshift cannot store."


@dataclass(frozen=True, slots=True)
class Round(MaskKind):
    """Numbers rounded down to a multiple of `bucket`, and where the type cannot hold that, down to
    its digits. A value that is a multiple already stays as it is. Of `REAL` and `DOUBLE PRECISION`
    a multiple is the number nearest to one, so that 0.3 is one of 0.1; numbers with no digits for
    what is between two multiples are multiples all.
    """

    stored_name = "Round"
    key = "round"
    summary = "Numbers in buckets."
    may_keep = "a value that is already a multiple of the bucket stays as it is"

    bucket: Decimal = field(metadata=_told("The width of a bucket.", gt=0, problem=_unheld))

    @property
    def is_usable(self) -> bool:
        """Whether the bucket is one, and a number that Redshift's NUMERIC can hold: of 38 digits,
        37 behind the point.
        """
        digits = f"{self.bucket:f}".partition(".")
        whole, decimals = digits[0].lstrip("-0"), digits[2].rstrip("0")
        return self.bucket > 0 and len(decimals) <= 37 and len(whole) + len(decimals) <= 38

    def incompatibility(self, column_type: ColumnType) -> str | None:
        if not column_type.family.is_number:
            return "it works on numbers"
        usable = "its bucket must be above 0 and have 38 digits at most, 37 of them behind the point"
        return None if self.is_usable else usable


@dataclass(frozen=True, slots=True)
class TruncateDate(MaskKind):
    """Dates and timestamps cut down to the start of their unit; weeks begin on Monday. A date,
    which holds no hours, is NULL under `day`, `hour` and `minute`.
    """

    stored_name = "TruncateDate"
    key = "truncate_date"
    summary = "Dates and timestamps cut down to a unit."

    unit: DateUnit = field(metadata=_told("The unit that remains."))

    def incompatibility(self, column_type: ColumnType) -> str | None:
        if not column_type.family.is_moment:
            return "it works on dates and timestamps"
        if column_type.family is Family.DATE and self.unit in ("day", "hour", "minute"):
            return f"a date has nothing below the {self.unit}, so it would stay as it is; use week or above"
        return None


MOST_DAYS = 36_500
"""How far a date may be moved: a hundred years either way, so that every date has room on one side
at least.
"""


@dataclass(frozen=True, slots=True)
class DateShift(MaskKind):
    """Dates and timestamps moved by one day up to `days` days, either way, and never by nothing.
    Equal values of the data source move alike, in every query, so that they still count and join;
    the time of day stays. What is not within the years 1 to 9999 is NULL.
    """

    stored_name = "DateShift"
    key = "date_shift"
    summary = "Dates and timestamps moved by some days."

    days: int = field(metadata=_told("The largest move, in days.", ge=1, le=MOST_DAYS))

    def incompatibility(self, column_type: ColumnType) -> str | None:
        if not column_type.family.is_moment:
            return "it works on dates and timestamps"
        return None if 1 <= self.days <= MOST_DAYS else f"its days must be from 1 to {MOST_DAYS:,}"


@dataclass(frozen=True, slots=True)
class Email(MaskKind):
    """The part before the `@` is replaced by a salted hash, the domain stays. NULL unless there is
    exactly one `@`.
    """

    stored_name = "Email"
    key = "email"
    summary = "E-mail addresses that keep their domain."

    def incompatibility(self, column_type: ColumnType) -> str | None:
        return _incompatibility_of_text(column_type)


@dataclass(frozen=True, slots=True)
class Partial(MaskKind):
    """Keeps the ends of a string. A string no longer than what it keeps is replaced whole."""

    stored_name = "Partial"
    key = "partial"
    summary = "Strings that keep their ends."

    keep_first: int = field(default=0, metadata=_told("Characters kept at the start.", ge=0))
    keep_last: int = field(default=0, metadata=_told("Characters kept at the end.", ge=0))
    replacement: str = field(
        default="*", metadata=_told("What each character between becomes: one character.", min_length=1, max_length=1)
    )

    def incompatibility(self, column_type: ColumnType) -> str | None:
        return _incompatibility_of_text(column_type, self.replacement)


@dataclass(frozen=True, slots=True)
class Noise(MaskKind):
    """Numbers moved by up to `percent` of themselves, the same way in every query. Small values may
    stay as they are.
    """

    stored_name = "Noise"
    key = "noise"
    summary = "Numbers moved a little."
    may_keep = "a value may move by so little that it rounds to itself, and 0 always stays 0"

    percent: Decimal = field(metadata=_told("The largest move, in percent of the value.", gt=0, le=100))

    def incompatibility(self, column_type: ColumnType) -> str | None:
        return None if column_type.family.is_number else "it works on numbers"


def _unlisted(values: frozenset[str]) -> str | None:
    ends = sorted(value for value in values if value.endswith(" "))
    return f"{ends[0]!r} ends in a space, which does not count where strings are compared." if ends else None


@dataclass(frozen=True, slots=True)
class Categories(MaskKind):
    """Randomized response: with a chance of `keep` percent the true value, else one of the other
    `values`, each as likely. What is not among `values` is never kept. The row decides, with the
    salt, so that every query shows the same; no single cell tells what is true, and the shares of
    many can be worked out.
    """

    stored_name = "Categories"
    key = "categories"
    summary = "A listed value, which need not be the true one."
    reads_row = True

    values: frozenset[str] = field(
        metadata=_told("The values to choose from, read as the column's type.", min_length=2, problem=_unlisted)
    )
    keep: Decimal = field(metadata=_told("How often the true value is kept, at most, in percent.", ge=0, lt=100))

    def why_kept(self) -> str | None:
        return f"{self.keep:f} % of the values stay as they are" if self.keep else None

    def held(self, column_type: ColumnType) -> tuple[str | int, ...] | None:
        """The values as a column of the type holds them, each once and in order; None where it
        cannot hold one.
        """
        if column_type.family.is_text:
            ascii_only = column_type.family is Family.CHAR
            fits = all(_fits(each, column_type) and (each.isascii() or not ascii_only) for each in self.values)
            return tuple(sorted(self.values)) if fits else None
        bits = _BITS.get(column_type.family)
        if bits is None or not all(map(_INTEGER.match, self.values)):
            return None
        numbers = sorted(set(map(int, self.values)))
        return tuple(numbers) if -(1 << bits - 1) <= numbers[0] and numbers[-1] < 1 << bits - 1 else None

    def incompatibility(self, column_type: ColumnType) -> str | None:
        if not (column_type.family.is_text or column_type.family.is_integer):
            return "it works on strings and integers"
        held = self.held(column_type) if self.values else None
        if held is None:
            return "the column cannot hold one of its values"
        if _unlisted(self.values) or not 0 <= self.keep < 100:
            return "none of its values may end in a space, and it keeps less than 100 percent"
        return None if len(held) > 1 else "it needs two values or more"


_INTEGER = re.compile(r"[+-]?[0-9]{1,19}\Z")
_BITS = {Family.SMALLINT: 16, Family.INTEGER: 32, Family.BIGINT: 64}


def _fits(text: str, column_type: ColumnType) -> bool:
    """Whether a column holds the text. Redshift Developer Guide, "Character types", gives the
    defaults.
    """
    return len(text.encode()) <= (column_type.length or (256 if column_type.family is Family.VARCHAR else 1))


@dataclass(frozen=True, slots=True)
class KAnonymity(MaskKind):
    """NULL where fewer than `k` rows have the same values in the columns of `with`, and the value
    itself elsewhere. NULL is a value like others there. It is counted over the whole table as it
    is, whoever asks: rows that the user does not see count too, and so does what is masked. Every
    query of the view counts them, in one window over the table, which takes its time on a large
    one. Name the masked column in `with` too where it distinguishes people.
    """

    stored_name = "KAnonymity"
    key = "k_anonymity"
    summary = "NULL where too few rows are alike."
    may_keep = "a value that enough rows share stays as it is"

    k: int = field(metadata=_told("How many rows must be alike, 2 at least.", ge=2))
    columns: frozenset[str] = field(
        metadata=_told(
            "The columns in which they are to be: strings, integers, `NUMERIC`, `BOOLEAN`, dates and timestamps.",
            min_length=1,
            alias="with",
        )
    )

    def incompatibility(self, column_type: ColumnType) -> str | None:
        return None if self.k > 1 and self.columns else "it needs two rows or more that are alike in some column"


def _misnamed(name: str) -> str | None:
    try:
        schema, *names = split(name)
    except ValueError as strange:
        return f"{strange}."
    if len(names) != 1:
        return f"{name!r} does not name a schema and a function in it, such as sec.encrypt."
    if schema in _BUILT_IN:
        return f"{name!r} is no function of a user: what is in {schema} comes with Redshift. Use the mask sql."
    problem = problem_with_identifier(schema) or problem_with_identifier(names[0])
    return f"{name!r} is not the name of a function: {problem}." if problem else None


_BUILT_IN = frozenset({"pg_catalog", "information_schema", "pg_internal"})
_FINGERPRINT = re.compile(r"[0-9a-f]{64}\Z")


def _no_fingerprint(definitions: frozenset[str]) -> str | None:
    strange = sorted(each for each in definitions if not _FINGERPRINT.match(each))
    return f"{strange[0]!r} is not a fingerprint: 64 hexadecimal digits, as the plan prints them." if strange else None


_EXCHANGED = frozenset(
    {
        Family.SMALLINT,
        Family.INTEGER,
        Family.BIGINT,
        Family.NUMERIC,
        Family.REAL,
        Family.DOUBLE,
        Family.BOOLEAN,
        Family.CHAR,
        Family.VARCHAR,
        Family.DATE,
        Family.TIMESTAMP,
    }
)
"""What Redshift exchanges with Lambda (Amazon Redshift Developer Guide, "Scalar Lambda UDFs")."""


@dataclass(frozen=True, slots=True)
class Function(MaskKind):
    """What a function of your own, written in SQL or run by AWS Lambda, gives for the value. It is
    called for values that are not NULL, of rows that the user sees, and as the user who asks:
    whoever reads the view needs `EXECUTE` on it, and gets an error without.

    The function takes a value of the column's type first, and gives one. It belongs to the
    provider's account or a superuser, as its schema does, and nobody else may create in, alter or
    drop that schema. It is remembered as it was defined when the policy first named it. Once it is
    defined otherwise, is gone or no longer meets these conditions, the plan says so, and the next
    apply makes the column NULL until the old definition is back or `definitions` accepts the new
    one. Until that apply the view calls what is there.

    In an equalized project the column is NULL unless the function is `IMMUTABLE`: it could give
    each member something else. A function in SQL may call built-in functions by their whole names,
    `pg_catalog.upper(...)`, for others are looked up where the user who asks says, and functions of
    its own schema, which are remembered and owned like itself. Where it calls any other, the column
    is NULL.
    """

    stored_name = "Function"
    key = "function"
    summary = "A call of a function of your own, in SQL or run by AWS Lambda."

    name: str = field(
        metadata=_told("The function, with its schema, in the database of the integration.", problem=_misnamed)
    )
    arguments: tuple[str, ...] = field(
        default=(),
        metadata=_told("What it gets after the value: constants, each read as the type that it takes there."),
    )
    definitions: frozenset[str] = field(
        default=frozenset(),
        metadata=_told(
            "Fingerprints of the definitions that may be called, as the plan prints them. Without any, it is what the function "
            "was when the policy first named it.",
            problem=_no_fingerprint,
        ),
    )

    def why_kept(self) -> str | None:
        return (
            f"{self.name} may give back the very value that it gets, and whoever reads the column needs EXECUTE on it, or gets an "
            "error"
        )

    @property
    def place(self) -> tuple[str, str] | None:
        """Schema and name of the function as Redshift keeps them; None where `name` is not of that
        form.
        """
        if _misnamed(self.name):
            return None
        schema, name = split(self.name)
        return schema, name

    def incompatibility(self, column_type: ColumnType) -> str | None:
        if column_type.family not in _EXCHANGED:
            return "functions take strings, numbers, booleans, dates and timestamps without time zone"
        return _misnamed(self.name)


@dataclass(frozen=True, slots=True)
class Sql(MaskKind):
    """An expression over `@value`, which may be NULL, and `@columnReference('…')`, cast to the
    column's type.
    """

    stored_name = "Sql"
    key = "sql"
    summary = "An expression of the policy language."
    reads_row = True

    expression: str = field(metadata=_told("The expression.", is_expression=True))


Mask = (
    Hash
    | Constant
    | Null
    | Regex
    | Round
    | TruncateDate
    | DateShift
    | Email
    | Partial
    | Noise
    | Categories
    | KAnonymity
    | Function
    | Sql
)
"""`mask`: what stands in place of a value. Exactly one kind per mask."""

MASK_KINDS: tuple[type[MaskKind], ...] = get_args(Mask)
"""The kinds, in the order in which HCL lists them."""
