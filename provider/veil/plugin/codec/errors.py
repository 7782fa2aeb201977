"""The one error of the codecs."""


class CodecError(ValueError):
    """A value does not have the type that the schema demands, or its encoding is broken.

    ``path`` names the place in the value: attribute names, map keys and indexes.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
        self.path: tuple[str | int, ...] = ()

    def under(self, step: str | int) -> "CodecError":
        """The same error, seen from one level further out: ``step`` leads to where it is."""
        self.path = (step, *self.path)
        return self

    def __str__(self) -> str:
        place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.path).lstrip(".")
        return f"{place}: {self.message}" if place else self.message
