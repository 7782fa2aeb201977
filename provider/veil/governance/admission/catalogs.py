"""The database's tables and names, read a schema at a time and each schema once."""

import threading
from collections.abc import Callable, Hashable, Mapping
from typing import Any, Generic, TypeVar

from veil import warehouse
from veil.governance.admission.admit import Catalog
from veil.model.names import folded
from veil.warehouse import Columns, FunctionsThere, RelationKind, Session, Tables

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
Ask = Callable[[Callable[[Session], Any]], Any]
"""Runs what reads from a session."""


class _Once(Generic[K, V]):
    """Answers per schema. Whoever asks for a known one does not wait for whoever is asking for another."""

    def __init__(self, read: Callable[[K], V]) -> None:
        self._read = read
        self._known: dict[K, V] = {}
        self._lock = threading.Lock()

    def __call__(self, key: K) -> V:
        if key not in self._known:
            with self._lock:
                if key not in self._known:
                    self._known[key] = self._read(key)
        return self._known[key]


def _found(tables: Mapping[str, Columns], name: str) -> Columns | None:
    """The table of this name. A catalog of files may spell it with capitals, which Redshift folds."""
    if name in tables:
        return tables[name]
    alike = [each for each in tables if folded(each) == name]
    return tables[alike[0]] if len(alike) == 1 else None


def catalog_of(ask: Ask) -> Catalog:
    """A catalog that asks for what it does not know yet. Safe to use from many threads where `ask` is."""

    def read_columns(place: tuple[Tables, str]) -> dict[str, Columns]:
        tables, schema = place
        found: dict[str, Columns] = ask(lambda session: warehouse.read_columns(session, schema, tables))
        return found

    def read_relations(schema: str) -> Mapping[str, tuple[RelationKind, str]]:
        found: Mapping[str, tuple[RelationKind, str]] = ask(lambda session: warehouse.read_relations(session, schema))
        return found

    def read_own_views(schema: str) -> Mapping[str, str]:
        found: Mapping[str, str] = ask(lambda session: warehouse.read_own_views(session, schema))
        return found

    def read_functions(schema: str) -> FunctionsThere:
        found: FunctionsThere = ask(lambda session: warehouse.read_functions(session, [schema]))
        return found

    columns = _Once(read_columns)
    return Catalog(
        columns=lambda tables, schema, table: _found(columns((tables, schema)), table),
        names=lambda tables, schema: columns((tables, schema)).keys(),
        relations=_Once(read_relations),
        own_views=_Once(read_own_views),
        schemas=lambda: ask(warehouse.read_schemas),
        functions=_Once(read_functions),
    )
