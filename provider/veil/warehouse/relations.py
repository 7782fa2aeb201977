"""What the catalog shows of a relation."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from veil.model.sources import Relation


class RelationKind(StrEnum):
    """What stands under a relation's name, by the catalog's letters."""

    TABLE = "r"
    VIEW = "v"
    MATERIALIZED_VIEW = "m"


NOUN_OF: Mapping[RelationKind, Relation] = {
    RelationKind.TABLE: "table",
    RelationKind.VIEW: "view",
    RelationKind.MATERIALIZED_VIEW: "materialized view",
}
"""What people call them; in capitals, what DROP does."""


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of a table of ours, with its type as the catalog writes it; `required` says NOT
    NULL.
    """

    name: str
    type: str
    required: bool = False
    has_default: bool = False


@dataclass(frozen=True, slots=True)
class TableState:
    """What the catalog shows under the name of a table of ours."""

    kind: RelationKind
    columns: tuple[TableColumn, ...] = ()
