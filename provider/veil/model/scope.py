"""Where a policy applies."""

from dataclasses import dataclass
from typing import Literal

Operator = Literal["any", "all"]


@dataclass(frozen=True, slots=True)
class AppliesTo:
    """The places of a policy: data sources, and for masks the columns on them.

    Data source criteria (`data_source_tags`, `data_sources`, `all_data_sources`) and column
    criteria (`column_tags`, `column_regex`, `all_columns`, `untagged_columns`) each combine by
    `operator`. A policy with column criteria only looks at every data source; one with data source
    criteria only, where columns are needed, is an error that validation reports. With both, both
    must hold. `data_sources` holds dotted names (`raw.customers`) in which `*` stands for any run
    of characters.
    """

    data_source_tags: frozenset[str] = frozenset()
    data_sources: frozenset[str] = frozenset()
    all_data_sources: bool = False
    column_tags: frozenset[str] = frozenset()
    column_regex: str | None = None
    column_regex_case_insensitive: bool = False
    all_columns: bool = False
    untagged_columns: bool = False
    operator: Operator = "any"

    @property
    def names_sources(self) -> bool:
        return bool(self.data_source_tags or self.data_sources or self.all_data_sources)

    @property
    def names_columns(self) -> bool:
        return bool(self.column_tags or self.column_regex is not None or self.all_columns or self.untagged_columns)

    @property
    def is_empty(self) -> bool:
        return not (self.names_sources or self.names_columns)
