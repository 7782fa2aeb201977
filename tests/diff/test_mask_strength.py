"""Which mask in place of which other lets more of a value be read."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.diff.test_comparing import EMAILS, NOW, PII, TEXT, found, told, world
from veil.diff import Deny, Verdict, broken_by_gains, compare
from veil.diff.mask_strength import MaskStep, reveals_more
from veil.model import (
    Categories,
    ColumnType,
    Constant,
    DateShift,
    Email,
    Exceptions,
    Family,
    Hash,
    Mask,
    MaskingPolicy,
    Null,
    Partial,
    Put,
    Sql,
    TruncateDate,
)
from veil.model.change import apply

MOMENT = ColumnType(Family.TIMESTAMP)
NOTHING, EQUALITY = (Null(), Constant("x"), Sql("'x'"), TruncateDate("day")), (Hash(),)
PART = (Partial(2), Email(), Sql("left(@value, 2)"), Categories(frozenset({"a", "b"}), Decimal(0)))


def steps(*masks: Mask) -> list[MaskStep]:
    return [MaskStep(str(each), each) for each in masks]


def weakens(before: Mask, after: Mask, kind: ColumnType = TEXT) -> bool:
    return reveals_more(steps(before), steps(after), kind, kind)


@pytest.mark.parametrize("after", [*EQUALITY, *PART], ids=lambda mask: mask.key)
@pytest.mark.parametrize("before", [*NOTHING, *EQUALITY], ids=lambda mask: mask.key)
def test_a_mask_of_a_higher_rank_reveals_more_and_never_the_other_way_round(before: Mask, after: Mask):
    assert weakens(before, after) is (before != after)
    assert not weakens(after, before)


@pytest.mark.parametrize("before", NOTHING, ids=lambda mask: mask.key)
@pytest.mark.parametrize("after", NOTHING, ids=lambda mask: mask.key)
def test_masks_that_leave_nothing_reveal_as_much_as_each_other(before: Mask, after: Mask):
    assert not weakens(before, after)


@pytest.mark.parametrize(
    ("less", "more"),
    [
        (Partial(2), Partial(3)),
        (Partial(0, 2), Partial(1, 2)),
        (TruncateDate("year"), TruncateDate("month")),
        (TruncateDate("month"), TruncateDate("minute")),
        (DateShift(30), DateShift(7)),
    ],
)
def test_of_one_kind_the_one_that_keeps_more_reveals_more(less: Mask, more: Mask):
    kind = TEXT if isinstance(less, Partial) else MOMENT
    assert weakens(less, more, kind) and not weakens(more, less, kind)


@pytest.mark.parametrize(
    ("one", "other"),
    [(Partial(2), Email()), (Partial(2, 0), Partial(0, 2)), (Partial(2), Sql("left(@value, 4)"))],
)
def test_masks_that_leave_different_parts_cannot_be_compared(one: Mask, other: Mask):
    assert not weakens(one, other) and not weakens(other, one)


def test_what_a_mask_further_down_leaves_counts_once_the_one_above_it_goes_or_moves():
    null, hashing = steps(Null(), Hash())
    assert reveals_more([null, hashing], [hashing], TEXT, TEXT)
    assert reveals_more([null, hashing], [hashing, null], TEXT, TEXT)
    assert not reveals_more([hashing], [null, hashing], TEXT, TEXT)
    assert not reveals_more([hashing], [hashing, *steps(Partial(2))], TEXT, TEXT)


def test_a_column_that_comes_behind_a_mask_reveals_what_the_mask_leaves():
    assert reveals_more([], steps(Hash()), None, TEXT)
    assert not reveals_more([], steps(Null()), None, TEXT)


def test_a_mask_that_leaves_a_part_in_place_of_a_hash_weakens_and_the_other_way_round_changes():
    partial = replace(EMAILS, mask=Partial(2))
    assert told(found(world(), partial)) == [("weakens", "email", ("bob",), "hash", "partial(2)")]
    assert told(found(world(partial), EMAILS)) == [("changes", "email", ("bob",), "partial(2)", "hash")]


def test_the_same_masks_on_other_rows_are_told():
    hashing = replace(EMAILS, where="region = 'eu'")
    nulls = MaskingPolicy("nulls", PII, Null(), priority=-1)
    (one,) = found(world(hashing, nulls), replace(hashing, where="region = 'us'"))
    assert (one.verdict, one.column) == (Verdict.WEAKENS, "email")
    assert (one.before, one.after) == ("hash or null", "hash or null, on other rows")


def test_who_loses_values_and_gets_a_weaker_mask_is_told_of_the_mask_and_that_others_are_lost():
    sometimes = replace(EMAILS, where="region = 'eu'")
    (one,) = [each for each in found(world(sometimes), replace(EMAILS, mask=Partial(2))) if "bob" in each.users]
    assert (one.verdict, one.also_loses) == (Verdict.WEAKENS, True)


@pytest.mark.parametrize(("gains", "broken"), [("clear", False), ("weaker", True), ("any", True)])
def test_a_denial_says_whether_a_weaker_mask_breaks_it(gains, broken: bool):
    after = apply(world(), Put(replace(EMAILS, mask=Partial(2))))
    rule = Deny("mail", gains, frozenset({"pii"}))
    found_broken = list(broken_by_gains([rule], compare(world(), after, now=NOW), after))
    assert [(each.users, each.places) for each in found_broken] == (
        [(("bob",), ("governed.customers.email",))] if broken else []
    )
    assert not list(broken_by_gains([replace(rule, unless_group="sales")], compare(world(), after, now=NOW), after))


def test_a_denial_of_weaker_masks_is_one_of_clear_values_too():
    after = apply(world(), Put(replace(EMAILS, exceptions=Exceptions(groups=frozenset({"hr", "sales"})))))
    (one,) = broken_by_gains([Deny("mail", "weaker")], compare(world(), after, now=NOW), after)
    assert one.users == ("bob",)
