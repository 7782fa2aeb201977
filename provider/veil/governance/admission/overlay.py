"""The stored objects while a group of requests is decided, one request after the other."""

from collections.abc import Iterable, Mapping
from typing import Any

from veil.governance.admission.naming import Owner
from veil.governance.metadata.deployed import DeployedState, StoredObject
from veil.model import Closing, DataSource, Integration, Kind, MaskingPolicy, RowPolicy, key_of, kind_of
from veil.model.kinds import Governed, kinds_beside
from veil.model.names import canonical
from veil.warehouse import RelationKind


class Overlay:
    """A working copy of what is deployed. It is thrown away where the group fails."""

    def __init__(self, deployed: DeployedState | None, integration: Integration) -> None:
        self.integration = integration
        self.owner = deployed.layout.owner if deployed else ""
        """The account that owns what is veil's; empty where nobody knows yet."""
        self.stored: dict[tuple[Kind, Any], StoredObject] = dict(deployed.stored) if deployed else {}
        self.by_id: dict[tuple[Kind, str], StoredObject] = dict(deployed.by_id) if deployed else {}
        self._deployed = deployed.world if deployed else None
        self._decided: dict[Kind, dict[Any, Governed | None]] = {}
        # These two are asked of what is deployed, which knows them: a plan makes an overlay for
        # each of its resources.
        self.views: dict[str, str] = dict(deployed.sources_by_view) if deployed else {}
        """By the views' names, the sources that they stand for."""
        self.ours = deployed.published_views if deployed else frozenset()
        """The views that veil made, of sources whose rows were lost or altered too."""
        self.adopted: set[tuple[str, str]] = set()
        """The views of which nothing is recorded and that are veil's all the same."""
        self.base_kinds: Mapping[tuple[str, str], RelationKind] = deployed.snapshot.base.kinds if deployed else {}
        """What the tables of data sources were, when all was read."""
        self.base_owners: Mapping[tuple[str, str], str] = deployed.snapshot.base.owners if deployed else {}
        """Whose they were."""
        self.changed: dict[tuple[Kind, Any], None] = {}
        """The places of what was put or removed, in that order and each once."""
        self.waiting: dict[Owner, Governed] = dict(deployed.waiting) if deployed else {}
        """What objects are to be called once the name is free."""
        self.gone: dict[tuple[Kind, Any], StoredObject] = {}
        """What was removed on the way: a new address of the same table begins where the old one
        ended.
        """

    def sources(self) -> list[DataSource]:
        """The data sources as decided so far."""
        there = self._deployed.data_sources if self._deployed else {}
        return [each for each in self._overlaid(Kind.DATA_SOURCE, there) if isinstance(each, DataSource)]

    def filtering_policies(self) -> list[MaskingPolicy | RowPolicy]:
        """The masking and row policies as decided so far."""
        masking = self._deployed.masking_policies if self._deployed else {}
        rows = self._deployed.row_policies if self._deployed else {}
        policies = (*self._overlaid(Kind.MASKING_POLICY, masking), *self._overlaid(Kind.ROW_POLICY, rows))
        return [each for each in policies if isinstance(each, MaskingPolicy | RowPolicy)]

    def closings(self) -> list[Closing]:
        """What closes data sources, as decided so far."""
        there = self._deployed.closings if self._deployed else {}
        return [each for each in self._overlaid(Kind.CLOSING, there) if isinstance(each, Closing)]

    def _overlaid(self, kind: Kind, deployed: Mapping[str, Governed]) -> Iterable[Governed | None]:
        return {**deployed, **self._decided.get(kind, {})}.values()

    def holder(self, thing: Governed) -> StoredObject | None:
        """The stored object that has the name of this one: the view, the name, or else the key."""
        if isinstance(thing, DataSource):
            source = self.views.get(canonical(thing.view))
            return None if source is None else self.stored.get((Kind.DATA_SOURCE, source))
        candidates = (self.stored.get((kind, key_of(thing))) for kind in kinds_beside(kind_of(thing)))
        return next(filter(None, candidates), None)

    def put(self, stored: StoredObject) -> None:
        """Store an object, in place of the one of its key."""
        self.remove(stored.kind, stored.key)
        self.changed[stored.kind, stored.key] = None
        self.stored[stored.kind, stored.key] = stored
        self.by_id[stored.kind, stored.id] = stored
        self._decided.setdefault(stored.kind, {})[stored.key] = stored.thing
        if isinstance(stored.thing, DataSource):
            self.views[canonical(stored.thing.view)] = stored.thing.key
        if isinstance(stored.thing, Integration):
            self.integration = stored.thing

    def remove(self, kind: Kind, key: Any) -> None:
        """Forget the object of this key, if there is one."""
        gone = self.stored.pop((kind, key), None)
        if gone is None:
            return
        self.gone[kind, key] = gone
        self.changed[kind, key] = None
        self.by_id.pop((kind, gone.id), None)
        self._decided.setdefault(kind, {})[key] = None
        view = canonical(gone.thing.view) if isinstance(gone.thing, DataSource) else ""
        if self.views.get(view) == key:
            del self.views[view]
