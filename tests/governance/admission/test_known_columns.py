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


def test_letters_that_redshift_does_not_fold_are_told_apart():
    draft = SourceDraft("lake", "events", columns={"ä": DeclaredColumn()})
    with pytest.raises(GovernanceError, match="has no column 'ä'"):
        settle(draft, [("Ä", TEXT)], None, MAIN)
