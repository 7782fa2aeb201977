"""HCL forms and governed forms of the parts that policies share."""

from decimal import Decimal

import pytest
from pydantic import ValidationError

from veil import model
from veil.model.audience import NOBODY
from veil.resources.hcl.audience import Exceptions, exceptions_from_model, exceptions_to_model
from veil.resources.hcl.baseline import BaselineModel
from veil.resources.hcl.left_out import drop_defaults
from veil.resources.hcl.masks import Mask
from veil.resources.hcl.rows import Show
from veil.resources.hcl.scope import AppliesTo
from veil.resources.row_policy import RowModel

MASKS = {
    "hash": ({"hash": {}}, model.Hash()),
    "constant": ({"constant": {"value": "REDACTED"}}, model.Constant("REDACTED")),
    "null": ({"null": {}}, model.Null()),
    "regex": ({"regex": {"pattern": "[0-9]", "replacement": "#"}}, model.Regex("[0-9]", "#")),
    "round": ({"round": {"bucket": Decimal(100)}}, model.Round(Decimal(100))),
    "truncate_date": ({"truncate_date": {"unit": "month"}}, model.TruncateDate("month")),
    "date_shift": ({"date_shift": {"days": 30}}, model.DateShift(30)),
    "categories": (
        {"categories": {"values": {"single", "married"}, "keep": Decimal(70)}},
        model.Categories(frozenset({"single", "married"}), Decimal(70)),
    ),
    "k_anonymity": (
        {"k_anonymity": {"k": 5, "with": {"zip", "birth_year"}}},
        model.KAnonymity(5, frozenset({"zip", "birth_year"})),
    ),
    "function": (
        {"function": {"name": "sec.fpe", "arguments": ["card"], "definitions": {"a" * 64}}},
        model.Function("sec.fpe", ("card",), frozenset({"a" * 64})),
    ),
    "email": ({"email": {}}, model.Email()),
    "partial": ({"partial": {"keep_last": 4}}, model.Partial(0, 4)),
    "noise": ({"noise": {"percent": Decimal(5)}}, model.Noise(Decimal(5))),
    "sql": ({"sql": {"expression": "LEFT(@value, 3)"}}, model.Sql("LEFT(@value, 3)")),
}

RULES = {
    "user_matches": (
        {"user_matches": [{"attribute": "territory", "column_tag": "Geo.Region"}], "operator": "any"},
        model.UserMatches((model.Match("geo.region", "territory"),), "any"),
    ),
    "user_matches by group": (
        {"user_matches": [{"group": True, "column_tag": "team"}]},
        model.UserMatches((model.Match("team"),)),
    ),
    "where": ({"where": "state = 'CA'"}, model.Where("state = 'CA'")),
    "value_in": (
        {"value_in": {"column_tag": "geo", "values": {"US"}}},
        model.ValueIn("geo", frozenset({"US"})),
    ),
    "value_not_in": (
        {"value_not_in": {"column_tag": "geo", "values": {"US"}}},
        model.ValueIn("geo", frozenset({"US"}), negated=True),
    ),
    "newer_than": ({"newer_than": {"days": 90}}, model.TimeWindow("newer", 90, "days")),
    "older_than": ({"older_than": {"years": 1}}, model.TimeWindow("older", 1, "years")),
    "purposes": ({"purposes": {"fraud"}}, model.Purposes(frozenset({"fraud"}))),
    "percent": ({"percent": Decimal(10)}, model.Percent(Decimal(10))),
    "never": ({"never": True}, model.Never()),
}


@pytest.mark.parametrize(("hcl", "governed"), MASKS.values(), ids=MASKS.keys())
def test_every_mask_becomes_its_governed_form_and_comes_back(hcl, governed):
    mask = Mask(**hcl)
    assert mask.to_model() == governed
    assert Mask.from_model(governed) == mask


@pytest.mark.parametrize(("hcl", "governed"), RULES.values(), ids=RULES.keys())
def test_every_row_rule_becomes_its_governed_form_and_comes_back(hcl, governed):
    show = Show(**hcl)
    assert show.to_model() == governed
    assert Show.from_model(governed).to_model() == governed


def test_a_scope_survives_the_way_there_and_back():
    scope = AppliesTo(column_tags={"PII"}, data_sources={"raw.*"}, operator="all", column_regex="^ssn")
    assert AppliesTo.from_model(scope.to_model()).to_model() == scope.to_model()
    assert scope.to_model().column_tags == {"pii"}


def test_a_scope_says_nothing_of_what_is_as_if_left_out():
    assert AppliesTo.from_model(model.AppliesTo(column_tags=frozenset({"pii"}))).model_fields_set == {"column_tags"}
    assert AppliesTo(all_columns=True).to_model() == model.AppliesTo(all_columns=True)
    excepted = exceptions_from_model(model.Exceptions(groups=frozenset({"hr"})))
    assert excepted is not None and excepted.model_fields_set == {"groups"}


def test_the_state_of_a_policy_loses_what_nobody_wrote():
    place = {
        "column_tags": ["pii"],
        "data_source_tags": [],
        "all_columns": False,
        "operator": "any",
        "column_regex": None,
    }
    left = dict.fromkeys(place) | {"column_tags": ["pii"]}
    assert drop_defaults({"name": "a", "applies_to": place}) == {"name": "a", "applies_to": left}
    assert drop_defaults({"name": "a", "applies_to": None}) == {"name": "a", "applies_to": None}
    exceptions = {"operator": "all", "groups": ["hr"], "attributes": [], "purposes": [], "expression": None}
    left = dict.fromkeys(exceptions) | {"operator": "all", "groups": ["hr"]}
    assert drop_defaults({"exceptions": exceptions}) == {"exceptions": left}


def test_exceptions_survive_the_way_there_and_back():
    exceptions = Exceptions(
        groups={"hr"}, attributes=[{"name": "clearance", "value": "high"}], expression="@isInGroups('a')"
    )
    governed = exceptions_to_model(exceptions)
    assert exceptions_to_model(exceptions_from_model(governed)) == governed


@pytest.mark.parametrize(
    "rule",
    [{"user_matches": []}, {"purposes": []}, {"value_in": {"column_tag": "geo", "values": []}}],
)
def test_a_rule_may_list_nothing(rule):
    assert Show.from_model(Show(**rule).to_model()) == Show(**rule)


def test_no_exceptions_and_an_empty_list_both_except_nobody():
    assert exceptions_to_model(None) == NOBODY
    assert exceptions_to_model(Exceptions(groups=[])).is_empty
    assert exceptions_from_model(NOBODY) is None


WRONG = {
    "two masks": (Mask, {"hash": {}, "null": {}}, "Given are hash and null"),
    "no mask": (Mask, {}, "None is given. Terraform leaves out keys that it does not know"),
    "a broken pattern": (Mask, {"regex": {"pattern": "(", "replacement": "x"}}, "cannot be used: a '\\)' is missing"),
    "a pattern that looks ahead": (Mask, {"regex": {"pattern": "a(?=b)", "replacement": "x"}}, "not part of POSIX"),
    "a tag with an empty part": (AppliesTo, {"column_tags": ["pii..email"]}, "a part between its dots is empty"),
    "a row rule's tag with an empty part": (
        Show,
        {"value_in": {"column_tag": ".geo", "values": ["x"]}},
        "a part between its dots is empty",
    ),
    "two rules": (Show, {"never": True, "percent": 5}, "Given are percent and never"),
    "never = false": (Show, {"never": False}, "never is true or absent"),
    "operator without matches": (Show, {"never": True, "operator": "any"}, "goes with user_matches"),
    "a match by both": (
        Show,
        {"user_matches": [{"attribute": "a", "group": True, "column_tag": "t"}]},
        "either attribute",
    ),
    "a span of two units": (Show, {"newer_than": {"days": 1, "hours": 1}}, "exactly one of: minutes"),
    "a replacement of two characters": (Mask, {"partial": {"replacement": "**"}}, "at most 1"),
    "a bucket of nothing": (Mask, {"round": {"bucket": 0}}, "greater than 0"),
    "a broken column regex": (AppliesTo, {"column_regex": "("}, "is not a regular expression"),
    "exceptions of nobody": (Exceptions, {"operator": "all"}, "exceptions is empty: none of groups, attributes"),
    "a baseline of nothing": (
        BaselineModel,
        {},
        "baseline is empty: none of null_tags, closed_tags, filter_column_tags is given",
    ),
    "an empty place": (AppliesTo, {}, "applies_to is empty"),
    "a group with a trailing blank": (Exceptions, {"groups": ["hr "]}, "ends in a space"),
    "a group with a control character": (Exceptions, {"groups": ["h\nr"]}, "control character"),
    "a column in single quotes": (Show, {"where": "'region' <> 'US'"}, "Did you mean the column region"),
    "columns in an audience": (Exceptions, {"expression": "ssn = 'x'"}, "ssn"),
}


@pytest.mark.parametrize(("form", "values", "message"), WRONG.values(), ids=WRONG.keys())
def test_what_cannot_mean_anything_is_refused_in_words(form, values, message):
    with pytest.raises(ValidationError, match=message):
        form(**values)


def test_a_row_policy_without_a_place_goes_by_the_tags_of_both_its_rules():
    tagged, plain = Show(where="@columnTagged('level') = 5"), Show(never=True)
    two = {"integration": "i", "name": "r", "for_everyone_who": "@isInGroups('hr')"}
    for show, otherwise in ((tagged, plain), (plain, tagged)):
        assert RowModel(show=show, otherwise=otherwise, **two).applies_to is None
    with pytest.raises(ValidationError, match="it uses none"):
        RowModel(show=plain, otherwise=plain, **two)
