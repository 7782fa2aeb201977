"""What is stored, as resource blocks that refer to each other."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from veil.cli.export.declaring import declared
from veil.cli.export.hcl import Expression, Value, text
from veil.cli.export.naming import Names
from veil.cli.export.users import directory_of, own_resource
from veil.governance import DeployedState, StoredObject
from veil.model import Kind
from veil.resources.by_kind import RESOURCE_OF, resource_of
from veil.resources.exporting import Exportable
from veil.resources.user_profile import UserProfile


@dataclass(frozen=True)
class Resource:
    """A resource block and how to import it: `imported_as` is HCL. `file` is that of the
    configuration in which it stands, `files` are what stands beside the configuration.
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
    """The blocks of everything whose row can be trusted: the integration first, then by type and
    name.
    """
    return list(_Export(deployed).all())


EXPORTED: Mapping[Kind, Exportable] = {kind: resource_of(kind) for kind in RESOURCE_OF}
"""The resource of each kind that one declares, in the order of the configuration."""


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
            yield from (self._resource(exported, each) for each in self._of(kind))
        for name, users in self._directories.values():
            yield self._directory(name, users)

    def _of(self, kind: Kind) -> Iterable[StoredObject]:
        stored = [each for place, each in self._deployed.stored.items() if place[0] is kind and place in self._names]
        return sorted((each for each in stored if each.thing is not None), key=self._name)

    def _shared(self) -> Iterator[StoredObject]:
        yield from (
            each for each in self._deployed.stored.values() if not own_resource(each) and each.thing is not None
        )

    def _name(self, stored: StoredObject) -> str:
        return self._names[stored.kind, stored.key]

    def _resource(self, exported: Exportable, stored: StoredObject) -> Resource:
        assert stored.thing is not None
        values = exported.from_stored(stored.thing) | exported.references(stored.thing, self)
        if stored.kind is not Kind.INTEGRATION:
            values["integration"] = self._integration()
        attributes = declared(exported.model, values)
        if isinstance(columns := attributes.get("columns"), Mapping):
            # Of columns without tags it says that they have none: an empty block looks like a
            # misspelt one.
            attributes["columns"] = {name: column or {"tags": []} for name, column in columns.items()}
        type_ = f"veil_{stored.kind.value}"
        return Resource(type_, self._name(stored), attributes, _quoted(stored.shown), exported.exported_to)

    def _directory(self, name: str, users: list[StoredObject]) -> Resource:
        attributes, imported_as, files = directory_of(name, users)
        attributes = {"integration": self._integration()} | attributes
        return Resource("veil_user_profiles", name, attributes, imported_as, UserProfile.exported_to, files)

    def _integration(self) -> Expression:
        stored = self._deployed.integration
        return Expression(f"veil_integration.{self._name(stored)}.id" if stored is not None else "null")

    @property
    def view_schema(self) -> str:
        """Where the integration puts views that name no schema."""
        return self._deployed.world.integration.view_schema

    def reference(self, attribute: str, *places: tuple[Kind, Any]) -> Expression:
        """An attribute of the first of these that is there; the name itself where none is."""
        for kind, key in places:
            stored = self._deployed.stored.get((kind, key))
            if stored is not None and stored.thing is not None:
                return Expression(f"veil_{kind.value}.{self._name(stored)}.{attribute}")
        return _quoted(places[0][1])


def _names(kind: Kind, key: Any) -> tuple[str, ...]:
    exported = EXPORTED.get(kind)
    return exported.exported_names(key) if exported is not None else (str(key),)


def _token(stored: StoredObject) -> str:
    return stored.id.partition(".")[0]


def _quoted(name: str) -> Expression:
    return Expression(text(name))
