"""A group of changes reads what it needs of its own tables and views, however many there are beside
them.
"""

from collections.abc import Iterator

import pytest

from tests.governance.conftest import TABLES
from veil.governance.requests import Create, SourceDraft
from veil.governance.service import Governance
from veil.model import AppliesTo, MaskingPolicy, Never, Null, RowPolicy, Where
from veil.warehouse import Session


@pytest.fixture
def named(governance: Governance, monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """The names of raw tables and of views of which rows came from a catalog."""
    found: set[str] = set()
    read = Session.query

    def query(self: Session, sql: str) -> list[tuple[object, ...]]:
        rows = read(self, sql)
        found.update(str(each) for row in rows for each in row if each in TABLES)
        return rows

    monkeypatch.setattr(Session, "query", query)
    yield found


def test_a_new_data_source_reads_nothing_of_the_tables_and_views_beside_its_own(
    governance: Governance, named: set[str]
):
    governance.submit(Create(SourceDraft("raw", "people")))
    named.clear()
    governance.submit(Create(SourceDraft("raw", "orders")))
    assert named == {"orders"}


def test_a_policy_reads_what_it_looks_up_in_and_the_views_that_it_touches(governance: Governance, named: set[str]):
    for table in ("people", "orders"):
        governance.submit(Create(SourceDraft("raw", table)))
    scope = AppliesTo(data_sources=frozenset({"raw.orders"}))
    named.clear()
    governance.submit(Create(MaskingPolicy("secret", AppliesTo(column_regex="nowhere"), Null())))
    assert named == set()
    governance.submit(Create(RowPolicy("none", scope, Never())))
    assert named == {"orders"}
    named.clear()
    governance.submit(Create(RowPolicy("visited", scope, Where("id IN (SELECT id FROM raw.visits)"))))
    assert named == {"orders", "visits"}
