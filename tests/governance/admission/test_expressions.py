"""An expression that becomes known only within the apply is held against the data sources before it
is stored.
"""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from veil.governance.admission.admit import Catalog
from veil.governance.admission.group import admit_all
from veil.governance.admission.overlay import Overlay
from veil.governance.errors import GovernanceError
from veil.governance.requests import Create, DeclaredColumn, Request, SourceDraft, Update
from veil.model import (
    AppliesTo,
    ColumnType,
    Family,
    Integration,
    Kind,
    MaskingPolicy,
    Null,
    RowPolicy,
    SubscriptionPolicy,
    Where,
)

ID, TEXT = ColumnType(Family.INTEGER), ColumnType(Family.VARCHAR, 20)
CUSTOMERS = SourceDraft("raw", "customers", columns={"ssn": DeclaredColumn(frozenset({"pii"}))}, tags=frozenset({"hr"}))
PII, HR = AppliesTo(column_tags=frozenset({"pii"})), AppliesTo(data_source_tags=frozenset({"hr"}))
ELSEWHERE = AppliesTo(column_tags=frozenset({"elsewhere"}))
MASK = MaskingPolicy("ssn", PII, Null(), where="region = 'US'")
POLICIES = [
    MASK,
    RowPolicy("rows", HR, Where("region = 'US'")),
    RowPolicy("rows", HR, Where("id = 1"), for_everyone_who="@isInGroups('a')", otherwise=Where("region = 'US'")),
    MaskingPolicy("types", PII, Null(), where="id > 'a'"),
]


@pytest.fixture
def table() -> dict[str, ColumnType]:
    """The columns of the table, which a test may change after the data source was made."""
    return {"id": ID, "ssn": TEXT}


def admitted(table: Mapping[str, ColumnType], *requests: Request, overlay: Overlay | None = None) -> Overlay:
    overlay = overlay or Overlay(None, Integration("main", "analytics", "governed"))
    catalog = Catalog(columns=lambda *_: tuple(table.items()), relation=lambda *_: None)
    admit_all(requests, overlay, catalog)
    return overlay


@pytest.mark.parametrize("policy", POLICIES)
def test_what_a_data_source_does_not_fit_is_refused(table: dict[str, ColumnType], policy: MaskingPolicy | RowPolicy):
    for requests in ([Create(CUSTOMERS), Create(policy)], [Create(policy), Create(CUSTOMERS)]):
        with pytest.raises(GovernanceError, match=r"on data source raw\.customers") as caught:
            admitted(table, *requests)
        assert caught.value.path[-1] == "where" and "apply again" in caught.value.detail


@pytest.mark.parametrize(
    "policy",
    [
        replace(MASK, staged=True),
        replace(MASK, applies_to=ELSEWHERE),
        replace(MASK, where="ssn = 'a'"),
        SubscriptionPolicy("all", HR, "conditions", expression="@isInGroups('a')"),
    ],
)
def test_what_fits_or_has_no_effect_there_is_not(
    table: dict[str, ColumnType], policy: MaskingPolicy | SubscriptionPolicy
):
    admitted(table, Create(CUSTOMERS), Create(policy))


def test_a_column_that_the_table_has_got_since_may_be_named(table: dict[str, ColumnType]):
    overlay = admitted(table, Create(CUSTOMERS))
    admitted(table | {"region": TEXT}, Create(MASK), overlay=overlay)


def test_what_was_wrong_before_keeps_nobody_from_changing_the_rest(table: dict[str, ColumnType]):
    overlay = admitted(table | {"region": TEXT}, Create(CUSTOMERS), Create(MASK))
    source, mine = overlay.stored[Kind.DATA_SOURCE, "raw.customers"], overlay.stored[Kind.MASKING_POLICY, "ssn"]
    admitted(table, Update(source.id, CUSTOMERS), overlay=overlay)
    admitted(table, Update(mine.id, replace(MASK, priority=3)), overlay=overlay)
    with pytest.raises(GovernanceError, match="territory"):
        admitted(table, Update(mine.id, replace(MASK, where="territory = 'US'")), overlay=overlay)
