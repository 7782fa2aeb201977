"""The time zones of CONVERT_TIMEZONE: those at one distance from UTC, always and on every server.

The rules of summer time are not among them. They come from a database that is amended several times
a year, and a cluster, the embedded engine and the interpreter each have a copy of their own age:
the same row would show to one and not to the other. At the end of summer a local hour is there
twice besides.

Sources: Amazon Redshift Database Developer Guide, "CONVERT_TIMEZONE function": names are those of
the IANA Time Zone Database, abbreviations are fixed distances from UTC, and the distances of EST,
PST and PDT stand on the page. IANA Time Zone Database, "etcetera": the sign of Etc/GMT+5 is that of
POSIX, five hours behind UTC.
"""

from collections.abc import Mapping

_WEST, _EAST = 12, 14
"""The farthest zones of `etcetera`."""

HOURS: Mapping[str, int] = {
    **dict.fromkeys(("UTC", "GMT", "Etc/UTC", "Etc/GMT"), 0),
    "EST": -5,
    "PDT": -7,
    "PST": -8,
    **{f"Etc/GMT+{hours}": -hours for hours in range(1, _WEST + 1)},
    **{f"Etc/GMT-{hours}": hours for hours in range(1, _EAST + 1)},
}
"""By its name, how many hours a zone is ahead of UTC."""

_FOLDED = {name.lower(): hours for name, hours in HOURS.items()}


def hours_ahead(zone: str) -> int | None:
    """How many hours the zone is ahead of UTC, whatever the case of its letters; None where that is
    not fixed, or where there is no such zone.
    """
    return _FOLDED.get(zone.lower())
