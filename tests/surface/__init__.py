"""The documented surface of Redshift, as data for tests."""

import json
from functools import cache
from pathlib import Path
from typing import Any, cast

_FOLDER = Path(__file__).parent


@cache
def load(name: str) -> dict[str, dict[str, Any]]:
    """A file of this folder, such as `catalog`: from names to what is documented of them.
    All callers get the same, which is read once, and leave it as it is.
    """
    return cast(dict[str, dict[str, Any]], json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8")))


@cache
def load_list(name: str) -> list[dict[str, Any]]:
    """A file of this folder that is a list of facts, such as `grammar`. All callers get the
    same, which is read once, and leave it as it is.
    """
    return cast(list[dict[str, Any]], json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8")))
