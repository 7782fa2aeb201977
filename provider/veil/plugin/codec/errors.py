"""The one error of the codecs, and the steps that say where it happened."""

from collections.abc import Iterator
from contextlib import contextmanager


class CodecError(ValueError):
    """A value does not have the type that the schema demands, or its encoding is broken.

    ``path`` names the place in the value: attribute names, map keys and indexes.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
        self.path: tuple[str | int, ...] = ()

    def __str__(self) -> str:
        place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.path).lstrip(".")
        return f"{place}: {self.message}" if place else self.message


@contextmanager
def inside(step: str | int) -> Iterator[None]:
    """Put ``step`` in front of the path of any CodecError raised within."""
    try:
        yield
    except CodecError as error:
        error.path = (step, *error.path)
        raise
