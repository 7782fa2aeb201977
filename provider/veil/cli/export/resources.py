"""What is stored, as resource blocks that refer to each other."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from veil.cli.export.declaring import declared
from veil.cli.export.hcl import Expression, Value, text
from veil.cli.export.naming import Names
from veil.cli.export.users import directory_of, own_resource
from veil.governance.metadata.deployed import Deployed, Stored
from veil.governance.metadata.identity import readable
from veil.model import DataSource, Integration, Kind, Project, Subscription
from veil.model.names import folded, parts_of
from veil.resources.base import GovernedResource
from veil.resources.data_source import DataSource as DataSources
from veil.resources.impersonation import Impersonation
from veil.resources.integration import Integration as Integrations
from veil.resources.integration import from_governed
from veil.resources.masking_policy import MaskingPolicy
from veil.resources.project import Project as Projects
from veil.resources.purpose import Purpose
from veil.resources.row_policy import RowPolicy
from veil.resources.subscription import Subscription as Subscriptions
from veil.resources.subscription_policy import SubscriptionPolicy
from veil.resources.user_profile import UserProfile

_RESOURCES: tuple[GovernedResource[Any], ...] = (
    DataSources(),
    MaskingPolicy(),
    RowPolicy(),
    SubscriptionPolicy(),
    Subscriptions(),
    UserProfile(),
    Impersonation(),
    Purpose(),
    Projects(),
)


@dataclass(frozen=True)
class Resource:
    """A resource block and how to import it: `imported_as` is HCL. `files` are what stands beside the configuration."""

    type: str
    name: str
    attributes: Mapping[str, Value]
    imported_as: Expression
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"{self.type}.{self.name}"


def resources_of(deployed: Deployed) -> list[Resource]:
    """The blocks of everything whose row can be trusted: the integration first, then by type and name."""
    return list(_Export(deployed).all())


class _Export:
    """Names all things before it writes any, so that they can refer to each other."""

    def __init__(self, deployed: Deployed) -> None:
        self._deployed = deployed
        self._names: dict[tuple[Kind, Any], str] = {}
        names = Names()
        for place, stored in sorted(deployed.stored.items(), key=str):
            if not own_resource(stored):
                continue
            self._names[place] = names.name(place[0].value, _candidates(*place))
        self._directories = {
            token: (names.name("directory", ("directory",)), list(users))
            for token, users in groupby(sorted(self._shared(), key=_token), key=_token)
        }

    def all(self) -> Iterator[Resource]:
        stored = self._deployed.integration
        if stored is not None and isinstance(stored.thing, Integration):
            attributes = declared(Integrations.model, dict(from_governed(stored.thing)))
            yield Resource("veil_integration", self._name(stored), attributes, _quoted(stored.key))
        for resource in _RESOURCES:
            for each in self._of(resource.kind):
                yield self._resource(resource, each)
        for name, users in self._directories.values():
            yield self._directory(name, users)

    def _of(self, kind: Kind) -> Iterable[Stored]:
        found = [each for place, each in self._deployed.stored.items() if place[0] is kind and place in self._names]
        return sorted((each for each in found if each.thing is not None), key=self._name)

    def _shared(self) -> Iterator[Stored]:
        yield from (
            each for each in self._deployed.stored.values() if not own_resource(each) and each.thing is not None
        )

    def _name(self, stored: Stored) -> str:
        return self._names[stored.kind, stored.key]

    def _resource(self, resource: GovernedResource[Any], stored: Stored) -> Resource:
        assert stored.thing is not None
        values = resource.from_stored(stored.thing) | self._references(stored) | {"integration": self._integration()}
        attributes = declared(resource.model, values)
        if isinstance(columns := attributes.get("columns"), Mapping):
            # Of columns without tags it says that they have none: an empty block looks like a misspelt one.
            attributes["columns"] = {name: column or {"tags": []} for name, column in columns.items()}
        return Resource(resource.type_name, self._name(stored), attributes, _quoted(readable(stored.key)))

    def _directory(self, name: str, users: list[Stored]) -> Resource:
        attributes, imported_as, files = directory_of(name, users)
        return Resource(
            "veil_user_profiles", name, {"integration": self._integration()} | attributes, imported_as, files
        )

    def _integration(self) -> Expression:
        stored = self._deployed.integration
        return Expression(f"veil_integration.{self._name(stored)}.id" if stored is not None else "null")

    def _references(self, stored: Stored) -> dict[str, Any]:
        """Attributes that name other resources, or that are what Terraform would compute anyway."""
        match stored.thing:
            case Subscription(data_source=key):
                return {"data_source": self._reference("id", (Kind.DATA_SOURCE, key))}
            case Project(data_sources=keys, purposes=purposes):
                return {
                    "data_sources": frozenset(self._reference("id", (Kind.DATA_SOURCE, key)) for key in keys),
                    "purposes": frozenset(self._reference("name", (Kind.PURPOSE, name)) for name in purposes),
                }
            case DataSource(policies=policies) as source:
                kinds = (Kind.MASKING_POLICY, Kind.ROW_POLICY)
                listed = (self._reference("name", *((kind, name) for kind in kinds)) for name in policies)
                return {"policies": frozenset(listed)} | self._default_names(source)
        return {}

    def _default_names(self, source: DataSource) -> dict[str, Any]:
        defaults = {"view_name": folded(source.table), "view_schema": self._deployed.world.integration.view_schema}
        return {name: None for name, default in defaults.items() if folded(getattr(source, name)) == folded(default)}

    def _reference(self, attribute: str, *places: tuple[Kind, Any]) -> Expression:
        """An attribute of the first of these that is there; the name itself where none is."""
        for kind, key in places:
            stored = self._deployed.stored.get((kind, key))
            if stored is not None and stored.thing is not None:
                return Expression(f"veil_{kind.value}.{self._name(stored)}.{attribute}")
        return _quoted(places[0][1])


def _candidates(kind: Kind, key: Any) -> tuple[str, ...]:
    if kind is Kind.DATA_SOURCE:
        parts = parts_of(key)
        return parts[-1], "_".join(parts)
    if kind is Kind.SUBSCRIPTION:
        user, source = key
        return f"{user}_{parts_of(source)[-1]}", f"{user}_{source}"
    return (str(key),)


def _token(stored: Stored) -> str:
    return stored.id.partition(".")[0]


def _quoted(name: str) -> Expression:
    return Expression(text(name))
