"""The metadata's JSON form of every governed object."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from veil import model
from veil.model import AppliesTo, Attribute, Exceptions, Match
from veil.model.codec import UnknownNameError, decode, encode

EVERYTHING = {
    "an integration": model.Integration(
        name="main", database="analytics", view_schema="governed", baseline=model.Baseline(frozenset({"pii", "a"}))
    ),
    "a data source": model.DataSource(
        schema="raw",
        table='Odd "name"',
        view_schema="governed",
        view_name="customers",
        columns=(
            model.Column("id", model.ColumnType(model.Family.INTEGER)),
            model.Column("ssn", model.ColumnType(model.Family.VARCHAR, 11), frozenset({"pii.ssn"}), "ünïcode", True),
        ),
        policies=frozenset({"b", "a"}),
    ),
    "a masking policy": model.MaskingPolicy(
        name="Robert'); DROP TABLE x;--",
        applies_to=AppliesTo(column_tags=frozenset({"pii"})),
        mask=model.Round(Decimal("0.10")),
        otherwise=model.Null(),
        exceptions=Exceptions(groups=frozenset({"hr"}), attributes=frozenset({Attribute("a\\b", 'c"d')})),
    ),
    "a row policy": model.RowPolicy(
        name="rows",
        applies_to=AppliesTo(all_data_sources=True),
        show=model.UserMatches((Match("geo", "territory"), Match("team")), "any"),
    ),
    "a subscription policy": model.SubscriptionPolicy("all", AppliesTo(), "everyone"),
    "a profile with names that look like ours": model.Profile("$", frozenset({"$"}), {"$": frozenset({"Profile"})}),
    "a subscription": model.Subscription("auditor", "raw.customers", datetime(2030, 1, 1, tzinfo=UTC)),
    "a profile": model.Profile("alice", frozenset({"hr"}), {"territory": frozenset({"US", "CA"})}),
    "a project": model.Project("fraud", frozenset({"alice"})),
}


@pytest.mark.parametrize("thing", EVERYTHING.values(), ids=EVERYTHING.keys())
def test_every_governed_object_survives_its_json_form(thing):
    assert decode(encode(thing)) == thing


def test_the_order_in_which_a_set_was_built_does_not_show_in_the_text():
    one = model.Profile("a", frozenset(["x", "y", "z"]))
    other = model.Profile("a", frozenset(["z", "y", "x"]))
    assert encode(one) == encode(other)


@pytest.mark.parametrize("name", ["Teleport", "World"])
def test_a_class_that_only_a_newer_version_stores_is_named(name: str):
    with pytest.raises(UnknownNameError, match=name):
        decode(f'{{"$":"{name}"}}')


def test_a_field_that_only_a_newer_version_knows_is_named():
    with pytest.raises(UnknownNameError, match="shoe_size"):
        decode('{"$":"Profile","user":"a","shoe_size":42}')


POLICY = '{"$":"SubscriptionPolicy","name":"n","applies_to":{"$":"AppliesTo"},"access":%s}'
NOTHING_OF_OURS = (
    "",
    "[]",
    "{}",
    "nonsense",
    '{"a":1}',
    "[" * 100_000,
    '{"$":["Profile"]}',
    '{"$":"Column","name":"a","type":{"$":"ColumnType","family":"integer"}}',
    '{"$":"Profile"}',
    '{"$":"Profile","user":5}',
    '{"$":"Profile","user":null}',
    '{"$":"Profile","user":"a","groups":{"a":1}}',
    '{"$":"Profile","user":"a","groups":[["a"]]}',
    '{"$":"Profile","user":"a","attributes":["a"]}',
    '{"$":"Profile","user":"\\ud800"}',
    '{"$":"Profile","user":"a\\u0000"}',
    '{"$":"Project","name":"a","masked_joins":"yes"}',
    '{"$":"Subscription","user":"a","data_source":"b","expires_at":"soon"}',
    '{"$":"Subscription","user":"a","data_source":"b","expires_at":"2030-01-01T00:00:00"}',
    POLICY % '"somebody"',
    POLICY % '{"$":"Never"}',
    '{"$":"RowPolicy","name":"n","applies_to":{"$":"AppliesTo"},"show":{"$":"Hash"}}',
    '{"$":"RowPolicy","name":"n","applies_to":{"$":"AppliesTo"},"show":{"$":"Percent","percent":"NaN"}}',
    '{"$":"RowPolicy","name":"n","applies_to":{"$":"AppliesTo"},"show":{"$":"Percent","percent":"half"}}',
    '{"$":"RowPolicy","name":"n","applies_to":{"$":"Attribute","name":"a","value":"b"},"show":{"$":"Never"}}',
)


@pytest.mark.parametrize("text", NOTHING_OF_OURS)
def test_text_that_is_not_metadata_is_a_value_error(text):
    with pytest.raises(ValueError) as caught:
        decode(text)
    assert not isinstance(caught.value, UnknownNameError)


def test_a_text_about_escapes_is_metadata_all_the_same():
    thing = model.Profile("a", frozenset({"\\ud800 \\u0000"}))
    assert decode(encode(thing)) == thing
