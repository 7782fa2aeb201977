"""What is wrong with a file, collected so that a person corrects it in one go."""

from veil.plugin import PluginError

SHOWN = 20
"""How many lines of anything a diagnostic lists."""


class Problems:
    """Gathers what is wrong with one file: where, and what was found there."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._found: list[str] = []

    def add(self, where: str, problem: str) -> None:
        """Note a problem; `where` names line, column or field."""
        self._found.append(f"{where}: {problem}" if where else problem)

    def require_none(self) -> None:
        """Raise PluginError where something was noted."""
        if self._found:
            raise refusal(self.path, bounded(self._found))


def refusal(path: str, lines: list[str]) -> PluginError:
    """The diagnostic for a file that cannot be used."""
    listed = "\n".join(f"  - {each}" for each in lines)
    return PluginError(
        "The user file cannot be used", f"{path}:\n{listed}\nCorrect the file; nothing was written.", path=("file",)
    )


def bounded(lines: list[str]) -> list[str]:
    """The first lines, and how many more there are."""
    if len(lines) <= SHOWN:
        return lines
    return [*lines[:SHOWN], f"and {len(lines) - SHOWN} more"]
