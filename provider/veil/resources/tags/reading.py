"""JSON that somebody else wrote, taken for what its documentation says it is."""

from collections.abc import Mapping
from typing import Any

from veil.model.names import problem_with_text


def json_object(value: Any, where: str) -> Mapping[str, Any]:
    """The object; an empty one for null. Raises ValueError, which names the place, for anything
    else.
    """
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ValueError(f"{where}: it is not an object")
    return value


def json_text(value: Any, where: str) -> str:
    """The text. Raises ValueError, which names the place, for anything else, and for what Redshift
    cannot hold.
    """
    if not isinstance(value, str):
        raise ValueError(f"{where}: it is not a string")
    if problem := problem_with_text(value):
        raise ValueError(f"{where}: {problem}")
    return value
