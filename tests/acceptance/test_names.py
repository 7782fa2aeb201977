"""Names that look like SQL, like format strings, like anything but names: taken as they are or
refused in words.
"""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
import redshift_connector

from tests.acceptance.conftest import PASSWORD, Database
from tests.acceptance.terraform import Workspace

NAMES = (
    "Robert'); DROP TABLE x;--",
    'a"b',
    "back\\slash",
    "trailing\\",
    "ünïcode 表 🙂",
    "n" * 127,
    "$$",
    "$1 %s %(x)s {0} :a",
    "/* */ -- #",
    "select",
    "MiXed Case",
    "'",
    '"',
    "@isInGroups",
)
"""As group, attribute, value, tag, policy, purpose, project, description, constant, user, table and
column.
"""

ROW = " (rows)"
"""Masking and row policies share their names."""

SHORT = {name: f"x{index}" for index, name in enumerate(NAMES)}
"""Addresses in Terraform, which are no business of ours."""


def identifier(name: str) -> str:
    """The name of the user, table and column. Redshift folds them, quoted or not; the embedded
    engine takes 63 bytes.
    """
    return name.lower()[:63]


def quoted(name: str) -> str:
    name = identifier(name)
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def hcl(value: str) -> str:
    """A text as a string of Terraform's JSON, where ${ and %{ would begin a template."""
    return value.replace("${", "$${").replace("%{", "%%{")


def key_tag(name: str) -> str:
    return f"key of {name}"


def resources(name: str) -> dict[str, dict[str, Any]]:
    """One of everything under one name."""
    short, long, name = SHORT[name], name, hcl(name)
    user = hcl(identifier(long))
    integration = "${veil_integration.main.id}"
    return {
        "veil_data_source": {
            "integration": integration,
            "schema": "raw",
            "table": hcl(identifier(long)),
            "tags": [name],
            "columns": {hcl(identifier(long)): {"tags": [name], "description": name}, "key": {"tags": [key_tag(name)]}},
            "description": name,
        },
        "veil_masking_policy": {
            "integration": integration,
            "name": name,
            "description": name,
            "applies_to": {"column_tags": [name]},
            "mask": {"constant": {"value": name}},
            "exceptions": {"groups": [name]},
        },
        "veil_row_policy": {
            "integration": integration,
            "name": name + ROW,
            "description": name,
            "applies_to": {"data_source_tags": [name]},
            "show": {"user_matches": [{"attribute": name, "column_tag": key_tag(name)}]},
        },
        "veil_subscription_policy": {
            "integration": integration,
            "name": name,
            "description": name,
            "applies_to": {"data_source_tags": [name]},
            "access": "conditions",
            "expression": hcl(f"@hasAttribute({text(name)}, {text(name)}) OR @isInGroups({text(name)})"),
        },
        "veil_user_profile": {"integration": integration, "user": user, "groups": [name], "attributes": {name: [name]}},
        "veil_purpose": {"integration": integration, "name": name, "acknowledgement": name, "description": name},
        "veil_project": {
            "integration": integration,
            "name": name,
            "description": name,
            "members": [user],
            "data_sources": [f"${{veil_data_source.{short}.id}}"],
            "purposes": [f"${{veil_purpose.{short}.name}}"],
        },
        "veil_subscription": {
            "integration": integration,
            "user": user,
            "data_source": f"${{veil_data_source.{short}.id}}",
        },
    }


def configuration(database: Database) -> dict[str, Any]:
    everything: dict[str, dict[str, Any]] = {
        "veil_integration": {"main": {"name": "main", "database": database.name, "view_schema": "governed"}}
    }
    for name in NAMES:
        for kind, body in resources(name).items():
            everything.setdefault(kind, {})[SHORT[name]] = body
    everything["veil_user_profile"]["alice"] = {
        "integration": "${veil_integration.main.id}",
        "user": "alice",
        "attributes": {hcl(name): [hcl(name)] for name in NAMES},
    }
    return {
        "terraform": {"required_providers": {"veil": {"source": "veil-data/veil"}}},
        "provider": {"veil": {"engine": "local", "database": database.name}},
        "resource": everything,
    }


def as_user(database: Database, user: str, *statements: str) -> list[Any]:
    connection = redshift_connector.connect(
        host=database.address.host,
        port=database.address.port,
        database=database.name,
        user=user,
        password=PASSWORD,
        ssl=False,
    )
    with connection, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, ())
        return [tuple(row) for row in cursor.fetchall()]


@pytest.fixture(scope="module")
def place(new_database: Callable[[], Database], new_workspace: Callable[[], Workspace]) -> tuple[Database, Workspace]:
    database, workspace = new_database(), new_workspace()
    for name in NAMES:
        database.run(
            f"CREATE USER {quoted(name)} PASSWORD '{PASSWORD}'",
            f'CREATE TABLE "raw".{quoted(name)} ({quoted(name)} VARCHAR(200), key VARCHAR(200))',
            f"INSERT INTO \"raw\".{quoted(name)} VALUES ('secret', {text(name)}), ('other', 'other')",
        )
    workspace.write(json.dumps(configuration(database), indent=1), "main.tf.json")
    assert (done := workspace.apply()), done.text
    return database, workspace


@pytest.mark.parametrize("name", NAMES)
def test_it_masks_filters_and_admits(place: tuple[Database, Workspace], name: str):
    database, _ = place
    rows = f"SELECT {quoted(name)}, key FROM governed.{quoted(name)}"
    assert as_user(database, "alice", rows) == [(name, name)]
    assert as_user(database, identifier(name), rows) == [("secret", name)]


@pytest.mark.parametrize("name", NAMES)
def test_it_can_be_acted_under(place: tuple[Database, Workspace], name: str):
    database, _ = place
    database.run(
        "CREATE OR REPLACE VIEW public.held AS SELECT * FROM immuta_system.user_entry WITH NO SCHEMA BINDING",
        "GRANT SELECT ON public.held TO PUBLIC",
    )
    held = as_user(
        database,
        identifier(name),
        f"CALL immuta_procedures.switch_project({text(name)})",
        f"CALL immuta_procedures.acknowledge_purpose({text(name)}, {text(name)})",
        "SELECT kind, name, value FROM public.held ORDER BY kind",
    )
    source = next(row[2] for row in held if row[0] == "project_source")
    assert held == [
        ("attribute", name, name),
        ("caller", "alone", identifier(name)),
        ("current_project", "", name),
        ("group", "", name),
        ("project_source", "", source),
        ("purpose", "", name),
        ("subscription", "", source),
    ]


def test_nothing_else_was_made_or_lost(place: tuple[Database, Workspace]):
    database, workspace = place
    assert (planned := workspace.plan()).code == 0, planned.text
    stored = database.query("SELECT kind, name FROM immuta_system.object")
    for kind in ("masking_policy", "row_policy", "subscription_policy", "purpose", "project"):
        assert {name.removesuffix(ROW) for each, name in stored if each == kind} == set(NAMES)
    assert database.query('SELECT COUNT(*) FROM "raw".customers') == [(4,)]


def test_it_is_shown_as_it_is(place: tuple[Database, Workspace]):
    _, workspace = place
    for name in NAMES:
        assert workspace.state(f"veil_masking_policy.{SHORT[name]}")["mask"]["constant"]["value"] == name


def test_it_can_be_imported_and_destroyed(place: tuple[Database, Workspace], new_workspace: Callable[[], Workspace]):
    database, workspace = place
    other = new_workspace()
    imports = [{"to": "veil_integration.main", "id": "main"}, {"to": "veil_user_profile.alice", "id": "alice"}]
    for name in NAMES:
        source = f"governed.{quoted(name)}"
        user = identifier(name)
        names = {"veil_data_source": source, "veil_subscription": f"{user}/{source}", "veil_user_profile": user}
        names["veil_row_policy"] = name + ROW
        imports += [{"to": f"{kind}.{SHORT[name]}", "id": hcl(names.get(kind, name))} for kind in resources(name)]
    other.write(json.dumps(configuration(database) | {"import": imports}, indent=1), "main.tf.json")
    planned = other.plan()
    assert f"Plan: {len(imports)} to import, 0 to add, 0 to change, 0 to destroy." in planned.text, planned.text

    assert (done := workspace.destroy()), done.text
    assert database.query("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'immuta%'") == []
    assert database.query('SELECT COUNT(*) FROM "raw".customers') == [(4,)]


LONG = "x" * 1025
HELD: dict[str, Any] = {"user": "somebody"}
POLICY: dict[str, Any] = {"applies_to": {"column_tags": ["a"]}, "mask": {"null": {}}}
MAIN: dict[str, Any] = {"name": "main", "database": "d", "view_schema": "governed"}
SOURCE: dict[str, Any] = {"schema": "raw", "table": "customers"}
SPACE, UNSEEN = "it ends in a space", "the invisible character U+200B"
ONE: dict[str, Any] = {"data_source": "x", "user": "somebody"}
REFUSED: dict[str, tuple[str, dict[str, Any], str]] = {
    "an empty user": ("veil_user_profile", {"user": ""}, "it is empty"),
    "a user of 128 bytes": ("veil_user_profile", {"user": "ü" * 64}, "it is 128 bytes long, Redshift allows 127"),
    "a user with a tab": ("veil_user_profile", {"user": "a\tb"}, "it contains a control character"),
    "a user with a blank": ("veil_user_profile", {"user": "dan "}, f"'dan ' cannot be a Redshift user: {SPACE}"),
    "a user whom nobody reads": ("veil_user_profile", {"user": "d\u200ban"}, UNSEEN),
    "a user with a NUL": ("veil_user_profile", {"user": "d\0an"}, "it contains a control character"),
    "one of many users": ("veil_user_profiles", {"users": {"dan ": {}}}, SPACE),
    "one of many groups": ("veil_user_profiles", {"users": {"dan": {"groups": ["a\u200bb"]}}}, UNSEEN),
    "a subscribed user": ("veil_subscription", ONE | {"user": "dan "}, SPACE),
    "a member": ("veil_project", {"name": "p", "members": ["dan "]}, SPACE),
    "a project's purpose": ("veil_project", {"name": "p", "purposes": ["fraud "]}, SPACE),
    "who impersonates": ("veil_impersonation", {"user": "dan ", "all": True}, SPACE),
    "who is impersonated": ("veil_impersonation", {"user": "dan", "as_users": ["d\u200ban"]}, UNSEEN),
    "an empty group": ("veil_user_profile", HELD | {"groups": [""]}, "An empty string cannot name anything"),
    "a trailing blank": ("veil_user_profile", HELD | {"groups": ["hr "]}, SPACE),
    "a long group": ("veil_user_profile", HELD | {"groups": [LONG]}, "it is 1025 bytes long, at most 1024 are kept"),
    "a line break": ("veil_user_profile", HELD | {"attributes": {"a\nb": ["x"]}}, "it contains a control character"),
    "an attribute without a name": (
        "veil_user_profile",
        HELD | {"attributes": {"": ["x"]}},
        "An empty string cannot name",
    ),
    "a blank value": ("veil_user_profile", HELD | {"attributes": {"a": [" "]}}, SPACE),
    "a blank that nobody sees": ("veil_user_profile", HELD | {"groups": ["hr\u200b"]}, UNSEEN),
    "an overridden direction": ("veil_data_source", SOURCE | {"tags": ["pii\u202e"]}, "the invisible character U+202E"),
    "a policy without a name": ("veil_masking_policy", POLICY | {"name": ""}, "An empty string cannot name anything"),
    "a policy with a bell": ("veil_masking_policy", POLICY | {"name": "\a"}, "it contains a control character"),
    "a text with a NUL": (
        "veil_masking_policy",
        POLICY | {"name": "p", "description": "a\0"},
        "it contains a NUL character",
    ),
    "a long table": ("veil_data_source", SOURCE | {"table": "t" * 128}, "it is 128 bytes long"),
    "a long view": ("veil_data_source", SOURCE | {"view_name": "v" * 128}, "it is 128 bytes long"),
    "a view with a blank": ("veil_data_source", SOURCE | {"view_name": "v "}, SPACE),
    "a table that nobody reads": ("veil_data_source", SOURCE | {"table": "cust\u200bomers"}, UNSEEN),
    "a column without a name": ("veil_data_source", SOURCE | {"columns": {"": {"tags": ["a"]}}}, "it is empty"),
    "a listed policy": ("veil_data_source", SOURCE | {"policies": ["p "]}, SPACE),
    "a blank tag": ("veil_data_source", SOURCE | {"tags": ["pii "]}, SPACE),
    "a column's tag": ("veil_data_source", SOURCE | {"columns": {"id": {"tags": ["\x7f"]}}}, "a control character"),
    "a purpose": ("veil_purpose", {"name": "p ", "acknowledgement": "yes"}, SPACE),
    "a view with capitals": ("veil_data_source", SOURCE | {"view_name": "Odd.Name"}, 'it would be called "odd.name"'),
    "a schema with capitals": ("veil_data_source", SOURCE | {"view_schema": "Gov"}, 'it would be called "gov"'),
    "views with capitals": ("veil_integration", MAIN | {"view_schema": "Gov"}, 'it would be called "gov"'),
    "a prefix with capitals": ("veil_integration", MAIN | {"schema_prefix": "Acme"}, 'no digit first, such as "acme"'),
    "a group with capitals": ("veil_integration", MAIN | {"impersonation": {"group": "Actors"}}, 'be called "actors"'),
    "a column twice": (
        "veil_data_source",
        SOURCE | {"columns": {"SSN": {"tags": ["a"]}, "ssn": {"tags": ["b"]}}},
        "'SSN' and 'ssn' are one column",
    ),
    "a moment": ("veil_subscription", ONE | {"expires_at": "0001-01-01T00:00:00+14:00"}, "is not a timestamp"),
}


def test_what_cannot_be_compared_safely_is_refused_by_validate_in_words(workspace: Workspace):
    broken: dict[str, dict[str, Any]] = {}
    for index, (kind, body, _) in enumerate(REFUSED.values()):
        broken.setdefault(kind, {})[f"r{index}"] = (
            body if kind == "veil_integration" else {"integration": "x/1", **body}
        )
    required = {"terraform": {"required_providers": {"veil": {"source": "veil-data/veil"}}}}
    workspace.write(json.dumps(required | {"resource": broken}, indent=1), "main.tf.json")
    found = workspace.validate().text.split("Error: ")[1:]
    told = [" ".join(each.split()) for each in found]
    for index, (kind, _, says) in enumerate(REFUSED.values()):
        mine = [each for each in told if re.search(rf"resource\.{kind}\.r{index}[:.]", each)]
        assert len(mine) == 1, (kind, index, told)
        assert says in mine[0]
