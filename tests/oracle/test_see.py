import hashlib
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.oracle.builders import (
    DATE,
    EVERYWHERE,
    INTEGER,
    KEY,
    NOW,
    OPEN,
    TEXT,
    TIMESTAMP,
    alice,
    cell,
    columns,
    customers,
    seen,
    values,
    world,
)
from veil.model import (
    AppliesTo,
    Attribute,
    Baseline,
    Column,
    Constant,
    Email,
    Exceptions,
    Hash,
    MaskingPolicy,
    Match,
    Never,
    Null,
    Partial,
    Percent,
    Profile,
    Project,
    Purposes,
    RowPolicy,
    Runtime,
    TimeWindow,
    UserMatches,
    ValueIn,
)
from veil.oracle import see

PII = AppliesTo(column_tags=frozenset({"pii"}))
SALES = AppliesTo(data_source_tags=frozenset({"domain.sales"}))
TERRITORY = UserMatches((Match("geo.region", "territory"),))
HIDE = MaskingPolicy("hide", PII, Null())
ANALYSTS = Exceptions(groups=frozenset({"analysts"}))
ROW = {"id": 1, "email": "ann@example.org", "region": "US"}


def test_hash_masks_take_the_salt_of_a_project_with_masked_joins_and_others_do_not() -> None:
    project = Project("p", frozenset({"alice"}), frozenset({KEY}), masked_joins=True)
    acting = replace(world(MaskingPolicy("hash", PII, Hash()), project), runtimes={"alice": Runtime("alice", "p")})
    salts = {KEY: "pepper", project.salt_key: "shared"}
    masked = see(acting, "alice", KEY, [ROW], now=NOW, salts=salts).rows[0].values["email"]
    assert masked == hashlib.sha256(b"sharedann@example.org").hexdigest()
    assert see(acting, "alice", KEY, [ROW], now=NOW, salts={KEY: "pepper"}).rows[0].values["email"] is None
    email = replace(acting, masking_policies={"email": MaskingPolicy("email", PII, Email())})
    shown = see(email, "alice", KEY, [ROW], now=NOW, salts=salts).rows[0].values["email"]
    assert shown == hashlib.sha256(b"pepperann").hexdigest()[:16] + "@example.org"


def test_a_user_who_is_admitted_to_an_ungoverned_source_sees_it_all() -> None:
    sight = seen(world(), [ROW])
    assert sight.admitted
    assert sight.rows[0].values == ROW
    assert {each.outcome for each in sight.rows[0].decisions.values()} == {"clear"}


def test_a_user_without_a_profile_sees_nothing() -> None:
    sight = seen(world(), [ROW], user="mallory")
    assert not sight.admitted
    assert not sight.rows
    assert sight.reasons == ("the user has no profile",)


def test_a_mask_hides_the_value_and_says_so() -> None:
    sight = seen(world(HIDE), [ROW])
    assert sight.rows[0].values == ROW | {"email": None}
    assert sight.rows[0].decisions["email"].policy == "hide"
    assert sight.rows[0].decisions["id"].outcome == "clear"


def test_a_hash_uses_the_salt_of_the_data_source() -> None:
    governed = world(MaskingPolicy("hash", PII, Hash()))
    expected = hashlib.sha256(b"pepperann@example.org").hexdigest()
    assert cell(governed, "email", "ann@example.org") == expected
    assert cell(governed, "email", "ann@example.org", salts={}) is None


@pytest.mark.parametrize(
    "exceptions",
    [
        ANALYSTS,
        Exceptions(attributes=frozenset({Attribute("territory", "US")})),
        Exceptions(groups=frozenset({"hr", "analysts"})),
        Exceptions("all", frozenset({"analysts"}), frozenset({Attribute("territory", "CA")})),
    ],
)
def test_whoever_is_excepted_sees_the_clear_value(exceptions: Exceptions) -> None:
    governed = world(replace(HIDE, exceptions=exceptions), alice(territory="US CA"))
    assert cell(governed, "email", "ann") == "ann"


@pytest.mark.parametrize(
    "exceptions",
    [
        Exceptions(),
        Exceptions("all"),
        Exceptions(groups=frozenset({"Analysts"})),
        Exceptions(groups=frozenset({"hr"})),
        Exceptions("all", frozenset({"analysts", "hr"})),
        Exceptions(attributes=frozenset({Attribute("territory", "us")})),
        Exceptions(attributes=frozenset({Attribute("Territory", "US")})),
        Exceptions(purposes=frozenset({"fraud"})),
    ],
)
def test_whoever_is_not_excepted_sees_the_mask(exceptions: Exceptions) -> None:
    governed = world(replace(HIDE, exceptions=exceptions), alice(territory="US CA"))
    assert cell(governed, "email", "ann") is None


def test_a_staged_mask_is_absent() -> None:
    assert cell(world(replace(HIDE, staged=True)), "email", "ann") == "ann"


def test_masks_stack_by_priority_then_tag_depth_then_name() -> None:
    parent = MaskingPolicy("a", PII, Constant("a"))
    child = MaskingPolicy("b", AppliesTo(column_tags=frozenset({"pii.email"})), Constant("b"))
    untagged = MaskingPolicy("0", AppliesTo(all_columns=True), Constant("0"))
    assert cell(world(parent, child, untagged), "email", "ann") == "b"
    assert cell(world(replace(parent, priority=1), child), "email", "ann") == "a"
    assert cell(world(parent, MaskingPolicy("A", PII, Constant("A"))), "email", "ann") == "A"


def test_a_mask_that_excepts_the_user_passes_to_the_next() -> None:
    first = MaskingPolicy("first", PII, Constant("first"), priority=2, exceptions=ANALYSTS)
    second = MaskingPolicy("second", PII, Constant("second"), priority=1)
    assert cell(world(first, second), "email", "ann") == "second"
    assert cell(world(first, replace(second, exceptions=ANALYSTS)), "email", "ann") == "ann"


def test_a_partial_mask_reads_the_raw_value() -> None:
    assert cell(world(MaskingPolicy("p", PII, Partial(0, 4))), "email", "12345678") == "****5678"


@pytest.mark.parametrize(
    ("region", "shown"), [("US", 1), ("US  ", 1), ("CA", 1), ("us", 0), ("FR", 0), (None, 0), ("", 0)]
)
def test_a_row_shows_where_its_tagged_column_matches_the_user(region: str | None, shown: int) -> None:
    governed = world(RowPolicy("own", SALES, TERRITORY), alice(territory="US CA"))
    assert len(seen(governed, [ROW | {"region": region}]).rows) == shown


def test_a_hidden_row_names_the_policies_that_hide_it() -> None:
    governed = world(RowPolicy("own", SALES, TERRITORY), RowPolicy("none", SALES, Never()))
    sight = seen(governed, [ROW])
    assert sight.hidden[0].policies == ("none", "own")


def test_a_user_without_values_matches_no_row() -> None:
    assert not seen(world(RowPolicy("own", SALES, TERRITORY)), [ROW]).rows


def test_rows_can_match_groups() -> None:
    governed = world(RowPolicy("own", SALES, UserMatches((Match("geo.region"),))))
    sight = seen(governed, [{"region": "analysts"}, {"region": "hr"}])
    assert values(sight, "region") == ["analysts"]


@pytest.mark.parametrize(("operator", "expected"), [("all", ["b"]), ("any", ["a", "b", "c"])])
def test_several_matches_combine(operator: str, expected: list[str]) -> None:
    source = customers(*columns(name=TEXT, one=(TEXT, "t.one"), two=(TEXT, "t.two")))
    rule = UserMatches((Match("t.one", "x"), Match("t.two", "x")), operator)  # type: ignore[arg-type]
    rows = [
        {"name": "a", "one": "1", "two": None},
        {"name": "b", "one": "1", "two": "1"},
        {"name": "c", "one": "0", "two": "1"},
        {"name": "d", "one": None, "two": "0"},
    ]
    assert values(seen(world(source, RowPolicy("own", SALES, rule), alice(x="1")), rows), "name") == expected


def test_every_column_under_the_tag_must_match() -> None:
    source = customers(*columns(a=(TEXT, "geo.a"), b=(TEXT, "geo.b")))
    governed = world(source, RowPolicy("own", SALES, UserMatches((Match("geo", "x"),))), alice(x="1 2"))
    assert [row.index for row in seen(governed, [{"a": "1", "b": "2"}, {"a": "1", "b": "3"}, {"a": "1"}]).rows] == [0]


def test_a_tag_without_a_column_shows_no_rows_where_the_policy_names_the_source() -> None:
    rule = UserMatches((Match("nowhere", "territory"), Match("geo.region", "territory")), "any")
    governed = world(RowPolicy("own", SALES, rule), alice(territory="US"))
    assert not seen(governed, [ROW]).rows


def test_a_row_policy_without_a_place_applies_where_its_tags_are() -> None:
    here = RowPolicy("here", AppliesTo(), UserMatches((Match("geo.region", "x"),)))
    elsewhere = RowPolicy("elsewhere", AppliesTo(), UserMatches((Match("geo.region", "x"), Match("nowhere", "x"))))
    assert not seen(world(here), [ROW]).rows
    assert seen(world(elsewhere), [ROW]).rows


def test_whoever_is_excepted_from_a_row_policy_sees_all_rows() -> None:
    governed = world(RowPolicy("none", SALES, Never(), exceptions=ANALYSTS))
    assert seen(governed, [ROW]).rows
    assert not seen(replace(governed, profiles={"alice": Profile("alice")}), [ROW]).rows


@pytest.mark.parametrize(("negated", "expected"), [(False, ["US", "US ", "CA"]), (True, ["FR", ""])])
def test_value_in_hides_null_both_ways(negated: bool, expected: list[str]) -> None:
    governed = world(RowPolicy("list", SALES, ValueIn("geo", frozenset({"US", "CA"}), negated)))
    rows = [{"region": each} for each in ("US", "US ", "CA", "FR", "", None)]
    assert values(seen(governed, rows), "region") == expected


def test_value_in_reads_numbers_as_numbers_and_hides_what_it_cannot_read() -> None:
    source = customers(*columns(id=(INTEGER, "key")))
    rows = [{"id": 5}, {"id": 6}]
    assert values(seen(world(source, RowPolicy("l", SALES, ValueIn("key", frozenset({"05"})))), rows), "id") == [5]
    assert (
        values(seen(world(source, RowPolicy("l", SALES, ValueIn("key", frozenset({"05", "x"}), True))), rows), "id")
        == []
    )


def test_a_time_window_ends_at_its_moment() -> None:
    source = customers(*columns(at=TIMESTAMP), event_time_column="at")
    start = NOW.replace(tzinfo=None) - timedelta(days=90)
    rows = [{"at": start}, {"at": start - timedelta(microseconds=1)}, {"at": None}]
    newer, older = TimeWindow("newer", 90, "days"), TimeWindow("older", 90, "days")
    assert [row.index for row in seen(world(source, RowPolicy("t", SALES, newer)), rows).rows] == [0]
    assert [row.index for row in seen(world(source, RowPolicy("t", SALES, older)), rows).rows] == [1]


def test_a_date_is_its_midnight_in_a_time_window() -> None:
    source = customers(*columns(at=DATE), event_time_column="at")
    governed = world(source, RowPolicy("t", SALES, TimeWindow("newer", 30, "minutes")))
    assert seen(governed, [{"at": NOW.date()}], now=NOW.replace(hour=0, minute=29)).rows
    assert not seen(governed, [{"at": NOW.date()}], now=NOW.replace(hour=0, minute=31)).rows


@pytest.mark.parametrize("column", [None, "id", "missing"])
def test_a_time_window_without_an_event_time_shows_no_rows(column: str | None) -> None:
    governed = world(customers(event_time_column=column), RowPolicy("t", SALES, TimeWindow("older", 1, "days")))
    assert not seen(governed, [ROW]).rows


def test_a_percentage_is_the_same_for_everyone_and_grows_with_its_number() -> None:
    rows = [{"id": number, "email": None, "region": "US"} for number in range(400)]
    shown = [
        frozenset(values(seen(world(RowPolicy("p", SALES, Percent(Decimal(share)))), rows), "id"))
        for share in (0, 10, 50, 100)
    ]
    assert shown[0] == frozenset()
    assert shown[0] < shown[1] < shown[2] < shown[3] == frozenset(range(400))
    assert 20 < len(shown[1]) < 60


def test_a_purpose_rule_shows_all_rows_or_none() -> None:
    assert not seen(world(RowPolicy("p", SALES, Purposes(frozenset({"fraud"})))), [ROW]).rows


def test_an_accepted_column_is_masked_and_a_new_one_is_hidden_or_null() -> None:
    new = Column("new", TEXT, frozenset({"pii"}), accepted=False)
    for setting, expected in (("hide", {"id": 1}), ("null", {"id": 1, "new": None}), ("expose", {"id": 1, "new": "x"})):
        source = customers(Column("id", INTEGER), new, new_columns=setting)
        assert seen(world(source), [{"id": 1, "new": "secret"}]).rows[0].values.get("new") != "x"
        governed = world(source, MaskingPolicy("m", PII, Constant("x")))
        assert seen(governed, [{"id": 1, "new": "secret"}]).rows[0].values == expected


def test_the_baseline_nulls_a_column_that_no_active_mask_covers() -> None:
    baseline = Baseline(null_tags=frozenset({"pii"}))
    staged = replace(HIDE, mask=Constant("x"), staged=True)
    assert cell(world(staged, baseline=baseline), "email", "ann") is None
    assert cell(world(replace(staged, staged=False), baseline=baseline), "email", "ann") == "x"
    assert cell(world(replace(staged, staged=False, exceptions=ANALYSTS), baseline=baseline), "email", "ann") == "ann"


def test_a_closed_tag_shows_no_rows_without_an_active_row_policy() -> None:
    baseline = Baseline(closed_tags=frozenset({"domain"}))
    policy = RowPolicy("p", SALES, Percent(Decimal(100)))
    assert not seen(world(baseline=baseline), [ROW]).rows
    assert not seen(world(replace(policy, staged=True), baseline=baseline), [ROW]).rows
    assert seen(world(policy, baseline=baseline), [ROW]).rows


def test_a_source_is_closed_while_a_listed_policy_is_missing_or_staged() -> None:
    source = customers(policies=frozenset({"hide"}))
    assert not seen(world(source), [ROW]).rows
    sight = seen(world(source, replace(HIDE, staged=True)), [ROW])
    assert sight.admitted
    assert not sight.rows
    assert sight.closed == ('policy "hide" is listed and missing or staged',)
    assert seen(world(source, HIDE), [ROW]).rows


def test_a_source_that_is_not_enabled_admits_nobody() -> None:
    assert not seen(world(customers(enabled=False)), [ROW]).admitted


def test_an_unknown_source_is_an_error_of_the_caller() -> None:
    with pytest.raises(KeyError):
        see(world(), "alice", "raw.nowhere", [], now=NOW, salts={})


def test_the_order_of_the_policies_in_the_world_decides_nothing() -> None:
    one, two = MaskingPolicy("one", PII, Constant("one")), MaskingPolicy("two", PII, Constant("two"))
    assert cell(world(two, one), "email", "x") == cell(world(one, two), "email", "x") == "one"


def test_the_standard_world_is_open() -> None:
    assert OPEN.applies_to == EVERYWHERE
    assert KEY in world().data_sources
