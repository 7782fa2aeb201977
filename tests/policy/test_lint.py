"""What a plan warns about and what it refuses."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.policy.building import (
    DATE,
    EVERYONE,
    SUPER,
    TIMESTAMP,
    char,
    column,
    groups,
    numeric,
    on,
    source,
    varchar,
    world,
)
from veil.model import (
    AppliesTo,
    Attribute,
    Categories,
    Constant,
    DataSource,
    Exceptions,
    Function,
    Hash,
    KAnonymity,
    Kind,
    Mask,
    MaskingPolicy,
    Match,
    Never,
    Noise,
    Null,
    Partial,
    Purposes,
    Regex,
    Round,
    RowPolicy,
    RowRule,
    Sql,
    Subscription,
    SubscriptionPolicy,
    TimeWindow,
    TruncateDate,
    UserMatches,
    ValueIn,
    Where,
)
from veil.policy import Finding, lint

CUSTOMERS = source(column("id"), column("email", varchar(40), "pii.email"), column("born", DATE, "pii.born"))
SALES = on(sources=["sales"])


def findings(*things: object, **integration: object) -> list[tuple[str, str, object, tuple[str | int, ...]]]:
    found = lint(world(CUSTOMERS, *things, **integration))  # type: ignore[arg-type]
    return [(each.severity, each.code, each.key, each.path) for each in found]


def only(*things: object, **integration: object) -> Finding:
    found = lint(world(CUSTOMERS, *things, **integration))  # type: ignore[arg-type]
    assert len(found) == 1, [each.code for each in found]
    return found[0]


def masking(mask: Mask, scope: AppliesTo | None = None, **rest: object) -> MaskingPolicy:
    return MaskingPolicy("mask", scope or on("pii.email"), mask, **rest)  # type: ignore[arg-type]


def rows(rule: RowRule, scope: AppliesTo = SALES, **rest: object) -> RowPolicy:
    return RowPolicy("rows", scope, rule, **rest)  # type: ignore[arg-type]


def test_a_world_in_order_has_no_findings():
    assert findings(masking(Hash()), rows(Where("id > 3"))) == []


def test_a_policy_that_matches_nothing_warns():
    assert findings(masking(Hash(), on("phi"))) == [("warning", "policy-matches-nothing", "mask", ("applies_to",))]
    assert findings(rows(Never(), on(sources=["hr"]))) == [
        ("warning", "policy-matches-nothing", "rows", ("applies_to",))
    ]
    grant = SubscriptionPolicy("grant", on(sources=["hr"]), "everyone")
    assert ("warning", "policy-matches-nothing", "grant", ("applies_to",)) in findings(EVERYONE, grant)


def test_a_staged_policy_may_match_nothing():
    assert findings(masking(Hash(), on("phi"), staged=True)) == []


def test_an_empty_scope_is_an_error_but_for_row_policies_that_use_tags():
    assert findings(masking(Hash(), AppliesTo())) == [("error", "empty-scope", "mask", ("applies_to",))]
    assert findings(rows(Never(), AppliesTo())) == [("error", "empty-scope", "rows", ("applies_to",))]
    assert findings(rows(ValueIn("pii.email", frozenset("x")), AppliesTo())) == []
    nowhere = findings(rows(ValueIn("phi", frozenset("x")), AppliesTo()))
    assert nowhere == [("warning", "policy-matches-nothing", "rows", ("applies_to",))]


def test_two_masks_on_a_column_warn_and_say_which_decides_first():
    first = replace(masking(Null()), name="first", priority=1)
    found = only(masking(Hash()), first)
    assert (found.severity, found.code, found.key) == ("warning", "masks-stacked", "first")
    assert '"first", then "mask"' in found.detail
    assert "column email" in found.detail
    assert "raw.customers" in found.detail


@pytest.mark.parametrize(
    ("mask", "key"),
    [(Hash(), "hash"), (Partial(), "partial"), (Constant("x"), "constant"), (TruncateDate("day"), "truncate_date")],
)
def test_a_mask_that_does_not_fit_the_column_warns(mask: Mask, key: str):
    found = only(masking(mask, on("pii.born")))
    assert (found.severity, found.code, found.path) == ("warning", "mask-does-not-fit", ("mask", key))
    assert "'born'" in found.detail
    assert "date" in found.detail


@pytest.mark.parametrize("mask", [Partial(1, 1, "•"), Regex("x", "é"), Constant("ü")])
def test_a_char_column_holds_single_byte_characters_only(mask: Mask):
    codes = source(column("code", char(8), "code"), column("name", varchar(8), "name"), table="codes")
    found = [each.detail for each in lint(world(codes, masking(mask, on("code")))) if each.code == "mask-does-not-fit"]
    assert len(found) == 1
    assert "single-byte" in found[0]
    assert "mask-does-not-fit" not in [each.code for each in lint(world(codes, masking(mask, on("name"))))]


@pytest.mark.parametrize(
    ("mask", "key"),
    [
        (Regex("[0-9]", "#"), "regex"),
        (Round(Decimal(10)), "round"),
        (Noise(Decimal(5)), "noise"),
        (KAnonymity(5, frozenset({"id"})), "k_anonymity"),
        (Categories(frozenset("ab"), Decimal(70)), "categories"),
        (Function("sec.f"), "function"),
        (Sql("CASE WHEN @columnReference('id') = 1 THEN @value END"), "sql"),
    ],
)
def test_a_mask_that_may_keep_a_value_says_so(mask: Mask, key: str):
    found = lint(
        world(CUSTOMERS, masking(mask, AppliesTo(data_sources=frozenset({"raw.customers"}), all_columns=True)))
    )
    assert [each.path for each in found if each.code == "mask-may-keep-value"] == [("mask", key)]


def test_an_unknown_column_is_an_error_where_the_policy_applies():
    for policy, path in (
        (rows(Where("missing = 1")), ("show", "where")),
        (masking(Hash(), where="missing = 1"), ("where",)),
        (masking(Sql("@value || @columnReference('missing')")), ("mask", "sql")),
    ):
        found = [each for each in lint(world(CUSTOMERS, policy)) if each.code == "unknown-column"]
        assert [(each.severity, each.path) for each in found] == [("error", path)]
        assert "'missing'" in found[0].detail
    assert [code for _, code, *_ in findings(rows(Where("missing = 1"), on(sources=["hr"])))] == [
        "policy-matches-nothing"
    ]


def test_an_unknown_column_comes_with_the_column_that_was_probably_meant():
    (found,) = [each for each in lint(world(CUSTOMERS, rows(Where("emial = 'x'")))) if each.code == "unknown-column"]
    assert "Did you mean 'email'?" in found.detail
    (found,) = [each for each in lint(world(CUSTOMERS, rows(Where('email = "x"')))) if each.code == "unknown-column"]
    assert "a string stands in single quotes" in found.detail


@pytest.mark.parametrize(
    ("text", "meant", "says"),
    [
        ("id > 0 AND email = 5", "email = 5", "a string cannot be compared with an integer."),
        ("id IN (1, 'x')", "'x'", "'x' cannot be read as an integer."),
        ("id BETWEEN 1 AND 'x'", "'x'", "'x' cannot be read as an integer."),
        ("CASE id WHEN 'x' THEN TRUE END", "'x'", "'x' cannot be read as an integer."),
        ("DECODE(email, 1, id, 2) = 5", "1", "a string cannot be compared with an integer."),
        ("email IN (5, 7)", "email IN (5, 7)", "a string cannot be compared with an integer."),
        ("LOWER(id) = 'x'", "LOWER(id)", "LOWER takes a string, not an integer."),
        ("email || '.' || born = 'x'", "born", "|| joins strings, not a date; use CAST(… AS VARCHAR(n))."),
        ("-email = 5", "email", "a string has no negative."),
        ("id > 0\n  AND (born LIKE '19%')", "born", "LIKE looks at strings, not at a date."),
        ("id > 0 AND email", "email", "a string cannot be compared with a boolean."),
        ("born + 1 = 2", "born + 1", "date + integer is not arithmetic."),
        ("emial = 'x' OR emial = 'y'", "emial", "there is no column 'emial' on raw.customers. Did you mean 'email'?"),
        ("id = 1 AND @columnReference('pone') = 'x'", "@columnReference('pone')", "there is no column 'pone'"),
        ("@attributeValuesContains('a', 'emial')", "'emial'", "there is no column 'emial'"),
        (
            "@columnTagged('pii.email') = 5",
            "@columnTagged('pii.email') = 5",
            "a string cannot be compared with an integer.",
        ),
        (
            "id = 1 AND @columnTagged('geo') = 5",
            "@columnTagged('geo')",
            "no column of raw.customers carries the tag 'geo'.",
        ),
        ("id IN (SELECT n FROM ref.t WHERE n = @columnReference('emial'))", "@columnReference('emial')", "'emial'"),
    ],
)
def test_what_is_wrong_with_an_expression_is_pointed_at_in_its_text(text: str, meant: str, says: str):
    problems = ("type-mismatch", "unknown-column", "tag-missing")
    (found,) = [each for each in lint(world(CUSTOMERS, rows(Where(text)))) if each.code in problems]
    first, place, line, carets, advice = found.detail.split("\n")
    assert says in first
    at = text.index(meant)
    assert place == f"line {text.count(chr(10), 0, at) + 1}, column {at - text.rfind(chr(10), 0, at)}:"
    assert line[4:] == text.split("\n")[text.count("\n", 0, at)]
    assert line[carets.index("^") : carets.rindex("^") + 1] == meant
    assert "It shows no rows there." in advice or "The test is unknown" in advice


def test_the_expression_of_a_mask_that_does_not_fit_is_pointed_at():
    (found,) = [each for each in lint(world(CUSTOMERS, masking(Sql("LENGTH(@value)")))) if "gives" in each.detail]
    assert (
        "its expression gives an integer.\nline 1, column 1:\n    LENGTH(@value)\n    ^^^^^^^^^^^^^^\n" in found.detail
    )


def test_a_test_that_veil_makes_of_a_list_is_named_in_words():
    places = source(column("amount", varchar(8), "geo"), column("n", DATE, "geo"), tags=["sales"])
    found = lint(world(places, rows(ValueIn("geo", frozenset({"US"})))))
    (wrong,) = [each for each in found if each.code == "type-mismatch"]
    assert "'US' cannot be read as a date, in n IN ('US')." in wrong.detail
    assert "^" not in wrong.detail


def test_a_tag_that_an_explicitly_named_source_lacks_warns():
    for rule in (
        Where("@columnTagged('geo') = 'x'"),
        UserMatches((Match("geo", "land"),)),
        ValueIn("geo", frozenset({"x"})),
    ):
        found = only(rows(rule))
        assert (found.severity, found.code) == ("warning", "tag-missing")
        assert "It shows no rows there." in found.detail


@pytest.mark.parametrize("text", ["id = 'abc'", "born = 5", "email > 3", "id = TRUE", "id LIKE 'x'", "email + 1 = 2"])
def test_values_that_cannot_be_compared_are_an_error(text: str):
    found = only(rows(Where(text)))
    assert (found.severity, found.code, found.path) == ("error", "type-mismatch", ("show", "where"))


def test_listed_values_that_one_of_the_tagged_columns_cannot_hold_warn():
    places = source(column("amount", numeric(8, 2), "geo"), tags=["sales"])
    found = lint(world(places, rows(ValueIn("geo", frozenset({"US"})))))
    (wrong,) = [each for each in found if each.code == "type-mismatch"]
    assert (wrong.severity, wrong.path) == ("warning", ("show", "value_in"))
    assert "'US' cannot be read as a numeric" in wrong.detail


@pytest.mark.parametrize(
    ("rule", "key", "says"),
    [
        (UserMatches(()), "user_matches", "user_matches lists nothing, so it shows no row."),
        (Purposes(frozenset()), "purposes", "purposes lists nothing, so it shows no row."),
        (ValueIn("pii.email", frozenset()), "value_in", "value_in lists nothing, so it shows no row."),
        (
            ValueIn("pii.email", frozenset(), negated=True),
            "value_not_in",
            "value_not_in lists nothing, so it shows every row with a value.",
        ),
    ],
)
def test_a_rule_whose_list_is_empty_warns(rule: RowRule, key: str, says: str):
    found = only(rows(rule))
    assert (found.severity, found.code, found.path) == ("warning", "rule-without-items", ("show", key))
    assert says in found.detail


def test_a_column_without_a_canonical_text_warns():
    places = source(column("shape", SUPER, "geo"), tags=["geo"])
    found = lint(world(places, rows(UserMatches((Match("geo", "land"),)), on(sources=["geo"]))))
    assert [(each.severity, each.code) for each in found] == [("warning", "no-canonical-text")]


def test_an_expression_that_cannot_be_read_is_one_error_wherever_it_applies():
    elsewhere = replace(CUSTOMERS, table="more")
    for policy, path in (
        (rows(Where("id =")), ("show", "where")),
        (masking(Hash(), where="id ="), ("where",)),
        (masking(Hash(), exceptions=Exceptions(expression="@isInGroup('x')")), ("exceptions", "expression")),
        (masking(Hash(), for_everyone_who="id = 1", otherwise=Null()), ("for_everyone_who",)),
        (masking(Sql("1 +")), ("mask", "sql")),
        (SubscriptionPolicy("s", SALES, "conditions", expression="nonsense("), ("expression",)),
    ):
        found = [each for each in lint(world(CUSTOMERS, elsewhere, policy)) if each.code == "expression-invalid"]
        assert [(each.severity, each.path) for each in found] == [("error", path)]


def test_a_time_rule_needs_an_event_time():
    window = rows(TimeWindow("newer", 3, "days"))
    assert findings(window) == [("warning", "event-time-missing", "rows", ("show", "newer_than"))]
    wrong = replace(CUSTOMERS, event_time_column="email")
    assert [each.code for each in lint(world(wrong, window))] == ["event-time-missing"]
    right = source(column("at", TIMESTAMP), event_time_column="at")
    assert lint(world(right, window)) == ()


def test_a_source_closed_by_what_it_lists_or_by_the_baseline_warns():
    listing = replace(CUSTOMERS, policies=frozenset({"mask"}))

    def codes(data_source: DataSource, *things: object, **integration: object) -> list[tuple[str, Kind]]:
        found = lint(world(data_source, *things, **integration))  # type: ignore[arg-type]
        return [(each.code, each.kind) for each in found]

    assert codes(listing) == [("listed-policy-missing", Kind.DATA_SOURCE)]
    assert codes(listing, masking(Hash(), staged=True)) == [("listed-policy-missing", Kind.DATA_SOURCE)]
    assert codes(listing, masking(Hash())) == []
    elsewhere = codes(listing, masking(Hash(), on("phi")))
    assert ("listed-policy-elsewhere", Kind.DATA_SOURCE) in elsewhere
    assert codes(CUSTOMERS, closed_tags=["sales"]) == [("closed-by-baseline", Kind.DATA_SOURCE)]
    assert codes(CUSTOMERS, rows(Never()), closed_tags=["sales"]) == []


def test_a_source_that_nobody_may_read_warns():
    elsewhere = SubscriptionPolicy("hr", on(sources=["hr"]), "everyone")
    bare = world(CUSTOMERS, elsewhere)
    assert "nobody-admitted" in [each.code for each in lint(bare)]
    subscribed = replace(bare, subscriptions={("ann", CUSTOMERS.key): Subscription("ann", CUSTOMERS.key)})
    assert "nobody-admitted" not in [each.code for each in lint(subscribed)]


def test_only_the_sources_asked_about_are_looked_at():
    other = replace(CUSTOMERS, table="other")
    both = world(CUSTOMERS, other, rows(Where("missing = 1")))
    assert len(lint(both)) == 2
    assert len(lint(both, ["raw.other"])) == 1
    assert lint(both, []) == ()


def test_an_exception_changes_no_finding():
    assert findings(masking(Hash(), exceptions=groups("hr"))) == []


WILDCARDS = {
    "subscription": (
        SubscriptionPolicy("some", SALES, "conditions", expression="@hasAttribute('access', 'finance.*')"),
        ("expression",),
    ),
    "row": (RowPolicy("rows", SALES, Where("id > 0 AND @hasAttribute('access', 'finance.*')")), ("show", "where")),
    "audience": (
        MaskingPolicy("m", on("pii"), Null(), exceptions=Exceptions(expression="@hasAttribute('access', '*')")),
        ("exceptions", "expression"),
    ),
    "for whom": (
        MaskingPolicy("m", on("pii"), Null(), for_everyone_who="@hasAttribute('a', '*.x')", otherwise=Null()),
        ("for_everyone_who",),
    ),
    "listed": (
        MaskingPolicy("m", on("pii"), Null(), exceptions=Exceptions(attributes=frozenset({Attribute("access", "a.*")}))),
        ("exceptions", "attributes"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("policy", "path"), WILDCARDS.values(), ids=WILDCARDS)
def test_a_star_that_is_no_wildcard_warns(policy: object, path: tuple[str, ...]):
    found = only(policy)
    assert (found.severity, found.code, found.path) == ("warning", "star-stands-for-itself", path)
    assert found.detail.endswith(
        "the '*' stands for itself. It is a wildcard only in subscription policies, beside @hostname, @database, @schema or "
        "@table in the same value. Name each value."
    )


def test_a_star_that_is_no_wildcard_is_shown_where_it_stands():
    detail = only(WILDCARDS["subscription"][0]).detail
    assert detail.startswith("Subscription policy \"some\": in @hasAttribute('access', 'finance.*') the '*' stands")


@pytest.mark.parametrize("value", ["@hostname.@database.*", "*.@table", "finance"])
def test_a_star_beside_an_infrastructure_variable_is_a_wildcard(value: str):
    assert (
        findings(SubscriptionPolicy("s", SALES, "conditions", expression=f"@hasAttribute('access', '{value}')")) == []
    )
