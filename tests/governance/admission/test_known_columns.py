"""From declared columns and a table's own to the known ones."""

import pytest

from veil.governance.admission.known_columns import draft_like, settle
from veil.governance.errors import GovernanceError
from veil.governance.requests import DeclaredColumn, SourceDraft
from veil.model import ColumnType, Family, Integration

TEXT = ColumnType(Family.VARCHAR, length=10)
MAIN = Integration("main", "analytics", "governed")
DRAFT = SourceDraft("lake", "events", columns={"ssn": DeclaredColumn(frozenset({"pii"}))}, event_time_column="at")


def test_a_catalog_of_files_may_spell_columns_with_capitals():
    source = settle(DRAFT, [("SSN", TEXT), ("At", TEXT)], None, MAIN)
    assert [(each.name, each.tags) for each in source.columns] == [("SSN", {"pii"}), ("At", frozenset())]
    assert source.event_time_column == "At"
    assert draft_like(source, DRAFT) == DRAFT


def test_filter_columns_are_columns_of_the_table():
    draft = SourceDraft("lake", "events", filter_columns=frozenset({"at", "ssn"}))
    source = settle(draft, [("SSN", TEXT), ("At", TEXT)], None, MAIN)
    assert source.filter_columns == {"SSN", "At"} and draft_like(source, draft) == draft
    with pytest.raises(GovernanceError, match=r"has no column 'ssn'\. Did you mean 'ssm'") as refused:
        settle(draft, [("ssm", TEXT), ("at", TEXT)], None, MAIN)
    assert refused.value.path == ("filter_columns",)


def test_letters_that_redshift_does_not_fold_are_told_apart():
    draft = SourceDraft("lake", "events", columns={"ä": DeclaredColumn()})
    with pytest.raises(GovernanceError, match="has no column 'ä'"):
        settle(draft, [("Ä", TEXT)], None, MAIN)
