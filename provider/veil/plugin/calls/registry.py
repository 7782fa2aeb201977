"""The parts of a provider, imported and analysed one by one, when a call first needs them."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, TypeVar

from ..api.provider import Part, Provider
from ..diagnostics import PluginError
from ..imports import importing
from ..imports import load as load_module
from ..schema.derive import derive_schema, describe, settings_schema
from ..schema.model import Model
from ..schema.objects import ObjectBinding, bind_model
from ..schema.schema import Schema, SchemaError

T = TypeVar("T")


class Empty(Model):
    """The model of a provider that needs no configuration."""


@dataclass
class Definition(Generic[T]):
    """One part: its instance, and what follows from its model."""

    part: T
    model: type[Model]
    version: int = 0
    documented: type | None = None
    settings: bool = False
    deprecated: str | None = None

    @cached_property
    def schema(self) -> Schema:
        """The schema of its block."""
        schema = (
            settings_schema(self.model) if self.settings else derive_schema(self.model, self.version, self.deprecated)
        )
        if not schema.description and self.documented is not None:
            return Schema(schema.attributes, schema.version, describe(self.documented), schema.deprecated)
        return schema

    @cached_property
    def binding(self) -> ObjectBinding:
        """The mapping between its raw values and its models."""
        return bind_model(self.model)


def load(part: Part) -> Any:
    """The class that ``part`` is or names."""
    if not isinstance(part, str):
        return part
    module, _, name = part.partition(":")
    return getattr(load_module(module), name)


@dataclass
class Catalogue(Generic[T]):
    """All parts of one kind. Each ``needs`` some class attributes, the first of which is its
    name.
    """

    kind: str
    prefix: str
    parts: tuple[Part, ...]
    needs: tuple[str, ...] = ("type_name", "model")
    _found: dict[str, T] = field(default_factory=dict)
    _loaded: set[Part] = field(default_factory=set)

    @property
    def key(self) -> str:
        """The class attribute that holds the name of a part."""
        return self.needs[0]

    def get(self, name: str) -> T:
        """An instance of the part called ``name``. Raises PluginError when there is none."""
        with importing():
            for part in sorted(self._pending(), key=lambda candidate: not self._likely(candidate, name)):
                if name in self._found:
                    break
                self._add(part)
            if name not in self._found:
                raise PluginError(f"Unknown {self.kind}", f"This provider has no {self.kind} {name[:100]!r}.")
            return self._found[name]

    def all(self) -> dict[str, T]:
        """Every part, by name."""
        with importing():
            for part in self._pending():
                self._add(part)
            return dict(sorted(self._found.items()))

    def _pending(self) -> list[Part]:
        return [part for part in self.parts if part not in self._loaded]

    def _add(self, part: Part) -> None:
        loaded = load(part)
        if not isinstance(loaded, type):
            raise SchemaError(f"{part!r} is not a class: a provider's parts are classes, or text that names them")
        for needed in self.needs:
            if not hasattr(loaded, needed):
                raise SchemaError(f"{loaded.__name__} has no {needed}, which every {self.kind} needs")
        self._loaded.add(part)
        name = getattr(loaded, self.key)
        if name in self._found:
            raise PluginError(f"Two parts are called {name!r}", f"Each {self.kind} needs a name of its own.")
        self._found[name] = loaded()

    def _likely(self, part: Part, name: str) -> bool:
        """Whether ``part`` is probably called ``name``: by convention x_thing lives in a module
        called thing.
        """
        if not isinstance(part, str):
            return bool(getattr(part, self.key, None) == name)
        return part.partition(":")[0].rpartition(".")[2] == name.removeprefix(self.prefix + "_")


class Registry:
    """The parts of one provider."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self._resources = Catalogue[Any]("resource type", provider.name, provider.resources)
        self._data_sources = Catalogue[Any]("data source", provider.name, provider.data_sources)
        self._ephemerals = Catalogue[Any]("ephemeral resource type", provider.name, provider.ephemeral_resources)
        self.functions = Catalogue[Any]("function", provider.name, provider.functions, ("name", "returns", "call"))
        self._definitions: dict[tuple[str, str], Definition[Any]] = {}

    @cached_property
    def provider_definition(self) -> Definition[Provider]:
        """The provider block itself."""
        model = load(self.provider.model) if self.provider.model is not None else Empty
        return Definition(self.provider, model, documented=type(self.provider), settings=True)

    @cached_property
    def meta_definition(self) -> Definition[None] | None:
        """What modules may say to the provider, if it listens."""
        model = self.provider.meta_model
        return None if model is None else Definition(None, load(model), settings=True)

    def resource(self, type_name: str) -> Definition[Any]:
        """A managed resource type. Raises PluginError when there is none of that name."""
        return self._define(self._resources, type_name)

    def data_source(self, type_name: str) -> Definition[Any]:
        """A data source. Raises PluginError when there is none of that name."""
        return self._define(self._data_sources, type_name)

    def ephemeral(self, type_name: str) -> Definition[Any]:
        """An ephemeral resource type. Raises PluginError when there is none of that name."""
        return self._define(self._ephemerals, type_name)

    def resources(self) -> dict[str, Definition[Any]]:
        """All managed resource types."""
        return {name: self._define(self._resources, name) for name in self._resources.all()}

    def data_sources(self) -> dict[str, Definition[Any]]:
        """All data sources."""
        return {name: self._define(self._data_sources, name) for name in self._data_sources.all()}

    def ephemerals(self) -> dict[str, Definition[Any]]:
        """All ephemeral resource types."""
        return {name: self._define(self._ephemerals, name) for name in self._ephemerals.all()}

    def _define(self, catalogue: Catalogue[Any], name: str) -> Definition[Any]:
        key = (catalogue.kind, name)
        known = self._definitions.get(key)
        if known is not None:
            return known
        part = catalogue.get(name)
        version = getattr(part, "schema_version", 0)
        definition = Definition(part, part.model, version, type(part), part.deprecated)
        return self._definitions.setdefault(key, definition)
