from dataclasses import replace

import pytest

from tests.oracle.builders import INTEGER, TEXT, columns, customers
from veil.model import AppliesTo, Column
from veil.oracle.places import columns_of, covers_source, shown, tag_depth

SOURCE = customers(
    *columns(id=INTEGER, email=(TEXT, "pii.email Work"), home=(TEXT, "geo")), tags=frozenset({"domain.sales"})
)


def names(place: AppliesTo) -> list[str]:
    return [each.name for each in columns_of(place, SOURCE)]


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (AppliesTo(), []),
        (AppliesTo(all_columns=True), ["id", "email", "home"]),
        (AppliesTo(column_tags=frozenset({"pii"})), ["email"]),
        (AppliesTo(column_tags=frozenset({"PII.Email"})), ["email"]),
        (AppliesTo(column_tags=frozenset({"pi"})), []),
        (AppliesTo(column_tags=frozenset({"pii.email.work"})), []),
        (AppliesTo(column_tags=frozenset({"pii", "geo"})), ["email", "home"]),
        (AppliesTo(column_tags=frozenset({"pii", "geo"}), operator="all"), []),
        (AppliesTo(column_tags=frozenset({"pii", "work"}), operator="all"), ["email"]),
        (AppliesTo(column_regex="m"), ["email", "home"]),
        (AppliesTo(column_regex="^M"), []),
        (AppliesTo(column_regex="^H", column_regex_case_insensitive=True), ["home"]),
        (AppliesTo(untagged_columns=True), ["id"]),
        (AppliesTo(untagged_columns=True, column_tags=frozenset({"geo"})), ["id", "home"]),
        (AppliesTo(untagged_columns=True, column_tags=frozenset({"geo"}), operator="all"), []),
        (AppliesTo(all_columns=True, column_regex="e", operator="all"), ["email", "home"]),
        (AppliesTo(data_source_tags=frozenset({"domain"}), column_tags=frozenset({"geo"})), ["home"]),
        (AppliesTo(data_source_tags=frozenset({"hr"}), column_tags=frozenset({"geo"})), []),
        (AppliesTo(data_source_tags=frozenset({"domain"})), ["id", "email", "home"]),
    ],
)
def test_a_mask_covers_the_columns_of_its_place(place: AppliesTo, expected: list[str]) -> None:
    assert names(place) == expected


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (AppliesTo(), False),
        (AppliesTo(all_data_sources=True), True),
        (AppliesTo(data_sources=frozenset({"raw.customers"})), True),
        (AppliesTo(data_sources=frozenset({"RAW.Customers"})), True),
        (AppliesTo(data_sources=frozenset({"raw.*"})), True),
        (AppliesTo(data_sources=frozenset({"*mers"})), True),
        (AppliesTo(data_sources=frozenset({"raw.cust"})), False),
        (AppliesTo(data_sources=frozenset({"raw_customers", "rawXcustomers"})), False),
        (AppliesTo(data_sources=frozenset({"raw.*"}), data_source_tags=frozenset({"hr"})), True),
        (AppliesTo(data_sources=frozenset({"raw.*"}), data_source_tags=frozenset({"hr"}), operator="all"), False),
        (AppliesTo(data_sources=frozenset({"raw.*", "sales.*"}), operator="all"), False),
        (AppliesTo(data_source_tags=frozenset({"domain", "hr"})), True),
        (AppliesTo(data_source_tags=frozenset({"domain", "hr"}), operator="all"), False),
        (AppliesTo(column_tags=frozenset({"geo"})), True),
        (AppliesTo(column_tags=frozenset({"salary"})), False),
        (AppliesTo(all_data_sources=True, column_tags=frozenset({"salary"})), False),
    ],
)
def test_a_row_policy_covers_the_sources_of_its_place(place: AppliesTo, expected: bool) -> None:
    assert covers_source(place, SOURCE) is expected


@pytest.mark.parametrize(
    ("pattern", "key", "expected"),
    [
        ("raw.odd*", 'raw."odd table-1"', True),
        ("RAW.odd table-1", 'raw."odd table-1"', True),
        ("raw.odd", 'raw."odd table-1"', False),
        ("raw.2026", 'raw."2026"', True),
        ("raw.a.b", 'raw."a.b"', False),
        ("raw.*", 'raw."a.b"', True),
        ('"RAW"."Customers"', "raw.customers", True),
        ('"RAW".cust*', "raw.customers", True),
        ('raw."odd name"', 'raw."Odd Name"', True),
        ("raw.odd", 'raw."Odd"', True),
        ("RAW.ÄÖ", 'raw."ÄÖ"', True),
        ("raw.äö", 'raw."ÄÖ"', False),
    ],
)
def test_names_fold_and_are_found_without_quotes(pattern: str, key: str, expected: bool) -> None:
    place = AppliesTo(data_sources=frozenset({pattern}))
    schema, table = key.replace('"', "").split(".", 1)
    assert covers_source(place, replace(SOURCE, schema=schema, table=table)) is expected


def test_the_depth_is_that_of_the_deepest_tag_that_matches() -> None:
    column = SOURCE.columns[1]
    assert tag_depth(AppliesTo(column_tags=frozenset({"pii", "work"})), column) == 1
    assert tag_depth(AppliesTo(column_tags=frozenset({"pii", "pii.email", "pii.email.old"})), column) == 2
    assert tag_depth(AppliesTo(all_columns=True), column) == 0


@pytest.mark.parametrize(("setting", "visible", "covered"), [("hide", 1, 1), ("null", 2, 1), ("expose", 2, 2)])
def test_a_new_column_is_hidden_null_or_like_any_other(setting: str, visible: int, covered: int) -> None:
    new = Column("new", TEXT, accepted=False)
    source = customers(Column("id", INTEGER), new, new_columns=setting)
    assert len(shown(source)) == visible
    assert len(columns_of(AppliesTo(all_columns=True), source)) == covered


def test_a_pattern_that_cannot_be_read_covers_every_column() -> None:
    assert names(AppliesTo(column_regex="(")) == ["id", "email", "home"]
