"""The tags of tables, wherever they were read, and the models of the data sources that give
them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from veil.model import fold
from veil.model.names import dotted, folded
from veil.model.tags import problem_with_tag
from veil.plugin import Model, computed


@dataclass(frozen=True)
class TaggedColumn:
    """What an outside source says of one column."""

    tags: frozenset[str] = frozenset()
    description: str = ""


@dataclass(frozen=True)
class TaggedTable:
    """What an outside source says of one table. `database` is empty where it does not say."""

    database: str
    schema: str
    table: str
    tags: frozenset[str] = frozenset()
    description: str = ""
    columns: Mapping[str, TaggedColumn] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """How Terraform's `tables` names it: `schema.table`, quoted where needed."""
        return dotted(self.schema, self.table)


def checked_tag(tag: str, where: str) -> str:
    """The tag, folded as all tags are. Raises ValueError, which names `where` it was found."""
    if problem := problem_with_tag(tag):
        raise ValueError(f"{where}: {tag!r} cannot be a tag: {problem}")
    return fold(tag)


def merged(tables: Iterable[TaggedTable]) -> dict[str, TaggedTable]:
    """Tables by key. What several say of the same table adds up: no tag is lost.

    Raises ValueError where tables of different databases have one name.
    """
    by_key: dict[str, TaggedTable] = {}
    for table in tables:
        known = by_key.get(table.key)
        if known is None:
            by_key[table.key] = table
        elif known.database != table.database:
            raise ValueError(
                f"{table.key} is both in the database {known.database!r} and in {table.database!r}. Set database to one"
            )
        else:
            by_key[table.key] = _both(known, table)
    return dict(sorted(by_key.items()))


def merged_columns(columns: Iterable[tuple[str, TaggedColumn]]) -> dict[str, TaggedColumn]:
    """Columns by name, folded to lower case as Redshift folds it. What is said twice of a column
    adds up.
    """
    by_name: dict[str, TaggedColumn] = {}
    for name, column in columns:
        known = by_name.get(folded(name), TaggedColumn())
        by_name[folded(name)] = TaggedColumn(known.tags | column.tags, known.description or column.description)
    return by_name


def _both(one: TaggedTable, other: TaggedTable) -> TaggedTable:
    columns = merged_columns([*one.columns.items(), *other.columns.items()])
    description = one.description or other.description
    return TaggedTable(one.database, one.schema, one.table, one.tags | other.tags, description, columns)


class TaggedColumnModel(Model):
    """What is known of a column."""

    tags: frozenset[str] = computed("Tags of the column.")
    description: str | None = computed("What the column holds.")


class TaggedTableModel(Model):
    """What is known of a table."""

    database: str | None = computed("The database of the table.")
    schema_: str = computed("The schema of the table.", alias="schema")
    table: str = computed("The table.")
    tags: frozenset[str] = computed("Tags of the table, as `tags` of `veil_data_source` takes them.")
    description: str | None = computed("What the table holds.")
    columns: dict[str, TaggedColumnModel] = computed("By column, as `columns` of `veil_data_source` takes them.")


def models(tables: Mapping[str, TaggedTable]) -> dict[str, TaggedTableModel]:
    """The tables as Terraform sees them."""
    return {
        key: TaggedTableModel.partial(
            database=each.database or None,
            schema_=each.schema,
            table=each.table,
            tags=each.tags,
            description=each.description or None,
            columns={
                name: TaggedColumnModel.partial(tags=column.tags, description=column.description or None)
                for name, column in sorted(each.columns.items())
            },
        )
        for key, each in tables.items()
    }
