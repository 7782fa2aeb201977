"""One governed database of one cluster."""

import re
from dataclasses import dataclass, field
from typing import Literal

from veil.model.stored_texts import StoredTexts, identifier, identifiers, name_of, new_name

Bootstrap = Literal["automatic", "manual"]
"""Who makes the schemas: veil, or an administrator whose work veil verifies."""
Mode = Literal["single_database", "multi_database", "spectrum"]
NewTables = Literal["warn", "error", "ignore"]
"""What comes of a table in a monitored schema that is no data source: a warning, a check that
fails, or nothing.
"""

SCHEMA_PREFIX = re.compile(r"[a-z_][a-z0-9_]{0,99}\Z")
"""What the names of veil's own schemas may begin with: it also stands, unquoted, inside the bodies
of procedures.
"""


@dataclass(frozen=True, slots=True)
class Baseline:
    """What holds whatever order objects are made and destroyed in.

    A column under one of `null_tags` is NULL unless an active mask covers it; a data source under
    one of `closed_tags` shows no rows unless an active row policy covers it; a column under one of
    `filter_column_tags` is to stand bare in its view.
    """

    null_tags: frozenset[str] = frozenset()
    closed_tags: frozenset[str] = frozenset()
    filter_column_tags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Integration:
    """Where the `<prefix>_*` schemas and the views live. `hostname` is the cluster's, for
    `@hostname`.

    `source_database` goes with the mode `multi_database`, and only with it.

    `unresolved` nobody declares: the built-in functions that a late-binding view was found not to
    find as `pg_catalog.f`, for no page of Redshift's documents that it does. Without that name a
    late-binding view would look them up when it is queried, along the search_path of whoever asks,
    and a function of theirs would be given what is to be hidden. So a view that calls one is bound:
    it is a regular view, whose functions are those that were found when it was made (Amazon
    Redshift Database Developer Guide, CREATE VIEW and "Preventing UDF naming conflicts"). veil's
    own views, which governed ones read, are bound where anything is unresolved.

    Nor is `utc_clock` declared: GETDATE() was found to be in UTC whatever the time zone of the
    session, and not in that, as the page on it says. veil's own views read it accordingly.

    `monitored_schemas` are those of tables of which everyone is to be a data source; nothing that
    anybody sees depends on them.
    """

    name: str
    database: str
    view_schema: str
    mode: Mode = "single_database"
    schema_prefix: str = "immuta"
    source_database: str | None = None
    impersonation_group: str | None = None
    baseline: Baseline = field(default_factory=Baseline)
    hostname: str = ""
    bootstrap: Bootstrap = "automatic"
    unresolved: frozenset[str] = frozenset()
    utc_clock: bool = False
    monitored_schemas: frozenset[str] = frozenset()
    on_new_tables: NewTables = "warn"

    @property
    def other_database(self) -> str | None:
        """The database of the base tables where that is not the integration's own. Every name then
        has three parts.
        """
        return self.source_database if self.mode == "multi_database" else None

    @property
    def table_database(self) -> str:
        """The database of the base tables, and of a lookup that names none."""
        return self.other_database or self.database

    @property
    def own_schemas(self) -> tuple[str, str, str]:
        """The three schemas that belong to veil alone."""
        return self.system_schema, self.functions_schema, self.procedures_schema

    @property
    def system_schema(self) -> str:
        return f"{self.schema_prefix}_system"

    @property
    def functions_schema(self) -> str:
        return f"{self.schema_prefix}_functions"

    @property
    def procedures_schema(self) -> str:
        return f"{self.schema_prefix}_procedures"

    def stored_texts(self) -> StoredTexts:
        yield name_of(self.name)
        yield identifier(self.database, "database")
        yield new_name(self.view_schema, "view_schema")
        yield from identifiers(self.monitored_schemas, "monitored_schemas")
