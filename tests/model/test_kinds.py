"""Every kind of governed object is declared once, and known to every part of veil that has
something to say of it.
"""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from importlib import import_module
from typing import Any, get_args

import pytest

from tests.governance.metadata.recording import reached
from tests.governance.metadata.samples import samples
from veil.governance.drift import BEYOND_DEFINITION
from veil.model import KINDS, Governed, Integration, Kind, Subscription, World
from veil.model.change import Put, apply, keys_of, lookup
from veil.model.kinds import POLICY_KINDS, Decides, KindSpec, key_of, kind_of, kinds_beside
from veil.model.stored_names import STORED_NAMES
from veil.resources.base import GovernedResource
from veil.resources.by_kind import RESOURCE_OF, resource_of
from veil.resources.exporting import Exportable
from veil.resources.provider import Veil

TABLES: Mapping[str, Mapping[Kind, Any]] = {"what is declared": KINDS, "how it drifts": BEYOND_DEFINITION}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES.keys())
def test_every_kind_has_an_entry(table: Mapping[Kind, Any]):
    assert set(table) == set(Kind)


@pytest.mark.parametrize("trait", [each.name for each in fields(KindSpec)])
def test_every_kind_says_something_of_every_trait(trait: str):
    optional = {"names"}
    assert [
        kind for kind, spec in KINDS.items() if trait not in optional and getattr(spec, trait) in (None, "", ())
    ] == []


def test_no_trait_of_a_kind_has_a_value_that_nobody_gave():
    assert [each.name for each in fields(KindSpec) if each.default is not MISSING] == []


@pytest.mark.parametrize("spec", KINDS.values(), ids=KINDS.keys())
def test_the_texts_of_every_kind_are_checked_before_they_are_stored(spec: KindSpec):
    for thing in samples(spec.type):
        said = {each.path[0]: each for each in thing.stored_texts()}
        assert said
        for attribute in {"name", "user", "schema", "table"} & {each.name for each in fields(thing)}:
            assert said[attribute].text == getattr(thing, attribute)
            assert said[attribute].check("a\0b") is not None


@pytest.mark.parametrize("kind", RESOURCE_OF)
def test_every_kind_that_a_resource_declares_says_how_it_is_imported_and_exported(kind: Kind):
    resource = resource_of(kind)
    assert resource.kind is kind
    assert resource.exported_to.endswith(".tf")
    assert type(resource).from_stored is not Exportable.from_stored
    assert resource.model.__doc__


def test_every_class_of_governed_object_is_of_one_kind():
    assert sorted(spec.type.__name__ for spec in KINDS.values()) == sorted(each.__name__ for each in get_args(Governed))


@pytest.mark.parametrize("trait", ["noun", "plural", "stored_name", "world_field"])
def test_no_two_kinds_are_called_alike(trait: str):
    called = [getattr(spec, trait) for spec in KINDS.values()]
    assert len(set(called)) == len(called)


def test_every_class_that_objects_are_made_of_has_one_name_in_what_is_stored():
    assert {each.__name__ for each in reached(Governed)} == {each.__name__ for each in STORED_NAMES}
    assert len(set(STORED_NAMES.values())) == len(STORED_NAMES)


def test_every_kind_has_a_field_of_the_world_and_every_field_but_what_was_found_is_of_a_kind():
    assert {spec.world_field for spec in KINDS.values()} == {each.name for each in fields(World)} - {
        "runtimes",
        "approvals",
        "functions",
        "lookups",
    }


def test_users_follow_from_the_kinds_that_decide_what_they_hold():
    nobody = KINDS[Kind.INTEGRATION].concerned
    assert {kind for kind, spec in KINDS.items() if spec.concerned is not nobody} == {
        kind for kind, spec in KINDS.items() if spec.decides is Decides.ENTRIES
    }


def test_every_kind_of_policy_decides_what_views_say():
    assert {KINDS[kind].decides for kind in POLICY_KINDS} == {Decides.VIEWS}


def test_masking_and_row_policies_share_their_names_and_nothing_else_does():
    assert kinds_beside(Kind.MASKING_POLICY) == (Kind.MASKING_POLICY, Kind.ROW_POLICY)
    assert kinds_beside(Kind.ROW_POLICY) == (Kind.ROW_POLICY, Kind.MASKING_POLICY)
    others = set(Kind) - {Kind.MASKING_POLICY, Kind.ROW_POLICY}
    assert {kinds_beside(kind) for kind in others} == {(kind,) for kind in others}


def test_the_provider_offers_the_resource_of_every_kind_and_besides_only_that_of_many_users():
    resources = [getattr(import_module(module), name) for module, name in (each.split(":") for each in Veil.resources)]
    assert sorted(each.type_name for each in resources) == sorted(
        [*(f"veil_{kind.value}" for kind, spec in KINDS.items() if spec.is_declared), "veil_user_profiles"]
    )
    assert [each.kind for each in resources if issubclass(each, GovernedResource)] == [
        kind for kind in RESOURCE_OF if kind is not Kind.INTEGRATION
    ]


def test_an_object_is_found_by_its_kind_and_key():
    integration, subscription = Integration("main", "analytics", "governed"), Subscription("alice", "raw.customers")
    world = apply(World(integration), Put(subscription))
    for thing in (integration, subscription):
        assert lookup(world, kind_of(thing), key_of(thing)) is thing
        assert list(keys_of(world, kind_of(thing))) == [key_of(thing)]
    assert lookup(world, Kind.INTEGRATION, "another") is None
