"""How large Redshift's types get.

Source: Amazon Redshift Database Developer Guide, "Numeric types" (r_Numeric_types201), "Character
types" (r_Character_types), "VARBYTE type" (r_VARBYTE_type).
"""

from __future__ import annotations

from veil.local.rewrite.errors import RefusalError

_LARGEST = {"varchar": 65_535, "char": 4096, "bytea": 16_777_216}
"""Bytes."""

_MOST_DIGITS, _MOST_DECIMALS = 38, 37


def check_size(name: str, size: str) -> None:
    """Refuses what is in the brackets of a type ("8, 2"), where that is no number that Redshift
    takes. `name` is PostgreSQL's.

    Raises:
        RefusalError: it is too large, or too small.
    """
    numbers = [int(one) for one in size.split(",") if one.strip().isdigit()]
    if name == "numeric":
        digits, decimals = numbers[0] if numbers else 1, numbers[1] if len(numbers) > 1 else 0
        if not 1 <= digits <= _MOST_DIGITS:
            raise RefusalError("22023", f"DECIMAL precision {digits} must be between 1 and {_MOST_DIGITS}")
        if decimals > min(digits, _MOST_DECIMALS):
            most = min(digits, _MOST_DECIMALS)
            raise RefusalError("22023", f"DECIMAL scale {decimals} must be between 0 and {most}")
    elif numbers and not 1 <= numbers[0] <= _LARGEST[name]:
        shown = {"varchar": "character varying", "char": "character", "bytea": "binary varying"}[name]
        raise RefusalError("22023", f"length for type {shown} cannot exceed {_LARGEST[name]}")
