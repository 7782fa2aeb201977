"""What commands print. A warehouse's names are chosen by whoever may create a table there, and must
not steer the terminal of whoever runs a command: what is not seen is printed as an escape.
"""

import json
import sys
from typing import Any, TextIO

from veil.plugin import printable


def say(text: str, stream: TextIO | None = None) -> None:
    """Print lines of text, by default to standard output."""
    (stream or sys.stdout).write(f"{printable(text)}\n")


def say_json(value: Any) -> None:
    """Print a value as JSON, whose texts a reader gets as they are."""
    sys.stdout.write(json_text(value))


def json_text(value: Any) -> str:
    """A value as lines of JSON."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return "".join(each if each == "\n" or printable(each, kept="") == each else _escaped(each) for each in text) + "\n"


def one_line(text: str) -> str:
    """A text such that it is one line, whatever is in it."""
    return printable(text, kept="")


def _escaped(character: str) -> str:
    return json.dumps(character)[1:-1]
