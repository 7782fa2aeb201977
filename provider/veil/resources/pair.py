"""What resources of one user and one data source share: how they are read, named, imported and
exported.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from veil.model import DataSource, Kind
from veil.model.names import canonical, parts_of
from veil.plugin import Context, is_known
from veil.resources.base import GovernedModel, GovernedResource
from veil.resources.exporting import References

if TYPE_CHECKING:
    from veil.governance import DeployedState, StoredObject, requests

M = TypeVar("M", bound=GovernedModel)


class PairResource(GovernedResource[M]):
    """A resource whose key is a user and a data source. Its model has `user` and, as an id,
    `data_source`.
    """

    plural: ClassVar[str]
    """What several are called, where two of one pair are refused."""

    def read(self, state: M, ctx: Context) -> M | None:
        deployed = ctx.client.governance(state.integration).deployed()
        pair: Any = state
        if deployed is not None and (Kind.DATA_SOURCE, pair.data_source) not in deployed.by_id:
            return None
        return super().read(state, ctx)

    def claims(self, planned: M) -> Iterator["requests.Claim"]:
        from veil.governance import requests

        declared: Any = planned
        if is_known(declared.user) and is_known(declared.data_source):
            pair = (self.kind.value, declared.user, declared.data_source)
            title = f"Two {self.plural} of one user to one data source"
            yield requests.Claim(pair, title, declared.user, self.type_name, ("user",))

    def exported_names(self, key: tuple[str, str]) -> tuple[str, ...]:
        user, source = key
        return f"{user}_{parts_of(source)[-1]}", f"{user}_{source}"

    def references(self, thing: Any, others: References) -> dict[str, Any]:
        return {"data_source": others.reference("id", (Kind.DATA_SOURCE, thing.data_source))}

    def find(self, deployed: "DeployedState", name: str) -> "StoredObject | None":
        # Users and tables may have slashes in their names, so each one might be the one between the
        # two.
        slashes = (position for position, character in enumerate(name) if character == "/")
        wanted = {(name[:position], _dotted(name[position + 1 :])) for position in slashes}
        for each in deployed.stored.values():
            source = deployed.stored.get((Kind.DATA_SOURCE, each.key[1])) if each.kind is self.kind else None
            names = (source.key, source.thing.view) if source and isinstance(source.thing, DataSource) else ()
            if any((each.key[0], canonical(source_name)) in wanted for source_name in names):
                return each
        return None

    def state(self, declared: M, stored: "StoredObject", deployed: "DeployedState") -> M:
        source = deployed.stored.get((Kind.DATA_SOURCE, stored.key[1]))
        names = {"id": stored.id} | ({"data_source": source.id} if source else {})
        return declared.model_copy(update=names)


def _dotted(name: str) -> str | None:
    try:
        return canonical(name)
    except ValueError:
        return None
