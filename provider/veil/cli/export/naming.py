"""Names of resources: what a thing is called, as far as Terraform allows it."""

import re
from collections.abc import Iterable

_OTHER = re.compile(r"[^a-z0-9_]+")


class Names:
    """Gives each thing of a type a name of its own."""

    def __init__(self) -> None:
        self._taken: set[tuple[str, str]] = set()

    def name(self, kind: str, candidates: Iterable[str]) -> str:
        """The first of the candidates that is free among resources of this type; the last one with
        a number where none is.
        """
        slugs = [_slug(each) for each in candidates]
        numbered = (f"{slugs[-1]}_{number}" for number in range(2, len(self._taken) + 3))
        chosen = next(each for each in (*slugs, *numbered) if (kind, each) not in self._taken)
        self._taken.add((kind, chosen))
        return chosen


def _slug(text: str) -> str:
    slug = _OTHER.sub("_", text.lower()).strip("_") or "unnamed"
    return f"_{slug}" if slug[0].isdigit() else slug
