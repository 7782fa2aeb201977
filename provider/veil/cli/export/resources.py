"""What is stored, as resource blocks that refer to each other."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from veil.cli.export.declaring import declared
from veil.cli.export.hcl import Expression, Value, text
from veil.cli.export.naming import Names
from veil.cli.export.users import directory_of, own_resource
from veil.governance import DeployedState, StoredObject
from veil.model import DataSource, Kind, Project, Subscription
from veil.model.kinds import kinds_beside
from veil.model.names import folded, parts_of
from veil.plugin import Model
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


@dataclass(frozen=True)
class Resource:
    """A resource block and how to import it: `imported_as` is HCL. `file` is that of the configuration in which it stands,
    `files` are what stands beside the configuration.
    """

    type: str
    name: str
    attributes: Mapping[str, Value]
    imported_as: Expression
    file: str
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"{self.type}.{self.name}"


def resources_of(deployed: DeployedState) -> list[Resource]:
    """The blocks of everything whose row can be trusted: the integration first, then by type and name."""
    return list(_Export(deployed).all())


class _Export:
    """Names all things before it writes any, so that they can refer to each other."""

    def __init__(self, deployed: DeployedState) -> None:
        self._deployed = deployed
        self._names: dict[tuple[Kind, Any], str] = {}
        names = Names()
        for place, stored in sorted(deployed.stored.items(), key=str):
            if not own_resource(stored):
                continue
            self._names[place] = names.name(place[0].value, _names(*place))
        self._directories = {
            token: (names.name("directory", ("directory",)), list(users))
            for token, users in groupby(sorted(self._shared(), key=_token), key=_token)
        }

    def all(self) -> Iterator[Resource]:
        for kind, exported in EXPORTED.items():
            if exported is not None:
                yield from (self._resource(exported, each) for each in self._of(kind))
        for name, users in self._directories.values():
            yield self._directory(name, users)

    def _of(self, kind: Kind) -> Iterable[StoredObject]:
        found = [each for place, each in self._deployed.stored.items() if place[0] is kind and place in self._names]
        return sorted((each for each in found if each.thing is not None), key=self._name)

    def _shared(self) -> Iterator[StoredObject]:
        yield from (
            each for each in self._deployed.stored.values() if not own_resource(each) and each.thing is not None
        )

    def _name(self, stored: StoredObject) -> str:
        return self._names[stored.kind, stored.key]

    def _resource(self, exported: "Exported", stored: StoredObject) -> Resource:
        assert stored.thing is not None
        values = exported.values(stored.thing) | exported.references(self, stored.thing)
        if stored.kind is not Kind.INTEGRATION:
            values["integration"] = self._integration()
        attributes = declared(exported.model, values)
        if isinstance(columns := attributes.get("columns"), Mapping):
            # Of columns without tags it says that they have none: an empty block looks like a misspelt one.
            attributes["columns"] = {name: column or {"tags": []} for name, column in columns.items()}
        type_ = f"veil_{stored.kind.value}"
        return Resource(type_, self._name(stored), attributes, _quoted(stored.shown), exported.file)

    def _directory(self, name: str, users: list[StoredObject]) -> Resource:
        attributes, imported_as, files = directory_of(name, users)
        attributes = {"integration": self._integration()} | attributes
        return Resource("veil_user_profiles", name, attributes, imported_as, _USERS, files)

    def _integration(self) -> Expression:
        stored = self._deployed.integration
        return Expression(f"veil_integration.{self._name(stored)}.id" if stored is not None else "null")

    def of_subscription(self, thing: Subscription) -> dict[str, Any]:
        """The reference of a subscription to its data source."""
        return {"data_source": self._reference("id", (Kind.DATA_SOURCE, thing.data_source))}

    def of_project(self, thing: Project) -> dict[str, Any]:
        """The references of a project to what its members act on, and why."""
        sources = (self._reference("id", (Kind.DATA_SOURCE, key)) for key in thing.data_sources)
        purposes = (self._reference("name", (Kind.PURPOSE, name)) for name in thing.purposes)
        return {"data_sources": frozenset(sources), "purposes": frozenset(purposes)}

    def of_data_source(self, thing: DataSource) -> dict[str, Any]:
        """The references of a data source to the policies that it lists; its view's names are left out where they are what
        Terraform would compute anyway.
        """
        kinds = kinds_beside(Kind.MASKING_POLICY)
        listed = (self._reference("name", *((kind, name) for kind in kinds)) for name in thing.policies)
        defaults = {"view_name": folded(thing.table), "view_schema": self._deployed.world.integration.view_schema}
        left_out = {name: None for name, default in defaults.items() if folded(getattr(thing, name)) == folded(default)}
        return {"policies": frozenset(listed)} | left_out

    def _reference(self, attribute: str, *places: tuple[Kind, Any]) -> Expression:
        """An attribute of the first of these that is there; the name itself where none is."""
        for kind, key in places:
            stored = self._deployed.stored.get((kind, key))
            if stored is not None and stored.thing is not None:
                return Expression(f"veil_{kind.value}.{self._name(stored)}.{attribute}")
        return _quoted(places[0][1])


def _names(kind: Kind, key: Any) -> tuple[str, ...]:
    exported = EXPORTED[kind]
    return exported.names(key) if exported is not None else (str(key),)


def _of_key(key: Any) -> tuple[str, ...]:
    return (str(key),)


def _of_table(key: str) -> tuple[str, ...]:
    parts = parts_of(key)
    return parts[-1], "_".join(parts)


def _of_pair(key: tuple[str, str]) -> tuple[str, ...]:
    user, source = key
    return f"{user}_{parts_of(source)[-1]}", f"{user}_{source}"


def _token(stored: StoredObject) -> str:
    return stored.id.partition(".")[0]


def _quoted(name: str) -> Expression:
    return Expression(text(name))


@dataclass(frozen=True)
class Exported:
    """How the objects of one kind are exported."""

    model: type[Model]
    values: Callable[[Any], dict[str, Any]]
    """An object's attributes, by the names of the model's fields."""
    file: str
    """The file of the configuration in which they stand."""
    names: Callable[[Any], tuple[str, ...]] = _of_key
    """What a resource may be called, by its object's key: the first that is free."""
    references: Callable[[_Export, Any], dict[str, Any]] = lambda export, thing: {}
    """The attributes that refer to other resources, or that Terraform would compute as they are."""


_POLICIES, _PURPOSES, _USERS = "policies.tf", "purposes.tf", "users.tf"

EXPORTED: Mapping[Kind, Exported | None] = {
    Kind.INTEGRATION: Exported(Integrations.model, lambda thing: dict(from_governed(thing)), "main.tf"),
    Kind.DATA_SOURCE: Exported(
        DataSources.model, DataSources().from_stored, "data_sources.tf", _of_table, _Export.of_data_source
    ),
    Kind.MASKING_POLICY: Exported(MaskingPolicy.model, MaskingPolicy().from_stored, _POLICIES),
    Kind.ROW_POLICY: Exported(RowPolicy.model, RowPolicy().from_stored, _POLICIES),
    Kind.SUBSCRIPTION_POLICY: Exported(SubscriptionPolicy.model, SubscriptionPolicy().from_stored, _POLICIES),
    Kind.SUBSCRIPTION: Exported(
        Subscriptions.model, Subscriptions().from_stored, _USERS, _of_pair, _Export.of_subscription
    ),
    Kind.PROFILE: Exported(UserProfile.model, UserProfile().from_stored, _USERS),
    Kind.IMPERSONATION: Exported(Impersonation.model, Impersonation().from_stored, _USERS),
    Kind.PURPOSE: Exported(Purpose.model, Purpose().from_stored, _PURPOSES),
    Kind.PROJECT: Exported(Projects.model, Projects().from_stored, _PURPOSES, references=_Export.of_project),
    Kind.CLOSING: None,  # It is what an apply that failed left, and nothing that anybody declares.
}
"""How each kind is exported, in the order of the configuration; None where no resource declares it."""
