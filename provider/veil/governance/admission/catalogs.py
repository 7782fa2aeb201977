"""The database's tables and names as admission asks for them: of a schema once all of them, or once
those that are wanted.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Set
from typing import Any, Generic, TypeVar

from veil import warehouse
from veil.governance.admission.admit import Catalog
from veil.governance.admission.overlay import Overlay
from veil.governance.metadata.base_tables import lookup_place
from veil.governance.requests import Create, Single, SourceDraft, Update
from veil.model import MaskingPolicy, RowPolicy
from veil.model.names import folded
from veil.policy.looking import tables_looked_up
from veil.warehouse import Columns, FunctionsThere, Session, Tables

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
Ask = Callable[[Callable[[Session], Any]], Any]
"""Runs what reads from a session."""


class _Once(Generic[K, V]):
    """Answers per schema. Whoever asks for a known one does not wait for whoever is asking for
    another.
    """

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


class _Named(Generic[K, V]):
    """Answers per schema and name, and asks in one go for all the names of the schema that are
    wanted.
    """

    def __init__(self, read: Callable[[K, Iterable[str]], Mapping[str, V]], wanted: Callable[[K], Set[str]]) -> None:
        self._read = read
        self._wanted = wanted
        self._known: dict[K, dict[str, Mapping[str, V]]] = {}

    def __call__(self, key: K, name: str) -> Mapping[str, V]:
        known = self._known.setdefault(key, {})
        if name not in known:
            names = {name, *self._wanted(key)} - known.keys()
            known.update(dict.fromkeys(names, self._read(key, names)))
        return known[name]


def _found(tables: Mapping[str, V], name: str) -> V | None:
    """The table of this name. A catalog of files may spell it with capitals, which Redshift
    folds.
    """
    if name in tables:
        return tables[name]
    alike = [each for each in tables if folded(each) == name]
    return tables[alike[0]] if len(alike) == 1 else None


def catalog_of(ask: Ask, known: Callable[[Tables, str, str], Columns | None] = lambda *_: None) -> Catalog:
    """A catalog that reads each schema once, whole: for many questions about many tables, as far as
    the columns of one are not `known`. Safe to use from many threads where `ask` is.
    """
    columns = _Once[tuple[Tables, str], Mapping[str, Columns]](
        lambda place: ask(lambda session: warehouse.read_columns(session, place[1], place[0]))
    )
    relations = _Once[str, Mapping[str, Any]](lambda schema: ask(lambda each: warehouse.read_relations(each, schema)))
    own_views = _Once[str, Mapping[str, str]](lambda schema: ask(lambda each: warehouse.read_own_views(each, schema)))
    return Catalog(
        columns=lambda *place: known(*place) or _found(columns(place[:2]), place[2]),
        names=lambda tables, schema: columns((tables, schema)).keys(),
        relation=lambda schema, name: relations(schema).get(name),
        own_view=lambda schema, name: own_views(schema).get(name),
        schemas=lambda: ask(warehouse.read_schemas),
        functions=_Once[str, FunctionsThere](
            lambda schema: ask(lambda session: warehouse.read_functions(session, [schema]))
        ),
    )


def catalog_of_names(session: Session, wanted: Mapping[str, Set[str]]) -> Catalog:
    """A catalog that reads of each schema what is `wanted` there and what else it is asked for,
    however large the schema is: for one group of changes.
    """
    columns = _Named[tuple[Tables, str], Columns](
        lambda place, names: warehouse.read_columns(session, place[1], place[0], names),
        lambda place: wanted.get(place[1], frozenset()),
    )
    relations = _Named[str, Any](
        lambda schema, names: warehouse.read_relations(session, schema, names),
        lambda schema: wanted.get(schema, frozenset()),
    )
    own_views = _Named[str, str](
        lambda schema, names: warehouse.read_own_views(session, schema, names),
        lambda schema: wanted.get(schema, frozenset()),
    )
    return Catalog(
        columns=lambda tables, schema, table: _found(columns((tables, schema), table), table),
        names=lambda tables, schema: warehouse.read_columns(session, schema, tables).keys(),
        relation=lambda schema, name: relations(schema, name).get(name),
        own_view=lambda schema, name: own_views(schema, name).get(name),
        schemas=lambda: warehouse.read_schemas(session),
        functions=_Once[str, FunctionsThere](lambda schema: warehouse.read_functions(session, [schema])),
    )


def names_wanted(requests: Iterable[Single], overlay: Overlay) -> Mapping[str, Set[str]]:
    """By schema, the tables that requests are about or look up in, and the views that they make."""
    names: dict[str, set[str]] = defaultdict(set)
    drafts = [each.draft for each in requests if isinstance(each, Create | Update)]
    sources = [each for each in drafts if isinstance(each, SourceDraft)]
    for each in sources:
        names[each.schema].add(each.table)
        names[each.view_schema or overlay.integration.view_schema].add(each.view_name or each.table)
    policies = [each for each in drafts if isinstance(each, MaskingPolicy | RowPolicy)]
    for policy in (*policies, *(overlay.filtering_policies() if sources else ())):
        for place in tables_looked_up(policy):
            _, schema, table = lookup_place(place, overlay.integration)
            names[schema].add(table)
    return names
