"""How a program of these tells what it tried: a JSON object a line."""

import json
import os
from collections.abc import Callable

HOST, PORT, DATABASE = (os.environ[f"VEIL_{name}"] for name in ("HOST", "PORT", "DATABASE"))
USER, PASSWORD = os.environ["VEIL_USER"], os.environ["VEIL_PASSWORD"]


def attempt(name: str, thing: Callable[[], object]) -> None:
    """Tries something, and tells whether it went wrong."""
    try:
        thing()
        error = None
    except Exception as raised:  # whatever it is, it is what the client's user would see
        error = f"{type(raised).__name__}: {raised}"[:1000]
    print(json.dumps({"name": name, "error": error}), flush=True)


def same(found: object, wanted: object) -> None:
    """Fails where two things differ."""
    if found != wanted:
        raise AssertionError(f"{found!r} is not {wanted!r}")
