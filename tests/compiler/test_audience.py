"""Who is admitted, who is excepted: the compiled tests of a user, on the engine."""

import pytest

from tests.compiler.warehouse import Warehouse
from tests.policy.building import EVERYONE, column, groups, on, source, varchar, world
from veil.model import (
    Attribute,
    Constant,
    Exceptions,
    MaskingPolicy,
    Null,
    Purposes,
    RowPolicy,
    SubscriptionPolicy,
)

T = source(column("id"), column("name", varchar(40), "pii.name"), table="audience")
ROWS = [(1, "clear")]
SALES = on(sources=["sales"])


def grant(expression: str, mode: str = "grant", name: str = "s") -> SubscriptionPolicy:
    return SubscriptionPolicy(name, SALES, "conditions", mode, expression)  # type: ignore[arg-type]


@pytest.fixture
def published(warehouse: Warehouse):
    """Publish T under policies and users; give what each user sees."""

    def publish(*policies: object, held: dict[str, list[tuple[str, str, str]]], projects: dict[str, str] | None = None):
        warehouse.table(T, ROWS)
        warehouse.users(held, projects)
        warehouse.publish(world(T, *policies), T)  # type: ignore[arg-type]
        return {user: warehouse.look(user, T) for user in ("ann", "bob", "eve")}

    return publish


CLEAR, NOTHING = [[1, "clear"]], []


def test_nobody_without_a_profile_sees_a_row(published):
    seen = published(EVERYONE, held={"ann": []})
    assert seen == {"ann": CLEAR, "bob": NOTHING, "eve": NOTHING}


def test_without_a_grant_only_named_subscribers_see_rows(published):
    seen = published(
        SubscriptionPolicy("s", SALES, "individual"),
        held={"ann": [("subscription", "", "raw.audience")], "bob": [("subscription", "", "raw.other")]},
    )
    assert seen == {"ann": CLEAR, "bob": NOTHING, "eve": NOTHING}


def test_one_grant_suffices_and_every_guardrail_is_demanded(published):
    policies = (
        grant("@isInGroups('analysts')", name="a"),
        grant("@isInGroups('auditors')", name="b"),
        grant("@hasAttribute('trained', 'yes')", "guardrail", "c"),
    )
    trained = ("attribute", "trained", "yes")
    seen = published(*policies, held={"ann": [("group", "", "auditors"), trained], "bob": [("group", "", "analysts")]})
    assert seen == {"ann": CLEAR, "bob": NOTHING, "eve": NOTHING}


def test_an_approval_guardrail_demands_a_named_subscription(published):
    approval = SubscriptionPolicy("approval", SALES, "approval", "guardrail")
    seen = published(EVERYONE, approval, held={"ann": [("subscription", "", "raw.audience")], "bob": []})
    assert seen == {"ann": CLEAR, "bob": NOTHING, "eve": NOTHING}


def test_in_a_project_only_its_data_sources_show_rows(published):
    seen = published(
        EVERYONE,
        held={"ann": [("project_source", "", "raw.audience")], "bob": [("project_source", "", "raw.other")]},
        projects={"ann": "p", "bob": "p"},
    )
    assert seen == {"ann": CLEAR, "bob": NOTHING, "eve": NOTHING}


@pytest.mark.parametrize(
    ("expression", "entries", "admitted"),
    [
        ("@isInGroups('a', 'b')", [("group", "", "a")], False),
        ("@isInGroups('a', 'b')", [("group", "", "a"), ("group", "", "b")], True),
        ("@isInGroups('A')", [("group", "", "a")], False),
        ("@isInGroups('a')", [("attribute", "a", "a")], False),
        ("@hasAttribute('x', 'y')", [("attribute", "x", "y")], True),
        ("@hasAttribute('x', 'y')", [("attribute", "y", "x")], False),
        ("@hasAttribute('x', 'it''s \\\\')", [("attribute", "x", "it's \\")], True),
        ("@hasAttribute('x', 'a*')", [("attribute", "x", "abc")], False),
        ("@hasAttribute('x', '@schema.*')", [("attribute", "x", "raw.audience")], True),
        ("@hasAttribute('x', '@schema.@table')", [("attribute", "x", "raw_audience")], False),
        ("@hasAttribute('x', 'bob@schema.org')", [("attribute", "x", "bob@schema.org")], True),
        ("@hasAttribute('x', 'bob@schema.*')", [("attribute", "x", "bobraw.org")], False),
        ("@hasAttribute('x', '*@table')", [("attribute", "x", "rawXaudience")], True),
        ("@isUsingPurpose('fraud')", [("purpose", "", "fraud")], True),
        ("NOT @isUsingPurpose('fraud')", [("purpose", "", "fraud")], False),
        ("NOT @isUsingPurpose('fraud')", [], True),
        ("@username = 'ann'", [], True),
        ("@username IN ('bob', 'ann')", [], True),
        ("@username LIKE 'b%'", [], False),
        ("@hasTagAsAttribute('t', 'column')", [("attribute", "t", "PII")], True),
        ("@hasTagAsAttribute('t', 'column')", [("attribute", "t", "pii.name.first")], False),
        ("@hasTagAsGroup('dataSource')", [("group", "", "sales")], True),
        ("@hasTagAsGroup('dataSource')", [("group", "", "pii")], False),
        ("@database = 'analytics' AND @table = 'audience'", [], True),
        ("@iam = 'redshift'", [], True),
        ("@attributeValuesContains('owns', @table)", [("attribute", "owns", "audience")], True),
        ("@attributeValuesContains('owns', @username)", [("attribute", "owns", "ann")], True),
        ("@attributeValuesContains('owns', @username)", [("attribute", "owns", "bob")], False),
        ("NOT @attributeValuesContains('owns', @username, 'ann')", [], False),
        ("@groupsContains(@username, 'ann')", [], True),
        ("@groupsContains(@username, 'ann')", [("group", "", "x")], False),
        ("NOT @attributeValuesContains('owns', NULL)", [], False),
        (
            "@attributeValuesContains('owns', CASE WHEN @isInGroups('g') THEN 'x' ELSE 'y' END)",
            [("group", "", "g"), ("attribute", "owns", "x")],
            True,
        ),
        (
            "@attributeValuesContains('owns', CASE WHEN @isInGroups('g') THEN 'x' ELSE 'y' END)",
            [("attribute", "owns", "x")],
            False,
        ),
    ],
)
def test_a_subscription_expression_admits(published, expression, entries, admitted):
    assert published(grant(expression), held={"ann": entries})["ann"] == (CLEAR if admitted else NOTHING)


@pytest.mark.parametrize(
    ("exceptions", "entries", "excepted"),
    [
        (Exceptions(), [("group", "", "hr")], False),
        (Exceptions("all"), [("group", "", "hr")], False),
        (groups("hr", "it"), [("group", "", "it")], True),
        (Exceptions("all", frozenset({"hr", "it"})), [("group", "", "it")], False),
        (Exceptions("all", frozenset({"hr"}), frozenset({Attribute("a", "b")})), [("group", "", "hr")], False),
        (
            Exceptions("all", frozenset({"hr"}), frozenset({Attribute("a", "b")}), expression="@username = 'ann'"),
            [("group", "", "hr"), ("attribute", "a", "b")],
            True,
        ),
        (Exceptions(attributes=frozenset({Attribute("a", "@schema.*")})), [("attribute", "a", "@schema.*")], True),
        (Exceptions(attributes=frozenset({Attribute("a", "@schema.*")})), [("attribute", "a", "raw.b")], False),
        (Exceptions(purposes=frozenset({"fraud"})), [("purpose", "", "fraud")], True),
        (Exceptions(expression="@isInGroups('x') OR NULL"), [], False),
        (Exceptions(expression="'a' = 5 OR @isInGroups('hr')"), [("group", "", "hr")], False),
    ],
)
def test_an_exception_holds_only_if_true(published, exceptions, entries, excepted):
    mask = MaskingPolicy("m", on("pii"), Constant("masked"), exceptions=exceptions)
    assert published(mask, held={"ann": entries})["ann"] == [[1, "clear" if excepted else "masked"]]


@pytest.mark.parametrize(
    ("entries", "shown"), [([("group", "", "hr")], "mask"), ([], "otherwise"), ([("group", "", "other")], "otherwise")]
)
def test_for_everyone_who_gives_one_of_two_masks(published, entries, shown):
    mask = MaskingPolicy(
        "m", on("pii"), Constant("mask"), for_everyone_who="@isInGroups('hr')", otherwise=Constant("otherwise")
    )
    assert published(mask, held={"ann": entries})["ann"] == [[1, shown]]


def test_for_everyone_who_is_null_where_it_is_unknown(published):
    mask = MaskingPolicy("m", on("pii"), Constant("a"), for_everyone_who="@username = NULL", otherwise=Constant("b"))
    assert published(mask, held={"ann": []})["ann"] == [[1, None]]


def test_rows_for_purposes_show_to_those_who_act_under_one(published):
    rows = RowPolicy("r", SALES, Purposes(frozenset({"fraud", "audit"})))
    seen = published(rows, held={"ann": [("purpose", "", "audit")], "bob": [("purpose", "", "other")]})
    assert seen == {"ann": CLEAR, "bob": NOTHING, "eve": NOTHING}


def test_the_first_mask_that_does_not_pass_decides(published):
    first = MaskingPolicy("first", on("pii"), Constant("first"), priority=2, exceptions=groups("a"))
    second = MaskingPolicy("second", on("pii"), Null(), priority=1, exceptions=groups("b"))
    both = [("group", "", "a"), ("group", "", "b")]
    seen = published(first, second, held={"ann": both, "bob": [("group", "", "a")], "eve": [("group", "", "b")]})
    assert seen == {"ann": CLEAR, "bob": [[1, None]], "eve": [[1, "first"]]}
