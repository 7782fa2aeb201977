"""Which policies decide what on a data source."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.policy.building import EVERYONE, column, groups, on, source, varchar, world
from veil.language import asks_user, tree, walk
from veil.model import (
    AppliesTo,
    ColumnType,
    Family,
    Hash,
    MaskingPolicy,
    Match,
    Never,
    Null,
    Put,
    RowPolicy,
    SubscriptionPolicy,
    UserMatches,
    Where,
)
from veil.model.change import apply
from veil.policy import Conditions, resolve, touched
from veil.policy.typecheck import spelled

EMAIL = column("email", varchar(40), "pii.email")
PLAIN = column("note", varchar(40))
CUSTOMERS = source(EMAIL, PLAIN)


def stack(name: str, *things: object) -> list[str]:
    resolved = resolve(world(CUSTOMERS, *things), CUSTOMERS)  # type: ignore[arg-type]
    return [mask.policy for found in resolved.columns if found.column.name == name for mask in found.masks]


def mask(name: str, scope: AppliesTo, **rest: object) -> MaskingPolicy:
    return MaskingPolicy(name, scope, Null(), **rest)  # type: ignore[arg-type]


def test_a_policy_on_a_parent_tag_masks_the_columns_of_its_children():
    assert stack("email", mask("a", on("pii"))) == ["a"]
    assert stack("email", mask("a", on("PII.EMAIL"))) == ["a"]
    assert stack("email", mask("a", on("pi"))) == []
    assert stack("note", mask("a", on("pii"))) == []


def test_priority_then_depth_of_the_tag_then_the_name_decide_the_order():
    first = mask("z", on("pii"), priority=1)
    deep, shallow, untagged = mask("y", on("pii.email")), mask("b", on("pii")), mask("a", AppliesTo(all_columns=True))
    assert stack("email", shallow, untagged, deep, first) == ["z", "y", "b", "a"]
    assert stack("email", mask("b", on("pii")), mask("a", on("pii"))) == ["a", "b"]


def test_a_staged_policy_is_absent():
    assert stack("email", mask("a", on("pii"), staged=True)) == []


def test_source_criteria_without_column_criteria_mask_every_column():
    assert stack("note", mask("a", on(sources=["sales"]))) == ["a"]


def test_source_and_column_criteria_must_both_hold():
    assert stack("email", mask("a", on("pii", sources=["sales"]))) == ["a"]
    assert stack("email", mask("a", on("pii", sources=["hr"]))) == []


def test_all_demands_every_listed_tag():
    both = replace(EMAIL, tags=frozenset({"pii.email", "eu"}))
    scope = on("pii", "eu", operator="all")
    assert stack("email", mask("a", scope)) == []
    resolved = resolve(world(mask("a", scope)), source(both))
    assert [each.policy for each in resolved.columns[0].masks] == ["a"]


def test_names_patterns_regexes_and_untagged_columns_are_places():
    assert stack("email", mask("a", AppliesTo(data_sources=frozenset({"raw.cust*"})))) == ["a"]
    assert stack("email", mask("a", AppliesTo(data_sources=frozenset({"raw.cust"})))) == []
    assert stack("email", mask("a", AppliesTo(column_regex="MAIL", column_regex_case_insensitive=True))) == ["a"]
    assert stack("note", mask("a", AppliesTo(untagged_columns=True))) == ["a"]
    assert stack("email", mask("a", AppliesTo(untagged_columns=True))) == []
    assert stack("email", mask("a", AppliesTo())) == []


def test_new_columns_are_hidden_null_or_exposed():
    new = replace(PLAIN, accepted=False)
    names = {
        choice: [
            (each.column.name, each.is_null)
            for each in resolve(world(), source(EMAIL, new, new_columns=choice)).columns
        ]
        for choice in ("hide", "null", "expose")
    }
    assert names == {
        "hide": [("email", False)],
        "null": [("email", False), ("note", True)],
        "expose": [("email", False), ("note", False)],
    }
    assert resolve(world(), source(EMAIL, new)).hidden == ("note",)


def test_a_hashed_text_column_widens_and_others_keep_their_type():
    policy = MaskingPolicy("a", AppliesTo(all_columns=True), Hash())
    resolved = resolve(world(policy), source(column("c", varchar(10)), column("w", varchar(100)), column("i")))
    assert [str(each.type) for each in resolved.columns] == [
        "character varying(64)",
        "character varying(100)",
        "integer",
    ]


def test_the_baseline_nulls_tagged_columns_until_an_active_mask_covers_them():
    bare = resolve(world(null_tags=["pii"]), CUSTOMERS)
    assert [each.is_null for each in bare.columns] == [True, False]
    covered = resolve(world(mask("a", on("pii")), null_tags=["pii"]), CUSTOMERS)
    assert [each.is_null for each in covered.columns] == [False, False]
    staged = resolve(world(mask("a", on("pii"), staged=True), null_tags=["pii"]), CUSTOMERS)
    assert [each.is_null for each in staged.columns] == [True, False]


def test_a_source_is_closed_without_a_policy_it_lists_and_under_a_closed_tag():
    listed = source(EMAIL, policies=frozenset({"a"}))
    assert resolve(world(), listed).closed == ("its policy 'a' does not exist",)
    assert resolve(world(mask("a", on("pii"), staged=True)), listed).closed == ("its policy 'a' is staged",)
    assert resolve(world(mask("a", on("pii"))), listed).closed == ()
    rows = RowPolicy("r", on(sources=["sales"]), Never())
    assert len(resolve(world(closed_tags=["sales"]), CUSTOMERS).closed) == 1
    assert resolve(world(rows, closed_tags=["sales"]), CUSTOMERS).closed == ()
    assert len(resolve(world(replace(rows, staged=True), closed_tags=["sales"]), CUSTOMERS).closed) == 1
    assert resolve(world(), source(EMAIL, enabled=False)).closed == ("it is not enabled",)


def test_a_row_policy_without_a_place_applies_where_all_its_tags_are():
    policy = RowPolicy("r", AppliesTo(), Where("@columnTagged('pii') = 'x' AND @columnTagged('geo') = 'y'"))
    assert resolve(world(policy), CUSTOMERS).rows == ()
    assert len(resolve(world(policy), source(EMAIL, column("land", varchar(2), "geo.land"))).rows) == 1


def test_an_expression_is_resolved_once_per_choice_of_tagged_columns():
    policy = RowPolicy("r", on(sources=["sales"]), Where("@columnTagged('pii') = @columnTagged('pii')"))
    two = source(EMAIL, column("phone", varchar(20), "pii.phone"))
    test = resolve(world(policy), two).rows[0].test
    assert isinstance(test, Conditions)
    names = [each.left for each in test.expressions if isinstance(each, tree.Comparison)]
    assert names == [tree.ColumnName("email"), tree.ColumnName("phone")]


def test_a_missing_tag_makes_the_rule_unknown_and_says_so():
    policy = RowPolicy("r", on(sources=["sales"]), UserMatches((Match("geo", "land"),), "any"))
    resolved = resolve(world(policy), CUSTOMERS)
    assert resolved.rows[0].test == Conditions((tree.NullValue(),))
    assert [(each.problem.code, each.path) for each in resolved.incompatibilities] == [
        ("tag-missing", ("show", "user_matches", 0))
    ]


def test_what_cannot_be_decided_becomes_unknown():
    policy = RowPolicy("r", on(sources=["sales"]), Where("missing = 1 OR email = 'x'"))
    resolved = resolve(world(policy), CUSTOMERS)
    email = tree.Comparison("=", tree.ColumnName("email"), tree.Text("x"))
    nothing = tree.Comparison("=", tree.NullValue(), tree.Number(Decimal(1)))
    assert resolved.rows[0].test == Conditions((tree.Or((nothing, email)),))
    assert [each.problem.code for each in resolved.incompatibilities] == ["unknown-column"]


@pytest.mark.parametrize(
    "text",
    [
        "CASE WHEN @groupsContains(id * 1.5) THEN email ELSE 'x' END = 'x'",
        "CASE WHEN @groupsContains(missing) IS NULL THEN email ELSE 'x' END = 'x'",
        "COALESCE(CASE WHEN @isInGroups('hr') THEN missing END, 1) = 1",
    ],
)
def test_what_cannot_be_decided_of_a_user_is_still_known_to_be_about_them(text: str):
    test = resolve(world(RowPolicy("r", on(sources=["sales"]), Where(text))), CUSTOMERS).rows[0].test
    assert isinstance(test, Conditions)
    assert all(map(asks_user, test.expressions))


@pytest.mark.parametrize(
    ("written", "columns", "meant"),
    [
        ("EMAIL", ["id", "email"], "email"),
        ("Email", ["Email", "email"], "Email"),
        ("EMAIL", ["Email", "email"], None),
        ("e-mail", ["email"], None),
    ],
)
def test_a_column_is_known_by_its_spelling_or_by_the_only_one_that_differs_in_case(
    written: str, columns: list[str], meant: str | None
):
    assert spelled(written, columns) == meant


@pytest.mark.parametrize(
    ("pattern", "table", "named"),
    [
        ("RAW.Customers", "customers", True),
        ("Raw.CUST*", "customers", True),
        ('raw."customers"', "customers", True),
        ('raw."Customers"', "customers", True),
        ('"RAW"."CUSTOMERS"', "customers", True),
        ('"RAW".cust*', "customers", True),
        ('raw."Odd Name"', "odd name", True),
        ('raw."Odd Name"', "Odd Name", True),
        ('raw."odd name"', "Odd Name", True),
        ('raw."Odd*"', "Odd Name", True),
        ("raw.*", "Odd Name", True),
        ("raw.odd", "Odd", True),
        ("RAW.ÄÖ", "ÄÖ", True),
        ("raw.äö", "ÄÖ", False),
        ("raw.odd*", "odd table-1", True),
        ("raw.odd table-1", "odd table-1", True),
        ("raw.2026", "2026", True),
        ("raw.a.b", "a.b", False),
        ('raw."a.b"', "a.b", True),
        ('raw.a"b*', 'a"b', False),
        ("raw.c.stomers", "customers", False),
        ("*", "customers", True),
    ],
)
def test_names_of_data_sources_fold_as_redshift_folds_them(pattern: str, table: str, named: bool):
    policy = mask("a", AppliesTo(data_sources=frozenset({pattern})))
    place = source(EMAIL, table=table)
    assert bool(resolve(world(policy), place).columns[0].masks) is named
    put = Put(policy)
    before = world(place)
    assert (place.key in touched(before, apply(before, put), [put])) is named


def test_grants_and_guardrails_are_told_apart_and_staged_ones_are_absent():
    guard = SubscriptionPolicy("guard", on(sources=["sales"]), "conditions", "guardrail", "@isInGroups('a')")
    staged = SubscriptionPolicy("staged", on(sources=["sales"]), "everyone", staged=True)
    elsewhere = SubscriptionPolicy("elsewhere", on(sources=["hr"]), "everyone")
    resolved = resolve(world(EVERYONE, guard, staged, elsewhere), CUSTOMERS)
    assert [each.policy for each in resolved.grants] == ["everyone"]
    assert [each.condition for each in resolved.guardrails] == [tree.IsInGroups(("a",))]


def test_an_unreadable_column_pattern_masks_every_column_and_admits_nobody():
    scope = AppliesTo(column_regex="(")
    assert stack("note", mask("a", scope)) == ["a"]
    assert resolve(world(SubscriptionPolicy("s", scope, "everyone")), CUSTOMERS).grants == ()


def test_exceptions_become_one_expression():
    excepted = resolve(world(mask("a", on("pii"), exceptions=groups("x", "y"))), CUSTOMERS).columns[0].masks[0].excepted
    assert excepted == tree.Or((tree.IsInGroups(("x",)), tree.IsInGroups(("y",))))
    nobody = resolve(world(mask("a", on("pii"))), CUSTOMERS).columns[0].masks[0].excepted
    assert nobody == tree.Boolean(False)


def test_a_mask_that_does_not_fit_becomes_null_and_says_so():
    policy = MaskingPolicy("a", AppliesTo(all_columns=True), Hash())
    resolved = resolve(world(policy), source(column("d", ColumnType(Family.DATE))))
    assert resolved.columns[0].masks[0].mask == Null()
    assert [(each.problem.code, each.column, each.path) for each in resolved.incompatibilities] == [
        ("mask-does-not-fit", "d", ("mask", "hash"))
    ]


@pytest.mark.parametrize(
    "text",
    [
        "COALESCE('a' || missing, 'b') = 'b'",
        "CASE WHEN id = 1 THEN missing ELSE 'b' END = 'b'",
        "LOWER(missing) IS NULL",
        "(id + missing) IS NULL",
        "CAST(missing AS DATE) IS NULL",
        "missing NOT IN (SELECT v FROM ref.t)",
        "NULLIF(missing, 'a') IS NULL",
        "(missing = 1) IS NULL",
        "(missing = 1) IS NOT TRUE",
        "missing IS DISTINCT FROM 'a'",
        "(missing LIKE 'a') IS NOT FALSE",
        "(id = 'x') IS NOT TRUE",
        "(missing = 1 OR id = 2) IS NOT TRUE",
        "CASE WHEN missing = 1 THEN FALSE ELSE TRUE END",
        "COALESCE(missing = 1, TRUE)",
        "COALESCE(id IN (1, 'x'), TRUE)",
    ],
)
def test_no_function_turns_what_cannot_be_decided_into_a_decision(text: str):
    customers = source(column("id"), EMAIL)
    policy = RowPolicy("r", on(sources=["sales"]), Where(text))
    test = resolve(world(policy), customers).rows[0].test
    assert isinstance(test, Conditions)
    (expression,) = test.expressions
    decided = [node for node in walk(expression) if not isinstance(node, tree.NullValue | tree.Text)]
    assert decided in ([], [expression])
    assert not isinstance(expression, tree.IsNull | tree.InLookup)
