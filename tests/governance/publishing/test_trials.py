"""Whether views work is found out for many of them in one statement, and which of them does not."""

from collections.abc import Iterator

import pytest

from tests.governance.conftest import TABLES
from veil.governance.errors import GovernanceError
from veil.governance.publishing import apply_views
from veil.governance.requests import Batch, Create, SourceDraft
from veil.governance.service import Governance
from veil.model import AppliesTo, Kind, MaskingPolicy, Null
from veil.warehouse import Session

EVERYWHERE = AppliesTo(all_data_sources=True, column_regex="secret")


@pytest.fixture
def trials(governance: Governance, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How many views each trial was of, over three data sources."""
    governance.submit(Batch(tuple(Create(SourceDraft("raw", table)) for table in TABLES)))
    found: list[int] = []
    read = Session.query

    def query(self: Session, sql: str) -> list[tuple[object, ...]]:
        found.extend([sql.count("LIMIT 0")] if "LIMIT 0" in sql else [])
        return read(self, sql)

    monkeypatch.setattr(Session, "query", query)
    yield found


def test_all_views_that_a_policy_touches_are_tried_in_one_statement(governance: Governance, trials: list[int]):
    governance.submit(Create(MaskingPolicy("secret", EVERYWHERE, Null())))
    assert trials == [3]


def test_a_statement_tries_no_more_views_than_it_may(
    governance: Governance, trials: list[int], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(apply_views, "_TRIED_TOGETHER", 2)
    governance.submit(Create(MaskingPolicy("secret", EVERYWHERE, Null())))
    assert trials == [2, 1]


def test_long_views_are_tried_alone(governance: Governance, trials: list[int], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(apply_views, "_TRIED_BYTES", 10)
    governance.submit(Create(MaskingPolicy("secret", EVERYWHERE, Null())))
    assert trials == [1, 1, 1]


def test_of_several_views_the_one_is_named_that_does_not_work(governance: Governance, trials: list[int]):
    governance._state.session().execute('ALTER TABLE "raw".orders RENAME COLUMN id TO number')
    with pytest.raises(GovernanceError, match=r"refuses the view governed\.orders of raw\.orders"):
        governance.submit(Create(MaskingPolicy("secret", EVERYWHERE, Null())))
    assert trials[0] == 3
    assert set(trials[1:]) == {1}
    assert (Kind.MASKING_POLICY, "secret") not in governance.deployed().stored  # type: ignore[union-attr]
