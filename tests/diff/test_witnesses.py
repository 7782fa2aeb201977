"""Gains that conditions on rows decide: a row is found that shows them, or they are told apart."""

from dataclasses import replace

import pytest

from tests.diff.test_comparing import EMAILS, NOW, OPEN, found, world
from veil.diff import Deny, Finding, Verdict, broken_by_gains, compare
from veil.model import (
    AppliesTo,
    Exceptions,
    Function,
    KAnonymity,
    Match,
    Percent,
    RowPolicy,
    TimeWindow,
    UserMatches,
    ValueIn,
    Where,
)

EVERYWHERE = AppliesTo(all_data_sources=True)


def rows(rule: object) -> RowPolicy:
    return RowPolicy("rows", EVERYWHERE, rule)  # type: ignore[arg-type]


def gains(findings: list[Finding]) -> list[tuple[Verdict, str | None, str]]:
    return [(each.verdict, each.column, ", ".join(sorted(each.perhaps))) for each in findings]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("region = 'eu'", "region = 'eu' OR region = 'us'"),
        ("region = 'eu'", "region IN ('eu', 'us')"),
        ("length(id) > 7", "length(id) > 4"),
        ("CAST(id AS INTEGER) > 1000", "CAST(id AS INTEGER) >= 1000"),
        ("region = 'eu' AND id = region", "id = region"),
        ("@attributeValuesContains('region', region)", "region LIKE 'e%'"),
        ("id IN (SELECT id FROM raw.known)", "id IN (SELECT id FROM raw.known) OR region = 'a''b'"),
    ],
)
def test_a_row_is_found_that_a_wider_rule_shows(before: str, after: str):
    assert {each[0] for each in gains(found(world(rows(Where(before))), rows(Where(after))))} == {Verdict.GAINS}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("region = 'eu'", "'eu' = region"),
        ("region = 'eu' OR region = 'us'", "region IN ('us', 'eu')"),
        ("NOT (region <> 'eu')", "region = 'eu'"),
        ("length(region) > 3", "length(region) >= 4"),
    ],
)
def test_what_says_the_same_in_other_words_may_be_a_gain_and_is_not_said_to_be_one(before: str, after: str):
    findings = found(world(rows(Where(before))), rows(Where(after)))
    assert findings and {each.verdict for each in findings} == {Verdict.MAY_GAIN}
    assert all(each.perhaps == each.reveals and each.reveals for each in findings)


def test_what_holds_anyway_makes_no_other_rule():
    assert found(world(rows(Where("region = 'eu'"))), rows(Where("region = 'eu' AND 1 = 1"))) == []


def test_a_column_that_no_row_shows_to_whom_a_rule_shows_more_is_told_apart():
    hashing = replace(EMAILS, where="region = 'us'", exceptions=Exceptions())
    before = world(rows(ValueIn("geo", frozenset({"eu"}))), hashing)
    (one,) = found(before, rows(ValueIn("geo", frozenset({"eu", "us"}))))
    assert (one.verdict, one.reveals, one.perhaps) == (Verdict.GAINS, {"email", "id", "region"}, {"email"})


@pytest.mark.parametrize("rule", [Percent(30), TimeWindow("newer", 3, "days"), UserMatches((Match("geo", "region"),))])
def test_a_rule_that_goes_shows_a_row(rule: object):
    before = world(rows(rule))
    after = replace(before, row_policies={})
    findings = compare(before, after, now=NOW).gains
    assert findings and {each.verdict for each in findings} == {Verdict.GAINS}


def test_a_value_that_enough_rows_share_is_one_that_a_mask_leaves():
    (one,) = found(world(), replace(EMAILS, mask=KAnonymity(5000, frozenset({"region"}))))
    assert (one.verdict, one.column) == (Verdict.GAINS, "email")


def test_what_a_function_gives_nobody_knows():
    (one,) = found(world(), replace(EMAILS, mask=Function("sec.encrypt")))
    assert (one.verdict, one.column, one.perhaps) == (Verdict.MAY_GAIN, "email", {"email"})


def test_what_may_be_a_gain_breaks_a_rule_as_a_gain_does():
    before = world(rows(Where("region = 'eu'")))
    after = replace(before, row_policies={"rows": rows(Where("'eu' = region"))})
    (broken, *_) = broken_by_gains([Deny("all", "any")], compare(before, after, now=NOW), after)
    assert broken.users


def test_whoever_sees_no_row_gains_no_column_for_sure():
    never = rows(Where("region = 'eu' AND region <> 'eu'"))
    wider = replace(EMAILS, exceptions=Exceptions(groups=frozenset({"hr", "sales"})))
    (one,) = found(world(never, OPEN), wider)
    assert (one.verdict, one.column) == (Verdict.MAY_GAIN, "email")
