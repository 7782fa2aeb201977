"""Names that move from one object to another in the plans seen so far."""

from typing import Any

from veil.model import Kind, World
from veil.model.change import lookup

Place = tuple[Kind, Any]


class MovingNames:
    """Which keys planned objects have taken, and which deployed objects are out of sight because of it until their own
    plans come: in a swap one of the two is planned first.
    """

    def __init__(self, deployed: World | None) -> None:
        self._deployed = deployed
        self._taken: set[Place] = set()
        self._planned: set[Place] = set()  # the deployed objects whose own plans came, by the keys that they have
        self._displaced: set[Place] = set()

    @property
    def unsettled(self) -> bool:
        """Whether a deployed object is out of sight."""
        return bool(self._displaced)

    def put(self, kind: Kind, key: Any, replaces: Any) -> Any:
        """Take in that an object is planned to have this key, `replaces` being the one that it has now. Which key it gives
        up; None where it gives up none, or another object has that already.
        """
        self._see((kind, replaces))
        gives_up = replaces if (kind, replaces) not in self._taken else None
        if replaces not in (None, key) and (kind, key) not in self._planned and self._is_deployed(kind, key):
            self._displaced.add((kind, key))
        self._taken.add((kind, key))
        return gives_up

    def remove(self, kind: Kind, key: Any) -> bool:
        """Take in that a deployed object is planned to go; whether its key goes with it."""
        self._see((kind, key))
        return (kind, key) not in self._taken

    def _see(self, place: Place) -> None:
        self._planned.add(place)
        self._displaced.discard(place)

    def _is_deployed(self, kind: Kind, key: Any) -> bool:
        return self._deployed is not None and lookup(self._deployed, kind, key) is not None
