"""The documented surface of Redshift, as data for tests."""

import json
from pathlib import Path
from typing import Any, cast

_FOLDER = Path(__file__).parent


def load(name: str) -> dict[str, dict[str, Any]]:
    """A file of this folder, such as `catalog`: from names to what is documented of them."""
    return cast(dict[str, dict[str, Any]], json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8")))


def load_list(name: str) -> list[dict[str, Any]]:
    """A file of this folder that is a list of facts, such as `grammar`."""
    return cast(list[dict[str, Any]], json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8")))
