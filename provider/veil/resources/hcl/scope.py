"""`applies_to`: where a policy applies."""

import re
from collections.abc import Iterable
from dataclasses import fields
from typing import Any, Literal

from pydantic import field_validator

from veil import model
from veil.model.names import folded
from veil.plugin import UNKNOWN, Model, attribute, check, is_known
from veil.resources.hcl.names import Name, Tag, Text
from veil.resources.hcl.texts import MISSPELT, is_any

_SOURCES = ("data_source_tags", "data_sources", "all_data_sources")
_COLUMNS = ("column_tags", "column_regex", "all_columns", "untagged_columns")


_NOWHERE = model.AppliesTo()
"""What everything is that nobody writes."""


def _same_names(one: Iterable[str], other: Iterable[str]) -> bool:
    return set(map(folded, one)) == set(map(folded, other))


class AppliesTo(Model):
    """Where the policy applies. Data source criteria and column criteria each combine by
    `operator`; with both, both must hold. A row or subscription policy with column criteria applies
    to data sources with such a column.
    """

    data_source_tags: frozenset[Tag] | None = attribute(
        'Data sources that carry one of these tags, or a child of it; with `operator = "all"`, each of them.'
    )
    data_sources: frozenset[Name] | None = attribute(
        "Data sources by their table's dotted name; `*` stands for any run of characters (`src.*`). With "
        '`operator = "all"`, each of the names must fit.',
        equivalent=_same_names,
    )
    all_data_sources: bool | None = attribute("Every data source.")
    column_tags: frozenset[Tag] | None = attribute(
        'Columns that carry one of these tags, or a child of it; with `operator = "all"`, each of them.'
    )
    column_regex: Text | None = attribute("Columns whose name contains a match of this regular expression.")
    column_regex_case_insensitive: bool | None = attribute("Whether `column_regex` ignores case. Default: false.")
    all_columns: bool | None = attribute("Every column.")
    untagged_columns: bool | None = attribute("Columns without any tag.")
    operator: Literal["any", "all"] | None = attribute(
        "Whether one criterion and one item of a list suffice, or all must hold. Default: any."
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
        """Whether columns are looked for, and not data sources alone; None where that is not known
        yet.
        """
        regex: Any = self.column_regex is not None if is_known(self.column_regex) else UNKNOWN
        return is_any([self.column_tags, regex, self.all_columns, self.untagged_columns])

    def to_model(self) -> model.AppliesTo:
        return model.AppliesTo(
            data_source_tags=frozenset(map(model.fold, self.data_source_tags or ())),
            data_sources=self.data_sources or frozenset(),
            all_data_sources=self.all_data_sources or False,
            column_tags=frozenset(map(model.fold, self.column_tags or ())),
            column_regex=self.column_regex,
            column_regex_case_insensitive=self.column_regex_case_insensitive or False,
            all_columns=self.all_columns or False,
            untagged_columns=self.untagged_columns or False,
            operator=self.operator or "any",
        )

    @classmethod
    def from_model(cls, scope: model.AppliesTo) -> "AppliesTo":
        """Without what is as it is where nothing is written."""
        written = {each.name: getattr(scope, each.name) for each in fields(scope)}
        return cls(**{name: value for name, value in written.items() if value != getattr(_NOWHERE, name)})
