import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.oracle.builders import KEY, NOW, OPEN, TEXT, alice, columns, customers, world
from veil.model import (
    AppliesTo,
    Baseline,
    Column,
    Exceptions,
    MaskingPolicy,
    Match,
    Never,
    Null,
    Percent,
    Project,
    Purpose,
    Purposes,
    RowPolicy,
    Runtime,
    Sql,
    UserMatches,
    Where,
    World,
)
from veil.oracle import EffectiveAccess, acknowledgement_hash, effective, explain_json, explain_rows, explain_text, see

PII = AppliesTo(column_tags=frozenset({"pii"}))
SALES = AppliesTo(data_source_tags=frozenset({"domain.sales"}))
HIDE = MaskingPolicy("hide", PII, Null())
PROJECT = Project("team", frozenset({"alice"}), frozenset({KEY}), frozenset({"fraud"}))
FRAUD = Purpose("fraud", "I agree.")
UNDER_FRAUD = Exceptions(purposes=frozenset({"fraud"}))


def access(governed: World, **more: Any) -> EffectiveAccess:
    return effective(governed, "alice", KEY, now=NOW, **more)


def state(*things: Any, **more: Any) -> str:
    return access(world(*things), **more).columns["email"].state


def test_a_column_is_masked_or_clear() -> None:
    found = access(world(HIDE))
    assert (found.columns["email"].state, found.columns["email"].policies) == ("masked", ("hide",))
    assert found.columns["id"].state == "clear"
    assert (found.admitted, found.rows) == (True, "all")


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (replace(HIDE, exceptions=Exceptions(groups=frozenset({"analysts"}))), "clear"),
        (replace(HIDE, exceptions=Exceptions(groups=frozenset({"hr"}))), "masked"),
        (replace(HIDE, where="region = 'US'"), "sometimes"),
        (replace(HIDE, where="region = 'US' OR @isInGroups('analysts')"), "masked"),
        (replace(HIDE, where="region = 'US' AND @isInGroups('hr')"), "clear"),
        (replace(HIDE, where="@attributeValuesContains('none', region)"), "sometimes"),
        (replace(HIDE, where="@columnTagged('nowhere') = 'US'"), "masked"),
        (replace(HIDE, where="1 ="), "masked"),
        (replace(HIDE, staged=True), "clear"),
        (replace(HIDE, for_everyone_who="@isInGroups('hr')", otherwise=Null()), "masked"),
        (replace(HIDE, mask=Sql("CASE WHEN @columnReference('id') = 1 THEN @value ELSE 'x' END")), "sometimes"),
        (replace(HIDE, mask=Sql("LEFT(@value, 2)")), "masked"),
        (replace(HIDE, mask=Sql("@columnReference('email')")), "sometimes"),
        (replace(HIDE, mask=Sql("COALESCE(@columnReference('EMAIL'), 'x')")), "sometimes"),
        (replace(HIDE, mask=Sql("@columnReference('region')")), "masked"),
    ],
)
def test_a_where_or_an_exception_decides_when_it_shows(policy: MaskingPolicy, expected: str) -> None:
    assert state(policy) == expected


def test_a_lower_mask_covers_what_a_higher_one_lets_pass() -> None:
    first = replace(HIDE, name="first", priority=9, where="region = 'US'")
    found = access(world(first, HIDE)).columns["email"]
    assert (found.state, found.policies) == ("masked", ("first", "hide"))


def test_the_baseline_masks() -> None:
    assert access(world(baseline=Baseline(null_tags=frozenset({"pii"})))).columns["email"].state == "masked"


def test_what_a_user_may_bring_about_alone_is_no_protection() -> None:
    policy = replace(HIDE, exceptions=UNDER_FRAUD)
    assert state(policy) == "masked"
    assert state(policy, FRAUD, PROJECT) == "sometimes"
    assert state(policy, FRAUD, PROJECT, project="team") == "sometimes"
    assert state(policy, FRAUD, replace(PROJECT, members=frozenset({"bob"}))) == "masked"
    assert state(policy, FRAUD, replace(PROJECT, data_sources=frozenset())) == "masked"


def test_an_acknowledged_purpose_counts_in_its_project() -> None:
    policy = replace(HIDE, exceptions=UNDER_FRAUD)
    runtime = Runtime("alice", "team", {"fraud": acknowledgement_hash("I agree.")})
    governed = replace(world(policy, FRAUD, PROJECT), runtimes={"alice": runtime})
    assert access(governed, project="team").columns["email"].state == "clear"
    assert access(governed).columns["email"].state == "sometimes"


def test_of_a_source_that_shows_nothing_every_column_is_masked() -> None:
    for things in (
        (replace(OPEN, staged=True),),
        (RowPolicy("none", SALES, Never()),),
        (customers(policies=frozenset({"gone"})),),
        (customers(enabled=False),),
    ):
        found = access(world(*things))
        assert found.rows == "none"
        assert {each.state for each in found.columns.values()} == {"masked"}


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (RowPolicy("r", SALES, UserMatches((Match("geo", "territory"),))), "some"),
        (RowPolicy("r", SALES, UserMatches((Match("geo", "none"),))), "none"),
        (RowPolicy("r", SALES, UserMatches((Match("nowhere", "territory"),))), "none"),
        (RowPolicy("r", SALES, Where("1 = 1")), "all"),
        (RowPolicy("r", SALES, Where("@isInGroups('hr') AND region = 'US'")), "none"),
        (RowPolicy("r", SALES, Percent(Decimal(5))), "some"),
        (RowPolicy("r", SALES, Percent(Decimal(0))), "none"),
        (RowPolicy("r", SALES, Purposes(frozenset({"fraud"}))), "none"),
        (RowPolicy("r", SALES, Never(), exceptions=Exceptions(groups=frozenset({"analysts"}))), "all"),
        (RowPolicy("r", SALES, Never(), for_everyone_who="@isInGroups('hr')", otherwise=Where("1 = 1")), "all"),
    ],
)
def test_row_policies_show_all_some_or_no_rows(policy: RowPolicy, expected: str) -> None:
    found = access(world(policy, alice(territory="US")))
    assert (found.rows, found.row_policies) == (expected, ("r",))


def test_a_grant_that_waits_for_a_purpose_may_admit() -> None:
    grant = replace(OPEN, access="conditions", expression="@isUsingPurpose('fraud')")
    assert not access(world(grant)).admitted
    found = access(world(grant, FRAUD, PROJECT))
    assert (found.admitted, found.rows) == (True, "all")


def test_a_new_column_that_is_not_accepted_is_masked() -> None:
    source = customers(Column("new", TEXT, accepted=False), new_columns="null")
    assert access(world(source)).columns["new"].state == "masked"


def test_the_answer_agrees_with_rows_that_are_tried_out() -> None:
    source = customers(*columns(email=(TEXT, "pii"), region=TEXT))
    governed = world(source, replace(HIDE, where="region = 'US'"))
    rows = [{"email": "a", "region": each} for each in ("US", "FR", None)]
    outcomes = {row.decisions["email"].outcome for row in see(governed, "alice", KEY, rows, now=NOW, salts={}).rows}
    assert outcomes == {"masked", "clear"}
    assert access(governed).columns["email"].state == "sometimes"


def test_people_read_a_table() -> None:
    assert explain_text(access(world(HIDE, RowPolicy("r", SALES, Where("region = 'US'"))))) == (
        "alice on raw.customers\n"
        "\n"
        'Admitted: yes; subscription policy "open" grants access.\n'
        "Shows some rows, filtered by r.\n"
        "\n"
        "COLUMN  SHOWS   DECIDED BY  WHY\n"
        "id      clear   -           no mask applies to the user\n"
        "email   masked  hide        masked by hide\n"
        "region  clear   -           no mask applies to the user\n"
    )


def test_machines_read_json() -> None:
    found = json.loads(json.dumps(explain_json(access(world(HIDE, customers(policies=frozenset({"gone"})))))))
    assert found["closed"] == ['policy "gone" is listed and missing or staged']
    assert found["columns"]["email"]["masked"] is True


def test_rows_that_are_tried_out_are_explained_cell_by_cell() -> None:
    source = customers(*columns(email=(TEXT, "pii"), region=TEXT))
    governed = world(source, HIDE, RowPolicy("r", SALES, Where("region = 'US'")))
    rows = [{"email": "a", "region": "US"}, {"email": "b", "region": "F\nR"}]
    assert explain_rows(see(governed, "alice", KEY, rows, now=NOW, salts={})) == (
        "ROW  COLUMN  VALUE   DECIDED BY  WHY\n"
        "0    email   NULL    hide        the mask applies\n"
        "0    region  US      -           no mask covers the column\n"
        "1    -       hidden  r           a row policy does not show the row\n"
    )
