"""Which metadata rows are believed."""

from dataclasses import replace

import pytest

from veil import model
from veil.governance.errors import NewerFormatError
from veil.governance.metadata.deployed import DeployedState, deployed_from
from veil.model import Kind
from veil.model.codec import encode
from veil.warehouse import SCHEMA_VERSION, Layout, ObjectRow, PublishedRow, Snapshot

LAYOUT = Layout("immuta", "governed", owner="veil")
MAIN = model.Integration("main", "analytics", "governed")
CARD = model.MaskingPolicy("card", model.AppliesTo(all_columns=True), model.Null())
SOURCE = model.DataSource("raw", "customers", "governed", "customers")
ROWS = (
    ObjectRow("integration", "main", "analytics/1", encode(MAIN)),
    ObjectRow("masking_policy", "card", "2", encode(CARD)),
    ObjectRow("data_source", "raw.customers", "3", encode(SOURCE)),
)


def believed(*rows: ObjectRow, version: int = SCHEMA_VERSION, **facts: object) -> DeployedState:
    snapshot = Snapshot(1, "", version, "0", "veil", objects=rows)
    return deployed_from(LAYOUT, replace(snapshot, **facts))  # type: ignore[arg-type]


def test_rows_of_ours_are_believed():
    found = believed(*ROWS)
    assert found.world.masking_policies == {"card": CARD}
    assert (found.strange, found.broken) == ((), frozenset())


@pytest.mark.parametrize(
    "row",
    [
        replace(ROWS[1], intact=False),
        replace(ROWS[1], body="{{{not json"),
        replace(ROWS[1], body=""),
        replace(ROWS[1], body='{"$":"Teleport"}'),
        replace(ROWS[1], body=encode(replace(CARD, name="other"))),
        replace(ROWS[1], body=encode(model.RowPolicy("card", CARD.applies_to, model.Never()))),
    ],
    ids=["altered", "not JSON", "lost", "of an unknown class", "about another name", "about another kind"],
)
def test_a_row_that_says_something_else_than_it_should_is_broken_and_keeps_its_owner(row):
    found = believed(ROWS[0], row)
    assert found.world.masking_policies == {}
    assert found.broken == {(Kind.MASKING_POLICY, "card")}
    assert found.by_id[Kind.MASKING_POLICY, "2"].thing is None


def test_what_an_altered_row_says_is_told_and_not_believed():
    said = replace(CARD, priority=7)
    found = believed(ROWS[0], replace(ROWS[1], intact=False, body=encode(said)))
    assert found.by_id[Kind.MASKING_POLICY, "2"].claimed == said


@pytest.mark.parametrize("kind", ["masking_policy", "integration", "purpose", "backdoor"])
def test_a_row_that_is_not_in_the_ledger_means_nothing(kind):
    planted = ObjectRow(kind, "a", "i", encode(CARD), entered=False)
    found = believed(planted, *ROWS)
    assert found.strange == (planted,)
    assert found.integration is not None
    assert (found.integration.key, found.broken) == ("main", frozenset())


def test_what_cannot_be_made_again_stays_where_the_ledger_was_altered():
    lost = tuple(replace(row, entered=False) for row in ROWS)
    record = PublishedRow("governed", "customers", "", "", 1)
    found = believed(*lost, published={"raw.customers": record})
    assert [row.kind for row in found.strange] == ["masking_policy"]
    assert found.broken == {(Kind.INTEGRATION, "main"), (Kind.DATA_SOURCE, "raw.customers")}


def test_what_only_a_newer_version_knows_is_refused_where_one_is_installed():
    for row in (replace(ROWS[1], body='{"$":"Teleport"}'), ObjectRow("portal", "a", "4", "{}")):
        with pytest.raises(NewerFormatError):
            believed(ROWS[0], row, version=SCHEMA_VERSION + 1)
