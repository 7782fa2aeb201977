"""Names that move from one object to another in the plans seen so far."""

from typing import Any

from veil.model import Kind

Place = tuple[Kind, Any]


class MovingNames:
    """Which keys planned objects have taken: in a swap one of the two is planned first, and the
    other gives up nothing.
    """

    def __init__(self) -> None:
        self._taken: set[Place] = set()

    def put(self, kind: Kind, key: Any, replaces: Any) -> Any:
        """Take in that an object is planned to have this key, `replaces` being the one that it has
        now. Which key it gives up; None where it gives up none, or another object has that already.
        """
        gives_up = replaces if (kind, replaces) not in self._taken else None
        self._taken.add((kind, key))
        return gives_up

    def remove(self, kind: Kind, key: Any) -> bool:
        """Whether the key of a deployed object that is planned to go goes with it."""
        return (kind, key) not in self._taken
