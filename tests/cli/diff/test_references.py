"""Which data sources an attribute names whose ids are known after the apply."""

from collections.abc import Mapping
from typing import Any

import pytest

from veil.cli.diff.references import Configuration, Named

ALL = "veil_data_source.all"
INSTANCES = (
    "veil_data_source.new",
    f'{ALL}["a"]',
    f'{ALL}["b.c"]',
    "veil_data_source.each[0]",
    "veil_data_source.each[1]",
    "module.lake.veil_data_source.new",
    'module.many["x"].veil_data_source.new',
    'module.many["y"].veil_data_source.new',
)


def refers(*references: str) -> Mapping[str, Any]:
    return {"references": list(references)}


def subscription(*references: str, **more: Any) -> Mapping[str, Any]:
    return {"address": "veil_subscription.s", "expressions": {"data_source": refers(*references)}, **more}


def named(address: str, *references: str, root: Mapping[str, Any] | None = None, **more: Any) -> Named | None:
    configuration = {"resources": [subscription(*references, **more)], **(root or {})}
    return Configuration(configuration, INSTANCES).named(address, "data_source")


EACH = {"for_each_expression": refers(ALL)}


@pytest.mark.parametrize(
    ("address", "references", "more", "found"),
    [
        ("veil_subscription.s", ("veil_data_source.new.id", "veil_data_source.new"), {}, "veil_data_source.new"),
        ("veil_subscription.s", (f'{ALL}["a"].id', f'{ALL}["a"]', ALL), {}, f'{ALL}["a"]'),
        ('veil_subscription.s["b.c"]', (ALL, "each.key"), {}, f'{ALL}["b.c"]'),
        ("veil_subscription.s[1]", ("veil_data_source.each", "count.index"), {}, "veil_data_source.each[1]"),
        ('veil_subscription.s["a"]', ("each.value.id", "each.value"), EACH, f'{ALL}["a"]'),
    ],
)
def test_an_instance_is_found_by_its_reference(
    address: str, references: tuple[str, ...], more: Mapping[str, Any], found: str
):
    assert named(address, *references, **more) == Named(frozenset({found}))


@pytest.mark.parametrize(
    ("address", "references", "more"),
    [
        ("veil_subscription.s", ("local.chosen",), {}),
        ("veil_subscription.s", (), {}),
        ("veil_subscription.s", ("veil_data_source.new.view_name", "veil_data_source.new"), {}),
        ("veil_subscription.s", ("data.veil_integration.x.id", "data.veil_integration.x"), {}),
        ('veil_subscription.s["z"]', (ALL, "each.key"), {}),
        ('veil_subscription.s["a"]', (ALL, "each.key", "var.suffix"), {}),
        ('veil_subscription.s["a"]', ("each.value",), {"for_each_expression": refers("local.some")}),
        ("veil_subscription.other", ("veil_data_source.new.id", "veil_data_source.new"), {}),
    ],
)
def test_what_the_plan_does_not_tell_is_not_guessed(address: str, references: tuple[str, ...], more: Mapping[str, Any]):
    assert named(address, *references, **more) is None


def test_a_local_value_is_taken_for_the_only_data_source_that_a_plan_makes():
    configuration = {"resources": [subscription("local.chosen")]}
    for made, found in (
        ((), None),
        (("veil_data_source.new", "veil_data_source.each[0]"), None),
        (
            ("veil_data_source.new",),
            Named(frozenset({"veil_data_source.new"}), through="local.chosen"),
        ),
    ):
        assert Configuration(configuration, INSTANCES, made).named("veil_subscription.s", "data_source") == found


def test_an_expression_through_all_instances_names_perhaps_some_of_them_only():
    assert named("veil_subscription.s", ALL) == Named(frozenset({f'{ALL}["a"]', f'{ALL}["b.c"]'}), ALL)


LAKE = {
    "module_calls": {
        "lake": {
            "module": {"outputs": {"id": {"expression": refers("veil_data_source.new.id", "veil_data_source.new")}}}
        },
        "many": {
            "for_each_expression": {},
            "module": {"outputs": {"id": {"expression": refers("veil_data_source.new.id", "veil_data_source.new")}}},
        },
        "people": {
            "for_each_expression": refers(ALL),
            "expressions": {
                "source": refers("each.value.id", "each.value"),
                "other": refers("module.lake.id", "module.lake"),
            },
            "module": {
                "resources": [
                    subscription("var.source"),
                    {**subscription("var.other"), "address": "veil_subscription.t"},
                    {
                        **subscription("veil_data_source.new.id", "veil_data_source.new"),
                        "address": "veil_subscription.u",
                    },
                ]
            },
        },
    }
}


@pytest.mark.parametrize(
    ("address", "references", "found"),
    [
        ("veil_subscription.s", ("module.lake.id", "module.lake"), "module.lake.veil_data_source.new"),
        (
            "veil_subscription.s",
            ('module.many["y"].id', 'module.many["y"]', "module.many"),
            'module.many["y"].veil_data_source.new',
        ),
        ("veil_subscription.s", ("module.many", "each.key"), None),
        ('module.people["a"].veil_subscription.s', (), f'{ALL}["a"]'),
        ('module.people["a"].veil_subscription.t', (), "module.lake.veil_data_source.new"),
        ('module.people["a"].veil_subscription.u', (), None),
    ],
)
def test_what_goes_into_a_module_and_comes_out_of_one_is_followed(
    address: str, references: tuple[str, ...], found: str | None
):
    expected = None if found is None else Named(frozenset({found}))
    assert named(address, *references, root=LAKE) == expected
