"""One governed database of one cluster."""

from dataclasses import dataclass, field
from typing import Literal

Mode = Literal["single_database", "multi_database", "spectrum"]


@dataclass(frozen=True, slots=True)
class Baseline:
    """What holds whatever order objects are made and destroyed in.

    A column under one of `null_tags` is NULL unless an active mask covers it; a data source under one of
    `closed_tags` shows no
    rows unless an active row policy covers it.
    """

    null_tags: frozenset[str] = frozenset()
    closed_tags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Integration:
    """Where the `<prefix>_*` schemas and the views live. `hostname` is the cluster's, for `@hostname`."""

    name: str
    database: str
    view_schema: str
    mode: Mode = "single_database"
    schema_prefix: str = "immuta"
    source_database: str | None = None
    impersonation_group: str | None = None
    baseline: Baseline = field(default_factory=Baseline)
    hostname: str = ""

    @property
    def system_schema(self) -> str:
        return f"{self.schema_prefix}_system"

    @property
    def functions_schema(self) -> str:
        return f"{self.schema_prefix}_functions"

    @property
    def procedures_schema(self) -> str:
        return f"{self.schema_prefix}_procedures"
