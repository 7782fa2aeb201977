"""Which attributes make something else of a resource: these and no other replace it."""

from importlib import import_module

from veil.plugin.schema.derive import derive_schema
from veil.resources.provider import Veil

REPLACING = {
    "veil_integration": {"mode", "database", "source_database", "schema_prefix"},
    "veil_data_source": {"integration", "schema", "table"},
    "veil_subscription_policy": {"integration"},
    "veil_subscription": {"integration", "user", "data_source"},
    "veil_access_refusal": {"integration", "user", "data_source"},
    "veil_masking_policy": {"integration"},
    "veil_row_policy": {"integration"},
    "veil_user_profile": {"integration", "user"},
    "veil_user_profiles": {"integration"},
    "veil_purpose": {"integration"},
    "veil_project": {"integration"},
    "veil_impersonation": {"integration", "user"},
}


def resources():
    for reference in Veil.resources:
        module, _, name = reference.partition(":")
        yield getattr(import_module(module), name)


def test_only_what_the_design_names_replaces_a_resource():
    found = {}
    for resource in resources():
        attributes = derive_schema(resource.model).attributes
        found[resource.type_name] = {name for name, each in attributes.items() if each.requires_replace}
        inside = [name for name, each in attributes.items() if each.nested and replaces_inside(each.nested)]
        assert inside == [], resource.type_name
    assert found == REPLACING


def replaces_inside(nested) -> bool:
    return any(
        each.requires_replace or (each.nested is not None and replaces_inside(each.nested))
        for each in nested.attributes.values()
    )


def test_ids_are_known_in_every_plan_of_an_update():
    for resource in resources():
        identifier = derive_schema(resource.model).attributes["id"]
        assert identifier.computed and identifier.inputs == ()
