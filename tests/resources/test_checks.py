"""Every check across attributes speaks up while all that it does not read is unknown, as in a first
apply.

A check that waited for `integration` would pass `validate` and `plan`, and refuse a policy after
the data sources that it was to protect had been published.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from veil.plugin import UNKNOWN, Model
from veil.plugin.calls.registry import Registry
from veil.plugin.schema.bindings import Binding
from veil.plugin.schema.derive import derive_schema
from veil.plugin.schema.objects import ObjectBinding, bind_model
from veil.plugin.schema.validation import validate
from veil.resources.provider import ProviderModel, Veil

HASH = {"hash": {}}
NEVER = {"never": True}
PLACE = {"column_tags": ["pii"]}

WRONG: dict[str, list[tuple[dict[str, Any], str]]] = {
    "masking_policy.MaskingModel._masks_columns": [
        ({"applies_to": {"data_source_tags": ["hr"]}}, "a mask needs columns"),
        ({"applies_to": {"data_sources": UNKNOWN, "data_source_tags": ["hr"]}}, "a mask needs columns"),
    ],
    "masking_policy.MaskingModel._both_sides": [
        ({"for_everyone_who": "@isInGroups('hr')"}, "for_everyone_who and otherwise go together"),
        ({"otherwise": {"constant": {"value": UNKNOWN}}}, "for_everyone_who and otherwise go together"),
    ],
    "masking_policy.MaskingModel._no_exceptions": [
        ({"for_everyone_who": "@isInGroups('hr')", "exceptions": {"groups": [UNKNOWN]}}, "excludes exceptions"),
    ],
    "row_policy.RowModel._both_sides": [({"otherwise": NEVER}, "for_everyone_who and otherwise go together")],
    "row_policy.RowModel._no_exceptions": [
        ({"for_everyone_who": "@isInGroups('hr')", "exceptions": {"groups": ["a"]}}, "excludes exceptions"),
    ],
    "row_policy.RowModel._has_a_place": [
        ({"show": NEVER}, "it uses none"),
        ({"show": {"percent": UNKNOWN, "where": None}, "otherwise": {"where": "id = 1"}}, "it uses none"),
    ],
    "subscription_policy.SubscriptionPolicyModel._expression_goes_with_conditions": [
        ({"access": "conditions"}, "give both or neither"),
        ({"access": "everyone", "expression": "@isInGroups('hr')"}, "give both or neither"),
    ],
    "subscription_policy.SubscriptionPolicyModel._approval_goes_with_approval": [
        ({"access": "everyone", "approval": {"groups": ["stewards"]}}, "alone"),
        ({"access": "individual", "approval": {"groups": UNKNOWN}}, "alone"),
    ],
    "subscription_policy.Approval._somebody": [
        ({}, "approval names nobody"),
        ({"groups": []}, "approval names nobody"),
    ],
    "subscription_policy.ApprovalLength._one_unit": [
        ({}, "None is given"),
        ({"days": 1, "hours": 2, "minutes": UNKNOWN}, "Given are hours and days"),
        ({"days": 3651}, "3650 days at most"),
    ],
    "purpose.PurposeModel._parts_have_names": [({"name": "fraud..cards"}, "a part without a name")],
    "purpose.PurposeModel._has_a_text": [({"name": "fraud"}, "needs an acknowledgement")],
    "project.ProjectModel._salt_can_be_named": [({"name": "n" * 1001, "masked_joins": True}, "at most 1000 bytes")],
    "impersonation.ImpersonationModel._one_kind": [
        ({"all": True, "as_users": [UNKNOWN]}, "either as_users or all"),
        ({"all": False}, "either as_users or all"),
    ],
    "user_profiles.UserProfilesModel._from_one_place": [
        ({}, "Neither is given"),
        ({"users": {}, "file": "f"}, "Both are given"),
    ],
    "user_profiles.UserProfilesModel._columns_of_a_file": [
        ({"users": {}, "columns": {"user": "login"}}, "no file is given"),
        ({"users": UNKNOWN, "columns": {"user": "login"}}, "no file is given"),
    ],
    "people.holding.HeldModel._ends_of_what_is_held": [
        (
            {"groups": ["hr"], "expires": {"groups": {"HR": "2027-01-01T00:00:00Z"}}},
            "gives the group 'HR' an end, and the user does not hold it",
        ),
        (
            {"attributes": {"t": ["US"]}, "expires": {"attributes": {"t": {"FR": "2027-01-01T00:00:00Z"}}}},
            "gives the value 'FR' of the attribute 't' an end",
        ),
    ],
    "user_profile.UserProfileModel._ends_of_what_is_held": [
        ({"user": "a", "expires": {"groups": {"hr": "2027-01-01T00:00:00Z"}}}, "gives the group 'hr' an end"),
    ],
    "user_profiles.ColumnsModel._lets_somebody_through": [
        ({"user": "login", "only": {"status": []}}, "no line would count"),
    ],
    "integration.IntegrationModel._databases_fit_the_mode": [
        ({"mode": "multi_database", "database": "db"}, "Set source_database to that one"),
        ({"mode": "multi_database", "database": UNKNOWN}, "Set source_database to that one"),
        ({"mode": "spectrum", "source_database": "raw", "database": UNKNOWN}, "leave source_database out"),
        ({"mode": "multi_database", "source_database": "DB", "database": "db"}, "Set source_database to another one"),
    ],
    "integration.IntegrationModel._monitors_schemas_of_others": [
        ({"monitored_schemas": ["raw", "Immuta_System"]}, "one of veil's own schemas"),
        ({"schema_prefix": "acme", "monitored_schemas": ["acme_system"]}, "It has no tables to govern"),
    ],
    "integration.IntegrationModel._views_are_apart": [
        ({"schema_prefix": "acme", "view_schema": "acme_system"}, "one of veil's own schemas"),
    ],
    "credentials.TemporaryCredentials._one_place": [
        ({}, "either cluster_identifier or workgroup"),
        ({"cluster_identifier": "c", "workgroup": "w"}, "either cluster_identifier or workgroup"),
    ],
    "credentials.TemporaryCredentials._a_workgroup_has_no_user": [
        ({"workgroup": "w", "db_user": "u"}, "has no db_user")
    ],
    "credentials.TemporaryCredentials._a_workgroup_creates_no_user": [
        ({"workgroup": "w", "auto_create": True}, "no auto_create")
    ],
    "hcl.masks.Mask._one_kind": [
        ({}, "None is given"),
        ({"hash": {}, "null": {}, "sql": UNKNOWN}, "Given are hash and null"),
        ({"constant": {"value": UNKNOWN}, "round": {"bucket": UNKNOWN}}, "Given are constant and round"),
    ],
    "hcl.rows.Show._one_kind": [
        ({}, "None is given"),
        ({"never": True, "where": "id = 1", "percent": UNKNOWN}, "Given are where and never"),
    ],
    "hcl.rows.Show._operator_combines_matches": [({"operator": "any"}, "goes with user_matches only")],
    "hcl.rows.Show._never_is_no_switch": [({"never": False}, "never is true or absent")],
    "hcl.rows.UserMatch._one_side": [
        ({"group": True, "attribute": "a"}, "either attribute"),
        ({"group": False}, "either attribute"),
    ],
    "hcl.rows.TimeSpan._one_unit": [
        ({}, "None is given"),
        ({"days": 1, "hours": 2, "years": UNKNOWN}, "Given are hours and days"),
    ],
    "hcl.scope.AppliesTo._names_a_place": [
        ({}, "applies_to is empty"),
        ({"column_tags": [], "all_columns": False}, "is empty"),
    ],
    "hcl.audience.Exceptions._names_somebody": [({}, "exceptions is empty")],
    "hcl.baseline.BaselineModel._says_something": [({}, "baseline is empty")],
}
"""By check: what it refuses. Where a value is left out it is null; what the check does not read is
unknown.
"""


def models() -> dict[str, type[Model]]:
    """Every model of the provider, those inside of others too."""
    registry = Registry(Veil())
    parts = [*registry.resources().values(), *registry.data_sources().values()]
    found: dict[str, type[Model]] = {}
    for binding in (bind_model(each) for each in (ProviderModel, *(part.model for part in parts))):
        found |= {
            f"{each.__module__.removeprefix('veil.resources.')}.{each.__name__}": each for each in inside(binding)
        }
    return found


def inside(binding: Binding) -> Iterator[type[Model]]:
    if isinstance(binding, ObjectBinding):
        yield binding.model
        for _, inner in binding.fields.values():
            yield from inside(inner)
    elif element := getattr(binding, "element", None):
        yield from inside(element)


MODELS = models()
CHECKS = {
    f"{name}.{check}": (model, each) for name, model in MODELS.items() for check, each in model.__checks__.items()
}


def test_every_check_has_an_example():
    assert CHECKS.keys() == WRONG.keys()


@pytest.mark.parametrize(("name", "values", "told"), [(name, *each) for name, all_ in WRONG.items() for each in all_])
def test_a_check_needs_nothing_but_what_it_reads(name: str, values: dict[str, Any], told: str):
    model, check = CHECKS[name]
    attributes = derive_schema(model).attributes
    names = {model.model_fields[each].alias or each for each in check.reads}
    only_computed = {each.name for each in attributes.values() if each.computed and not each.optional}
    config = dict.fromkeys(attributes, UNKNOWN) | dict.fromkeys(names | only_computed) | shaped(model, values)
    assert any(told in each.detail for each in validate(model, attributes, config)), values


@pytest.mark.parametrize("name", CHECKS)
def test_no_check_judges_what_is_not_known(name: str):
    model, _ = CHECKS[name]
    attributes = derive_schema(model).attributes
    only_computed = {each.name for each in attributes.values() if each.computed and not each.optional}
    assert validate(model, attributes, dict.fromkeys(attributes, UNKNOWN) | dict.fromkeys(only_computed)) == []


def shaped(model: type[Model], values: dict[str, Any]) -> dict[str, Any]:
    """Values with null for all that is left out inside of them, as Terraform sends it."""
    fields = bind_model(model).fields
    return {name: completed(fields[name][1], value) for name, value in values.items()}


def completed(binding: Binding, value: Any) -> Any:
    if isinstance(binding, ObjectBinding) and isinstance(value, dict):
        given = {name: completed(binding.fields[name][1], each) for name, each in value.items()}
        return dict.fromkeys(binding.fields) | given
    element = getattr(binding, "element", None)
    if isinstance(value, list) and element:
        return [completed(element, each) for each in value]
    if isinstance(value, dict) and element:
        return {key: completed(element, each) for key, each in value.items()}
    return value


ELEMENTS = [
    ("veil_data_source", {"columns": {"a": {"tags": UNKNOWN}, "b": {"tags": [UNKNOWN, "pii..x"]}}}, "cannot be a tag"),
    ("veil_data_source", {"tags": ["ok", UNKNOWN, "."]}, "cannot be a tag"),
    ("veil_data_source", {"policies": [UNKNOWN, "p "]}, "ends in a space"),
    ("veil_masking_policy", {"exceptions": {"groups": [UNKNOWN, "hr "]}}, "ends in a space"),
    ("veil_masking_policy", {"exceptions": {"attributes": [UNKNOWN, {"name": "a", "value": "b "}]}}, "ends in a space"),
    ("veil_masking_policy", {"applies_to": {"column_tags": UNKNOWN, "column_regex": "("}}, "not a regular expression"),
    ("veil_row_policy", {"show": {"user_matches": [UNKNOWN, {"group": True, "attribute": "a"}]}}, "either attribute"),
    ("veil_row_policy", {"show": {"where": "id = "}, "otherwise": UNKNOWN}, "id ="),
    ("veil_user_profile", {"attributes": {"a ": UNKNOWN}}, "ends in a space"),
    ("veil_user_profile", {"attributes": {"a": UNKNOWN, "b": ["x ", UNKNOWN]}}, "ends in a space"),
    ("veil_user_profiles", {"users": {"u": {"attributes": {"a ": UNKNOWN}}}}, "ends in a space"),
    ("veil_user_profiles", {"users": {"": UNKNOWN}}, "Redshift user"),
    ("veil_project", {"members": [UNKNOWN, ""], "data_sources": [UNKNOWN]}, "Redshift user"),
    ("veil_impersonation", {"as_users": [UNKNOWN, ""]}, "Redshift user"),
    ("data.veil_catalog_tags", {"table_names": [UNKNOWN, "customers"]}, "not a table of a schema"),
]


@pytest.mark.parametrize(("type_name", "values", "told"), ELEMENTS)
def test_elements_are_judged_beside_what_is_unknown(type_name: str, values: dict[str, Any], told: str):
    registry = Registry(Veil())
    kind, _, name = type_name.rpartition(".")
    definition = registry.data_source(name) if kind else registry.resource(name)
    attributes = definition.schema.attributes
    only_computed = {each.name for each in attributes.values() if each.computed and not each.optional}
    config = dict.fromkeys(attributes, UNKNOWN) | dict.fromkeys(only_computed) | shaped(definition.model, values)
    assert any(told in each.detail for each in validate(definition.model, attributes, config)), type_name
