"""`applies_to`: where a policy applies."""

import re
from collections.abc import Iterable
from typing import Any, Literal

from pydantic import field_validator

from veil import model
from veil.model.names import folded
from veil.plugin import UNKNOWN, Model, attribute, check, is_known
from veil.resources.hcl.names import Name, Tag, Text
from veil.resources.hcl.texts import MISSPELT, is_any

_SOURCES = ("data_source_tags", "data_sources", "all_data_sources")
_COLUMNS = ("column_tags", "column_regex", "all_columns", "untagged_columns")


def _same_names(one: Iterable[str], other: Iterable[str]) -> bool:
    return set(map(folded, one)) == set(map(folded, other))


class AppliesTo(Model):
    """Where the policy applies. Data source criteria and column criteria each combine by `operator`; with both,
    both must hold. A row or subscription policy with column criteria applies to data sources with such a column.
    """

    data_source_tags: frozenset[Tag] = attribute(
        'Data sources that carry one of these tags, or a child of it; with `operator = "all"`, each of them.',
        default=frozenset(),
    )
    data_sources: frozenset[Name] = attribute(
        "Data sources by their table's dotted name; `*` stands for any run of characters (`src.*`). With "
        '`operator = "all"`, each of the names must fit.',
        default=frozenset(),
        equivalent=_same_names,
    )
    all_data_sources: bool = attribute("Every data source.", default=False)
    column_tags: frozenset[Tag] = attribute(
        'Columns that carry one of these tags, or a child of it; with `operator = "all"`, each of them.',
        default=frozenset(),
    )
    column_regex: Text | None = attribute("Columns whose name contains a match of this regular expression.")
    column_regex_case_insensitive: bool = attribute("Whether `column_regex` ignores case.", default=False)
    all_columns: bool = attribute("Every column.", default=False)
    untagged_columns: bool = attribute("Columns without any tag.", default=False)
    operator: Literal["any", "all"] = attribute(
        "Whether one criterion and one item of a list suffice, or all must hold.", default="any"
    )

    @field_validator("column_regex")
    @classmethod
    def _regex_compiles(cls, pattern: str | None) -> str | None:
        if pattern is not None:
            try:
                re.compile(pattern)
            except re.error as problem:
                raise ValueError(f"{pattern!r} is not a regular expression: {problem}.") from problem
        return pattern

    @check(partly=(*_SOURCES, *_COLUMNS))
    def _names_a_place(self) -> None:
        if is_any(getattr(self, name) for name in _SOURCES) is False and self.names_columns() is False:
            raise ValueError(
                "applies_to is empty, so the policy would apply nowhere. Name a place, for example "
                f'{{ column_tags = ["pii"] }} or {{ data_source_tags = ["domain.sales"] }}. {MISSPELT}'
            )

    def names_columns(self) -> bool | None:
        """Whether columns are looked for, and not data sources alone; None where that is not known yet."""
        regex: Any = self.column_regex is not None if is_known(self.column_regex) else UNKNOWN
        return is_any([self.column_tags, regex, self.all_columns, self.untagged_columns])

    def to_model(self) -> model.AppliesTo:
        return model.AppliesTo(
            data_source_tags=frozenset(map(model.fold, self.data_source_tags)),
            data_sources=self.data_sources,
            all_data_sources=self.all_data_sources,
            column_tags=frozenset(map(model.fold, self.column_tags)),
            column_regex=self.column_regex,
            column_regex_case_insensitive=self.column_regex_case_insensitive,
            all_columns=self.all_columns,
            untagged_columns=self.untagged_columns,
            operator=self.operator,
        )

    @classmethod
    def from_model(cls, scope: model.AppliesTo) -> "AppliesTo":
        return cls(
            data_source_tags=scope.data_source_tags,
            data_sources=scope.data_sources,
            all_data_sources=scope.all_data_sources,
            column_tags=scope.column_tags,
            column_regex=scope.column_regex,
            column_regex_case_insensitive=scope.column_regex_case_insensitive,
            all_columns=scope.all_columns,
            untagged_columns=scope.untagged_columns,
            operator=scope.operator,
        )
