"""`mask`: what stands in place of a value. Exactly one kind per mask."""

from decimal import Decimal
from typing import get_args

from pydantic import field_validator

from veil import model
from veil.model.masks import DateUnit
from veil.model.patterns import problem_with_pattern
from veil.plugin import Model, attribute, check
from veil.resources.hcl.names import Text
from veil.resources.hcl.texts import MaskExpression, one_of


class Hash(Model):
    """A salted SHA-256. Texts become 64 hex digits, integers a stable surrogate of the same type."""


class Null(Model):
    """NULL."""


class Email(Model):
    """The part before the `@` is replaced by a salted hash, the domain stays. NULL unless there is exactly one `@`."""


class Constant(Model):
    """The same value everywhere, in place of NULL too."""

    value: Text = attribute("The value, read as the column's type. NULL where it cannot be, or is too long.")


class Regex(Model):
    """Every match replaced. A value without a match stays as it is."""

    pattern: Text = attribute(
        "The regular expression, of POSIX: `[[:digit:]]`, `\\d`, `(a|b)`, `x{2,3}`. Classes hold ASCII characters only.",
        min_length=1,
    )
    replacement: Text = attribute("What each match becomes, literally.")
    case_insensitive: bool = attribute("Whether matching ignores case.", default=False)

    @field_validator("pattern")
    @classmethod
    def _is_usable(cls, pattern: str) -> str:
        if problem := problem_with_pattern(pattern):
            raise ValueError(f"{pattern!r} cannot be used: {problem}.")
        return pattern


class Round(Model):
    """Numbers rounded down to a multiple of `bucket`, and where the type cannot hold that, down to its digits. A value
    that is a multiple already stays as it is. Of `REAL` and `DOUBLE PRECISION` a multiple is the number nearest to one,
    so that 0.3 is one of 0.1; numbers with no digits for what is between two multiples are multiples all.
    """

    bucket: Decimal = attribute("The width of a bucket.", gt=0)

    @field_validator("bucket")
    @classmethod
    def _is_held(cls, bucket: Decimal) -> Decimal:
        if not model.Round(bucket).is_usable:
            raise ValueError(
                "It has more than 38 digits, or more than 37 behind the point, which Redshift cannot hold."
            )
        return bucket


class TruncateDate(Model):
    """Dates and timestamps cut down to the start of their unit; weeks begin on Monday. A date, which holds no hours, is NULL under `day`, `hour`
    and `minute`.
    """

    unit: DateUnit = attribute("The unit that remains.")


class Partial(Model):
    """Keeps the ends of a text. A text no longer than what it keeps is replaced whole."""

    keep_first: int = attribute("Characters kept at the start.", default=0, ge=0)
    keep_last: int = attribute("Characters kept at the end.", default=0, ge=0)
    replacement: Text = attribute(
        "What each character between becomes: one character.", default="*", min_length=1, max_length=1
    )


class Noise(Model):
    """Numbers moved by up to `percent` of themselves, the same way in every query. Small values may stay as they
    are.
    """

    percent: Decimal = attribute("The largest move, in percent of the value.", gt=0, le=100)


class Sql(Model):
    """An expression over `@value`, which may be NULL, and `@columnReference('…')`, cast to the column's type."""

    expression: MaskExpression = attribute("The expression.")


KINDS = {
    "hash_": "hash",
    "constant": "constant",
    "null": "null",
    "regex": "regex",
    "round_": "round",
    "truncate_date": "truncate_date",
    "email": "email",
    "partial_": "partial",
    "noise": "noise",
    "sql": "sql",
}
"""The kinds as they are called in HCL, by their names in Python."""


class Mask(Model):
    """What stands in place of a value: exactly one of the kinds. NULL stays NULL, except under `constant` and where an `sql`
    expression makes something of it. A mask that does not fit the column's type gives NULL, and the plan warns; so does a
    result that the column cannot hold.
    """

    hash_: Hash | None = attribute(
        "A salted SHA-256: joins on the column still work within the data source.", alias="hash"
    )
    constant: Constant | None = attribute("A fixed value.")
    null: Null | None = attribute("NULL.")
    regex: Regex | None = attribute("Matches of a regular expression replaced.")
    round_: Round | None = attribute("Numbers in buckets.", alias="round")
    truncate_date: TruncateDate | None = attribute("Dates and timestamps cut down to a unit.")
    email: Email | None = attribute("E-mail addresses that keep their domain.")
    partial_: Partial | None = attribute("Texts that keep their ends.", alias="partial")
    noise: Noise | None = attribute("Numbers moved a little.")
    sql: Sql | None = attribute("An expression of the policy language.")

    @check(partly=tuple(KINDS))
    def _one_kind(self) -> None:
        kinds = {name: getattr(self, each) for each, name in KINDS.items()}
        one_of("mask", kinds, " Write one policy for each.")

    def to_model(self) -> model.Mask:
        match next(each for name in KINDS if (each := getattr(self, name)) is not None):
            case Hash():
                return model.Hash()
            case Constant(value=value):
                return model.Constant(value)
            case Null():
                return model.Null()
            case Regex() as regex:
                return model.Regex(regex.pattern, regex.replacement, regex.case_insensitive)
            case Round(bucket=bucket):
                return model.Round(bucket)
            case TruncateDate(unit=unit):
                return model.TruncateDate(unit)
            case Email():
                return model.Email()
            case Partial() as partial:
                return model.Partial(partial.keep_first, partial.keep_last, partial.replacement)
            case Noise(percent=percent):
                return model.Noise(percent)
            case Sql(expression=expression):
                return model.Sql(expression)
        raise AssertionError("validated to hold exactly one kind")

    @classmethod
    def from_model(cls, mask: model.Mask) -> "Mask":
        match mask:
            case model.Hash():
                return cls(hash=Hash())
            case model.Constant(value):
                return cls(constant=Constant(value=value))
            case model.Null():
                return cls(null=Null())
            case model.Regex(pattern, replacement, case_insensitive):
                return cls(regex=Regex(pattern=pattern, replacement=replacement, case_insensitive=case_insensitive))
            case model.Round(bucket):
                return cls(round=Round(bucket=bucket))
            case model.TruncateDate(unit):
                return cls(truncate_date=TruncateDate(unit=unit))
            case model.Email():
                return cls(email=Email())
            case model.Partial(first, last, replacement):
                return cls(partial=Partial(keep_first=first, keep_last=last, replacement=replacement))
            case model.Noise(percent):
                return cls(noise=Noise(percent=percent))
            case model.Sql(expression):
                return cls(sql=Sql(expression=expression))


DATE_UNITS: tuple[str, ...] = get_args(DateUnit)
