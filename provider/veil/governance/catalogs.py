"""The database's tables and names, read a schema at a time and each schema once."""

import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from veil import warehouse
from veil.governance.admission import Catalog
from veil.warehouse import Session

V = TypeVar("V")
Ask = Callable[[Callable[[Session], Any]], Any]
"""Runs what reads from a session."""


class _Once(Generic[V]):
    """Answers per schema. Whoever asks for a known one does not wait for whoever is asking for another."""

    def __init__(self, read: Callable[[str], V]) -> None:
        self._read = read
        self._known: dict[str, V] = {}
        self._lock = threading.Lock()

    def __call__(self, schema: str) -> V:
        if schema not in self._known:
            with self._lock:
                if schema not in self._known:
                    self._known[schema] = self._read(schema)
        return self._known[schema]


def catalog_of(ask: Ask) -> Catalog:
    """A catalog that asks for what it does not know yet. Safe to use from many threads where `ask` is."""
    columns = _Once(lambda schema: ask(lambda session: warehouse.read_columns(session, schema)))
    relations = _Once(lambda schema: ask(lambda session: warehouse.read_relations(session, schema)))
    return Catalog(lambda schema, table: columns(schema).get(table), relations)
