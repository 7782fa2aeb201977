"""What a provider says to people: diagnostics, and the places they point at."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

Severity = Literal["error", "warning"]
# Where something is, as the framework passes it around.
Steps = tuple[str | int, ...]


class Path(tuple[str | int, ...]):
    """A place in a configuration: attribute names, map keys and list indexes. Elements of sets have
    no place.
    """

    __slots__ = ()

    @classmethod
    def of(cls, *steps: str | int) -> "Path":
        """The path of these steps: ``Path.of("columns", "ssn", "tags")``."""
        return cls(steps)

    def __str__(self) -> str:
        return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in self).lstrip(".")


@dataclass(frozen=True)
class Diagnostic:
    """One message: a short title, an explanation with a way out, and where it applies."""

    severity: Severity
    summary: str
    detail: str = ""
    path: Steps = ()
    at_once: bool = False
    """Of an error: that it is told when it is found, even where others wait for the application of
    their resource, because the application could not act on it.
    """

    @classmethod
    def error(cls, summary: str, detail: str = "", path: Sequence[str | int] | None = None) -> "Diagnostic":
        """Something that must be mended before Terraform can go on."""
        return cls("error", summary, detail, Path(path or ()))

    @classmethod
    def warning(cls, summary: str, detail: str = "", path: Sequence[str | int] | None = None) -> "Diagnostic":
        """Something worth knowing that stops nothing."""
        return cls("warning", summary, detail, Path(path or ()))


@dataclass
class Diagnostics:
    """The messages of one call, in order. The same message at the same place is kept once."""

    items: list[Diagnostic] = field(default_factory=list)

    def error(self, summary: str, detail: str = "", path: Sequence[str | int] | None = None) -> None:
        """Add an error. The call goes on, but Terraform will not use its result."""
        self.add(Diagnostic.error(summary, detail, path))

    def warning(self, summary: str, detail: str = "", path: Sequence[str | int] | None = None) -> None:
        """Add a warning."""
        self.add(Diagnostic.warning(summary, detail, path))

    def add(self, diagnostic: Diagnostic) -> None:
        """Add a diagnostic, unless it is there already."""
        if diagnostic not in self.items:
            self.items.append(diagnostic)

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Add several diagnostics."""
        for diagnostic in diagnostics:
            self.add(diagnostic)

    @property
    def has_errors(self) -> bool:
        """Whether one of them is an error."""
        return any(item.severity == "error" for item in self.items)

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


class PluginError(Exception):
    """Raise it in provider code to end the call with one or more diagnostics."""

    def __init__(self, summary: str, detail: str = "", path: Sequence[str | int] | None = None) -> None:
        super().__init__(summary)
        self.diagnostics: tuple[Diagnostic, ...] = (Diagnostic.error(summary, detail, path),)

    def told_at_once(self) -> "PluginError":
        """The same, told when it is found: the resource could do nothing about it when it is
        applied.
        """
        return PluginError.of(replace(each, at_once=True) for each in self.diagnostics)

    @classmethod
    def of(cls, diagnostics: Iterable[Diagnostic]) -> "PluginError":
        """An error that carries ready-made diagnostics; there must be one at least."""
        items = tuple(diagnostics)
        error = cls(items[0].summary, items[0].detail, items[0].path)
        error.diagnostics = items
        return error

    def __str__(self) -> str:
        return "; ".join(f"{item.summary}: {item.detail}" if item.detail else item.summary for item in self.diagnostics)


class FunctionError(Exception):
    """Raise it in a function to refuse an argument. ``argument`` is its position, counted from
    0.
    """

    def __init__(self, text: str, argument: int | None = None) -> None:
        super().__init__(text)
        self.text = text
        self.argument = argument
