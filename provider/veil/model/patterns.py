"""Regular expressions of masks, of which Redshift, PostgreSQL and Python share a part."""

import re

_UNCOMMON = re.compile(r"\(\?|\\[0-9AZbBGK]|[*+?}][?+]")
"""What POSIX expressions and Python's do not share: groups with `(?`, back-references, lazy and possessive quantifiers."""


def problem_with_pattern(pattern: str) -> str | None:
    """Why a regex mask cannot use the pattern, or None."""
    found = _UNCOMMON.search(re.sub(r"\\\\|\[[^]]*\]", "", pattern))
    if found:
        return f"{found[0]!r} is not part of POSIX regular expressions"
    try:
        re.compile(pattern)
    except re.error as error:
        return str(error)
    return None
