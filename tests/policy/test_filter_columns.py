"""Which columns stand bare in a view: those that are to, unless anything is to hide them or decides
by them.
"""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.policy.building import EVERYONE, TIMESTAMP, column, groups, on, source, varchar, world
from veil.model import (
    Baseline,
    Closing,
    DataSource,
    Hash,
    MaskingPolicy,
    Match,
    Never,
    Percent,
    Purposes,
    Put,
    Remove,
    RowPolicy,
    RowRule,
    TimeWindow,
    UserMatches,
    ValueIn,
    Where,
    World,
    kind_of,
)
from veil.model.change import apply
from veil.policy import lint_source, resolve, touched

SALES = on(sources=["sales"])
COLUMNS = (
    column("id"),
    column("region", varchar(9), "geo.region"),
    column("day", TIMESTAMP, "time.day"),
    column("ssn", varchar(11), "pii.ssn"),
)
ALL = frozenset(each.name for each in COLUMNS)
EVENTS = source(*COLUMNS, event_time_column="day", filter_columns=ALL)
LOOKUP = "id IN (SELECT l.id FROM ref.l AS l WHERE l.day = 'x' AND l.ssn = @columnReference('ssn'))"


def bare(governed: World, data_source: DataSource = EVENTS) -> set[str]:
    return {each.column.name for each in resolve(governed, data_source).columns if each.is_bare}


def warned(governed: World, data_source: DataSource = EVENTS) -> dict[str, str]:
    """By column, what the plan says of it."""
    found = [each for each in lint_source(governed, data_source) if each.code == "filter-column-guarded"]
    assert all(each.severity == "warning" for each in found)
    return {each.detail.partition(", column ")[2].partition(":")[0]: each.detail for each in found}


def rows(rule: RowRule, **rest: object) -> RowPolicy:
    return RowPolicy("rows", SALES, rule, exceptions=groups("all"), **rest)  # type: ignore[arg-type]


def mask(scope: str = "pii", **rest: object) -> MaskingPolicy:
    return MaskingPolicy("mask", on(scope), Hash(), **rest)  # type: ignore[arg-type]


def test_nothing_stands_bare_unless_it_is_to():
    quiet = replace(EVENTS, filter_columns=frozenset())
    assert bare(world(quiet, rows(Never())), quiet) == set() and warned(world(quiet, mask()), quiet) == {}
    assert bare(world(EVENTS, rows(Never()))) == ALL
    few = replace(EVENTS, filter_columns=frozenset({"id"}))
    assert bare(world(few, rows(Never())), few) == {"id"} and warned(world(few, mask()), few) == {}


def test_tags_of_the_baseline_name_columns_of_all_data_sources():
    plain = replace(EVENTS, filter_columns=frozenset({"id"}))
    governed = world(plain, rows(Never()))
    tagged = replace(
        governed, integration=replace(governed.integration, baseline=Baseline(filter_column_tags=frozenset({"time"})))
    )
    assert bare(tagged, plain) == {"id", "day"}
    assert touched(governed, tagged, [Put(tagged.integration)]) == {plain.key}
    staged = apply(tagged, Put(mask("time.day", staged=True)))
    assert bare(staged, plain) == {"id"}
    assert "filter_column_tags of the integration's baseline would have it" in warned(staged, plain)["day"]


@pytest.mark.parametrize("staged", [False, True], ids=["in force", "staged"])
@pytest.mark.parametrize(
    ("policy", "guarded"),
    [
        (mask(), {"ssn"}),
        (MaskingPolicy("all", on(all_columns=True), Hash()), ALL),
        (mask(where="region = 'north' AND @columnTagged('time') IS NULL"), {"ssn", "region", "day"}),
        (mask(where="not an expression ("), ALL),
        (mask("geo", exceptions=groups("hr")), {"region"}),
        (rows(UserMatches((Match("geo", "region"),))), {"region"}),
        (rows(ValueIn("geo.region", frozenset({"north"}))), {"region"}),
        (rows(Never(), for_everyone_who="@isInGroups('x')", otherwise=ValueIn("pii", frozenset({"1"}))), {"ssn"}),
        (rows(TimeWindow("newer", 1, "days")), {"day"}),
        (rows(Where("ID = 7 OR @groupsContains(@columnTagged('geo'))")), {"id", "region"}),
        (rows(Where(LOOKUP)), {"id", "ssn"}),
        (rows(Where("not an expression (")), ALL),
        (rows(Percent(Decimal(5))), ALL),
        (rows(Purposes(frozenset({"fraud"}))), set()),
        (RowPolicy("elsewhere", on(sources=["hr"]), Percent(Decimal(5))), set()),
    ],
    ids=lambda given: f"{sorted(given)}" if isinstance(given, (set, frozenset)) else repr(given),
)
def test_masks_and_what_policies_decide_by_win(policy: MaskingPolicy | RowPolicy, guarded: set[str], staged: bool):
    policy = replace(policy, staged=staged)
    plain = world(EVENTS, rows(Never()) if isinstance(policy, MaskingPolicy) else mask("none"))
    governed = apply(plain, Put(policy))
    assert bare(plain) == ALL and bare(governed) == ALL - guarded
    assert warned(governed).keys() == guarded
    assert all(f'policy "{policy.name}"' in each for each in warned(governed).values())
    if guarded:
        assert touched(plain, governed, [Put(policy)]) == {EVENTS.key}
        assert touched(governed, plain, [Remove(kind_of(policy), policy.name)]) == {EVENTS.key}


def test_a_null_tag_wins():
    governed = world(EVENTS, rows(Never()), null_tags=["pii"])
    assert bare(governed) == ALL - {"ssn"} and warned(governed).keys() == {"ssn"}
    # Under a mask too, which makes the column no safer to filter by.
    assert bare(apply(governed, Put(mask(exceptions=groups("hr"))))) == ALL - {"ssn"}


def test_nothing_is_bare_on_a_closed_data_source():
    governed = world(EVENTS, EVERYONE)
    assert bare(governed) == ALL
    for closed in (replace(EVENTS, policies=frozenset({"absent"})), replace(EVENTS, enabled=False)):
        assert bare(world(closed), closed) == set()
    failed = Closing("c1", "owner", "masking_policy", "m", "It failed.", sources=frozenset({EVENTS.key}))
    shut = apply(governed, Put(failed))
    assert bare(shut) == set() and bare(shut, replace(EVENTS, reopen=frozenset({"c1"}))) == ALL
    # The row that closes comes first, and waits for nobody who reads the view.
    assert touched(governed, shut, [Put(failed)]) == frozenset()
    assert touched(shut, governed, [Remove(kind_of(failed), "c1")]) == {EVENTS.key}
