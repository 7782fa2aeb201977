"""A view that columns which somebody added make too long: what is planned beside it and what
removes go through.
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from veil.compiler import CompileError, printer
from veil.governance.admission.known_columns import draft_of
from veil.governance.requests import Create, Delete, SourceDraft, Update
from veil.governance.service import Governance
from veil.model import (
    AppliesTo,
    DataSource,
    Integration,
    Kind,
    MaskingPolicy,
    Null,
    RowPolicy,
    SubscriptionPolicy,
    Where,
)

EVERYWHERE = AppliesTo(all_data_sources=True)
EVERYONE = SubscriptionPolicy("all", EVERYWHERE, "everyone")
ROWS = RowPolicy("rows", EVERYWHERE, Where("@isInGroups('some')"))
ADDED = [f"{'long' * 14}_{number}" for number in range(120)]


@pytest.fixture
def place(governance: Governance, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Governance, DataSource, str]]:
    """A data source whose table has become too wide since it was applied, beside one that is as it
    was.
    """
    made = governance.submit(Create(SourceDraft("raw", "people", new_columns="expose")))
    governance.submit(Create(SourceDraft("raw", "orders")))
    governance.submit(Create(EVERYONE))
    assert made is not None and isinstance(made.thing, DataSource)
    rows = governance.submit(Create(ROWS))
    assert rows is not None
    for name in ADDED:
        governance.look(
            lambda session, name=name: session.execute(f'ALTER TABLE "raw".people ADD COLUMN {name} VARCHAR(10)')
        )
    monkeypatch.setattr(printer, "MOST_BYTES", 16_000)
    governance.reload()
    yield governance, made.thing, rows.id


def views(governance: Governance) -> set[str]:
    return {name for (_, name) in governance.require().snapshot.views if not name.startswith(("user_", "salt_", "uns"))}


def test_the_plan_warns_of_it_and_refuses_what_makes_another_one_too_long(place: tuple[Governance, DataSource, str]):
    governance, source, _ = place
    found = [each for each in governance.plan_put(draft_of(source)) if each.code == "view-too-long"]
    found += [each for each in governance.plan_put(ROWS) if each.code == "view-too-long"]
    found += [each for each in governance.plan_put(EVERYONE) if each.code == "view-too-long"]
    assert [each.severity for each in found] == ["warning"], found
    assert "raw.people would have more than" in found[0].detail and "It is so without this plan" in found[0].detail


def test_the_apply_refuses_that_data_source_and_no_other(place: tuple[Governance, DataSource, str]):
    governance, source, _ = place
    there = governance.require()
    mine = there.stored[Kind.DATA_SOURCE, source.key]
    with pytest.raises(CompileError):
        governance.submit(Update(mine.id, draft_of(source)))
    other = there.stored[Kind.DATA_SOURCE, "raw.orders"]
    assert isinstance(other.thing, DataSource)
    assert governance.submit(Update(other.id, replace(draft_of(other.thing), description="another"))) is not None
    assert {"people", "orders"} <= views(governance)


def test_what_it_has_beside_it_is_repaired_and_destroyed(place: tuple[Governance, DataSource, str]):
    governance, source, rows = place
    mine = governance.require().integration
    assert mine is not None and isinstance(mine.thing, Integration)
    governance.look(lambda session: session.execute("DROP PROCEDURE immuta_procedures.add_entries(VARCHAR)"))
    governance.reload()
    governance.submit(Update(mine.id, mine.thing))
    assert {"people", "orders"} <= views(governance), "nothing of the repair is about the view"
    closed = replace(mine.thing, baseline=replace(mine.thing.baseline, null_tags=frozenset({"pii"})))
    governance.submit(Create(MaskingPolicy("m", AppliesTo(column_tags=frozenset({"pii"})), Null())))
    governance.submit(Update(mine.id, closed))
    governance.submit(Delete(Kind.ROW_POLICY, "rows", rows))
    assert "orders" in views(governance) and "people" not in views(governance), "too long for what is left, so it goes"
    stored = governance.require().stored[Kind.DATA_SOURCE, source.key]
    governance.submit(Delete(Kind.DATA_SOURCE, source.key, stored.id))
    assert "raw.people" not in governance.require().world.data_sources
