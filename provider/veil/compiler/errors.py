"""What cannot be compiled, for the person who declared it."""

from typing import Any

from veil.errors import VeilError
from veil.model import Kind


class CompileError(VeilError):
    """A view that cannot be written, not even closed. `kind`, `key` and `path` name the object and
    its attribute; one that `is_too_long` could be, but is not. `source` is the data source's key,
    where the view of one was compiled.
    """

    def __init__(
        self,
        summary: str,
        detail: str,
        kind: Kind = Kind.DATA_SOURCE,
        key: Any = None,
        path: tuple[str | int, ...] = (),
        *,
        is_too_long: bool = False,
    ) -> None:
        super().__init__(summary, detail, path)
        self.kind = kind
        self.key = key
        self.is_too_long = is_too_long
        self.source: str | None = None
