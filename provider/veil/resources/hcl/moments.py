"""Moments as people write them in configurations and files."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator


def moment_of(text: str) -> datetime:
    """The moment of an RFC 3339 text such as 2030-01-01T00:00:00Z. Raises ValueError for anything
    else.
    """
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError) as problem:
        raise ValueError(f"{text!r} is not a timestamp such as 2030-01-01T00:00:00Z.") from problem
    raise ValueError(f"{text!r} has no time zone. Write it in UTC, such as 2030-01-01T00:00:00Z.")


def moment_text(moment: datetime) -> str:
    """The shortest RFC 3339 text in UTC of a moment."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def second_text(moment: datetime | None) -> str | None:
    """The RFC 3339 text in UTC of a moment that the warehouse keeps to the second; None where there
    is none.
    """
    return None if moment is None else moment_text(moment.replace(microsecond=0))


def _checked(text: str) -> str:
    moment_of(text)
    return text


Moment = Annotated[str, AfterValidator(_checked)]
"""A moment in RFC 3339, with a time zone."""
