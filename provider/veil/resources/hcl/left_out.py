"""What states of earlier versions say of attributes that nobody wrote."""

from collections.abc import Mapping
from typing import Any

_BLOCKS = ("applies_to", "exceptions")
_NOTHING: tuple[Any, ...] = (None, False, [], "any")


def drop_defaults(state: Mapping[str, Any]) -> dict[str, Any]:
    """A policy's state of schema version 0, in which all of `applies_to` and `exceptions` stood,
    written or not, with what says something.
    """
    blocks = {name: block for name in _BLOCKS if (block := state.get(name)) is not None}
    return {
        **state,
        **{
            name: {each: None if value in _NOTHING else value for each, value in block.items()}
            for name, block in blocks.items()
        },
    }
