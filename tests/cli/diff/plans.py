"""Plans as `terraform show -json` tells them, as far as veil reads them."""

import json
from pathlib import Path
from typing import Any

INTEGRATION = {
    "name": "main",
    "mode": "single_database",
    "database": "analytics",
    "view_schema": "governed",
    "schema_prefix": "immuta",
    "bootstrap": "automatic",
    "force_destroy": False,
    "id": "analytics/1",
    "status": "enabled",
    "validation_results": [],
    "superusers": [],
    "schema_version": 1,
    "drift": [],
}


def resource(address: str, before: Any, after: Any, unknown: Any = None) -> dict[str, Any]:
    """A change of one resource, by its attributes before and after."""
    is_integration = ".veil_integration." in f".{address}"
    common = {} if is_integration else {"integration": "analytics/1", "id": address, "drift": []}
    sides = [None if each is None else {**common, **each} for each in (before, after)]
    if sides[0] == sides[1] and not unknown:
        actions = ["no-op"]
    else:
        actions = ["create"] if sides[0] is None else ["delete"] if sides[1] is None else ["update"]
    return {
        "address": address,
        "mode": "managed",
        "type": address.split(".")[-2],
        "provider_name": "registry.terraform.io/veil-data/veil",
        "change": {"actions": actions, "before": sides[0], "after": sides[1], "after_unknown": unknown or {}},
    }


def plan(*changes: dict[str, Any], configuration: Any = None, **more: Any) -> dict[str, Any]:
    """A plan with an integration and these changes."""
    integration = resource("veil_integration.main", INTEGRATION, INTEGRATION)
    return {
        "format_version": "1.2",
        "planned_values": {},
        "resource_changes": [integration, *changes],
        "configuration": {"root_module": {"resources": configuration or []}},
        **more,
    }


def saved(folder: Path, told: object) -> str:
    """The path of a file with this JSON."""
    path = folder / "plan.json"
    path.write_text(json.dumps(told))
    return str(path)


def source(**more: Any) -> dict[str, Any]:
    """The attributes of a data source with a personal column."""
    return {
        "schema": "raw",
        "table": "customers",
        "view_schema": "governed",
        "view_name": "customers",
        "tags": [],
        "columns": {"email": {"tags": ["pii.email"], "description": None}},
        "policies": [],
        "new_columns": "hide",
        "reopen": [],
        "filter_columns": [],
        "enabled": True,
        **more,
    }


def place(**criteria: Any) -> dict[str, Any]:
    """Where a policy applies, as a plan tells it: with all defaults."""
    lists: dict[str, list[str]] = {each: [] for each in ("data_source_tags", "data_sources", "column_tags")}
    flags = dict.fromkeys(
        ("all_data_sources", "column_regex_case_insensitive", "all_columns", "untagged_columns"), False
    )
    return {**lists, **flags, "column_regex": None, "operator": "any", **criteria}


def masking(*excepted: str, mask: str = "hash", **more: Any) -> dict[str, Any]:
    """The attributes of a mask on personal columns."""
    nobody = {"operator": "any", "attributes": [], "purposes": [], "expression": None}
    exceptions = {**nobody, "groups": list(excepted)} if excepted else None
    return {
        "name": "emails",
        "priority": 0,
        "applies_to": place(column_tags=["pii"]),
        "mask": {mask: {}},
        "exceptions": exceptions,
        "staged": False,
        **more,
    }


def opened() -> dict[str, Any]:
    """The attributes of a grant to everybody."""
    return {
        "name": "open",
        "mode": "grant",
        "applies_to": place(all_data_sources=True),
        "access": "everyone",
        "staged": False,
    }


def profile(user: str, *groups: str) -> dict[str, Any]:
    return {"user": user, "groups": list(groups), "attributes": {}}


def same(address: str, values: dict[str, Any]) -> dict[str, Any]:
    """A resource that stays as it is."""
    return resource(address, values, values)


def people() -> list[dict[str, Any]]:
    """A data source that is open to three people."""
    return [
        same("veil_data_source.customers", source()),
        same("veil_subscription_policy.open", opened()),
        same("veil_user_profile.ann", profile("ann", "hr")),
        same("veil_user_profile.bob", profile("bob", "contractors")),
        same("veil_user_profile.cid", profile("cid", "contractors")),
    ]
