"""What breaks a rule, and where."""

from dataclasses import dataclass

from ..diagnostics import Path, Steps
from ..values.raw import Raw, Typed
from ..values.unknown import UNKNOWN


@dataclass(frozen=True)
class Problem:
    """One broken rule: the path of the attribute, and what is wrong there."""

    path: Steps
    message: str

    def __str__(self) -> str:
        return f"{Path(self.path)}: {self.message}" if self.path else self.message


def show(value: Raw, secret: bool) -> str:
    """A value for a message: short, in HCL's spelling, and never a secret."""
    if value is None:
        return "null"
    if value is UNKNOWN:
        return "unknown"
    if secret:
        return "a sensitive value"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        text = f'"{value}"'
    elif isinstance(value, list):
        text = "[" + ", ".join(show(item, secret) for item in value) + "]"
    elif isinstance(value, dict):
        text = "{" + ", ".join(f"{name} = {show(item, secret)}" for name, item in value.items()) + "}"
    elif isinstance(value, Typed):
        text = show(value.value, secret)
    else:
        text = str(value)
    return text if len(text) <= 120 else text[:117] + "..."
