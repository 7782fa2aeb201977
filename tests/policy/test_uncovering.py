"""What destroying policies would show."""

from dataclasses import replace

from tests.policy.building import EVERYONE, column, groups, on, source, varchar, world
from veil.model import AppliesTo, Hash, Kind, MaskingPolicy, Never, Null, RowPolicy, SubscriptionPolicy
from veil.model.change import Remove, apply
from veil.policy import uncovered

SOURCE = source(column("ssn", varchar(11), "pii.ssn"), column("card", varchar(16), "pii.card", "pay"), column("id"))
PII = MaskingPolicy("pii", on("pii"), Hash())
PAY = MaskingPolicy("pay", on("pay"), Null(), exceptions=groups("finance"))
ROWS = RowPolicy("none", AppliesTo(all_data_sources=True), Never())
GUARD = SubscriptionPolicy("guard", AppliesTo(all_data_sources=True), "individual", mode="guardrail")
EVERYTHING = world(SOURCE, PII, PAY, ROWS, GUARD, EVERYONE)


def told(*removed: tuple[Kind, str], among=EVERYTHING, planned=None, staying=SOURCE) -> list[str]:
    planned = planned or apply(among, *(Remove(*each) for each in removed))
    return [each.detail for each in uncovered(among, planned, set(removed), staying)]


def test_columns_without_any_mask_left_are_named():
    (line,) = told((Kind.MASKING_POLICY, "pii"))
    assert line.startswith(
        'Masking policy "pii" is destroyed and data source raw.customers stays: no mask is left on column ssn.'
    )
    both = told((Kind.MASKING_POLICY, "pii"), (Kind.MASKING_POLICY, "pay"))
    assert [("on column card." in each, "on columns ssn, card." in each) for each in both] == [
        (True, False),
        (False, True),
    ]


def test_rows_and_people_that_were_kept_out_are_told():
    assert "it shows the rows that the policy hid" in told((Kind.ROW_POLICY, "none"))[0]
    assert "it admits those whom the guardrail kept out" in told((Kind.SUBSCRIPTION_POLICY, "guard"))[0]
    assert told((Kind.SUBSCRIPTION_POLICY, "everyone")) == []


def test_nothing_is_told_where_nothing_is_shown():
    pii = (Kind.MASKING_POLICY, "pii")
    assert told((Kind.MASKING_POLICY, "pay")) == []
    assert told(pii, staying=replace(SOURCE, enabled=False)) == []
    assert told(pii, staying=replace(SOURCE, policies=frozenset({"pii"}))) == []
    assert told(pii, among=world(SOURCE, PII, null_tags=["pii"])) == []
    assert told(pii, among=world(PII)) == []


def test_what_another_policy_is_planned_to_cover_no_longer_is_not_counted():
    pii = (Kind.MASKING_POLICY, "pii")
    ssn = MaskingPolicy("ssn", on("pii.ssn"), Null())
    deployed = world(SOURCE, PII, PAY, ssn)
    assert told(pii, among=deployed) == []
    for narrowed in (replace(ssn, staged=True), replace(ssn, applies_to=on("pay"))):
        (line,) = told(pii, among=deployed, planned=world(SOURCE, PAY, narrowed))
        assert "no mask is left on column ssn." in line


def test_what_another_policy_only_comes_to_cover_is_not_counted_either():
    wide = MaskingPolicy("pay", AppliesTo(all_columns=True), Null())
    (line,) = told((Kind.MASKING_POLICY, "pii"), planned=world(SOURCE, wide))
    assert "no mask is left on column ssn." in line
