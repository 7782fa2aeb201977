"""Every statement that the provider sends: those that are fixed, and those that are put together in
code.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import veil
from tests.compiler.worlds import CASES
from tests.warehouse.removal import complete
from veil.compiler import compile_view
from veil.warehouse import (
    SCHEMA_VERSION,
    ApproverRow,
    Bootstrap,
    EntryRow,
    ErrorRow,
    Grantee,
    ImpersonationRow,
    Layout,
    ObjectRow,
    ProfileRow,
    ProjectEntryRow,
    ProjectProfileRow,
    PublishedRow,
    RequestEndRow,
    advance_revision,
    bootstrap_steps,
    create_salts,
    create_view,
    delete_objects,
    delete_profiles,
    drop_view,
    empty_statements,
    end_requests,
    forget_errors,
    forget_published,
    forget_requests,
    grant_impersonation,
    install_pieces,
    install_statements,
    put_approvers,
    put_project_entries,
    put_valid_tables,
    read_only_statements,
    record_error,
    record_made_views,
    record_published,
    revoke_impersonation,
    uninstall_statements,
    upgrade_statements,
    upsert_objects,
    upsert_profiles,
)
from veil.warehouse.templates import names, render

LAYOUT = Layout("immuta", "governed", impersonation_group="actors", read_only_role="planners")
PACKAGE = Path(veil.__file__).parent
OURS = ("warehouse", "governance", "resources", "cli")


def installing() -> Iterator[str]:
    """What makes, upgrades, repairs and removes an installation, and the script for
    administrators.
    """
    wanted = Bootstrap(
        LAYOUT,
        "dev",
        "system",
        ("raw",),
        external_schemas=("lake",),
        read_only_user="reader",
        source_database="other",
        appliers=("ci",),
    )
    for layout in (LAYOUT, Layout("p", "v")):
        yield from install_statements(layout)
        yield from uninstall_statements(layout, complete(layout), [(layout.view_schema, "orders")])
        yield from empty_statements(layout)
        for version in range(1, SCHEMA_VERSION):
            yield from upgrade_statements(layout, version)
        for statements in install_pieces(layout).values():
            yield from statements
    yield from read_only_statements(LAYOUT, Grantee("role", "planners"))
    for step in (*bootstrap_steps(wanted), *bootstrap_steps(replace(wanted, upgrade_from=1))):
        yield from step.statements


def templates() -> Iterator[str]:
    """Every fixed statement, whatever it is used for."""
    folder = PACKAGE / "warehouse" / "sql"
    for path in (each for each in sorted(folder.rglob("*.sql")) if each.parent.name != "fragments"):
        template = str(path.relative_to(folder).with_suffix(""))
        yield from render(template, defaultdict(lambda: "'x'", names(LAYOUT)))


def writing() -> Iterator[str]:
    """Calls of the procedures."""
    row = ObjectRow("kind", "it's", "id", "SELECT evil(1) FROM evil, $$ worse")
    yield from advance_revision(LAYOUT, 1, "token")
    yield from upsert_objects(LAYOUT, [row])
    yield from delete_objects(LAYOUT, [row])
    yield from upsert_profiles(LAYOUT, [ProfileRow("u")], [EntryRow("u", "group", "", "g", datetime.now(UTC))])
    yield from delete_profiles(LAYOUT, ["u"])
    yield from put_project_entries(
        LAYOUT, ["p"], [ProjectEntryRow("p", "group", "", "g", 1)], [(ProjectProfileRow("p"), ["r.t"])]
    )
    yield from put_valid_tables(LAYOUT, [(["r.t"], ["u"])], datetime.now(UTC))
    yield from record_published(LAYOUT, {"k": PublishedRow("s", "v", "h", "h", 1)})
    yield from forget_published(LAYOUT, ["k"])
    yield from create_salts(LAYOUT, ["k"])
    yield from put_approvers(LAYOUT, ["k"], [ApproverRow("k", "v", "p", "policy", "approval", 60)])
    yield create_view(LAYOUT, ("governed", "orders"), "SELECT 1 AS one", compiler=1, late_binding=True)
    yield drop_view(LAYOUT, ("governed", "orders"))
    yield from record_made_views(LAYOUT, [("governed", "orders")], [("governed", "gone")])
    failed = ErrorRow("k", "n", "editError", "It's", None)
    yield record_error(LAYOUT, failed)
    yield from forget_errors(LAYOUT, [failed])
    yield from end_requests(LAYOUT, [RequestEndRow("u", "k", refused=True)])
    yield from forget_requests(LAYOUT)
    yield from grant_impersonation(LAYOUT, [ImpersonationRow("u", "v")])
    yield from revoke_impersonation(LAYOUT, [ImpersonationRow("u", "v")])


def views() -> Iterator[str]:
    """Governed views, by the compiler's recorded cases."""
    for case in CASES.values():
        yield compile_view(*case)


_SQL = re.compile(
    r"(SELECT(?! on )|INSERT INTO|UPDATE|DELETE FROM|CREATE(?! on )|DROP|ALTER|GRANT|REVOKE|SET|SHOW|LOCK|CALL|BEGIN|COMMIT)\s"
)
_PLACE = '"a"."b"'


def in_code() -> Iterator[tuple[str, str]]:
    """Every text in the code that begins like a statement, with `"a"."b"` for what is put into
    it.
    """
    for path in (each for folder in OURS for each in sorted((PACKAGE / folder).rglob("*.py"))):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in ast.walk(tree):
            text = _text(node) if id(node) not in inside else ""
            if _SQL.match(text):
                yield f"{path.relative_to(PACKAGE)}:{getattr(node, 'lineno', 0)}", text


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.sub(r"\{\w+\}", '"a"', node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(each.value) if isinstance(each, ast.Constant) else _PLACE for each in node.values)
    return ""


@cache
def functions() -> frozenset[str]:
    """The built-in functions that any of these statements calls, by name."""
    texts = (*installing(), *templates(), *writing(), *views(), *(text for _, text in in_code()))
    return frozenset(name.lower() for text in texts for name in re.findall(r"\bpg_catalog\.(\w+)\(", text))


@cache
def relations() -> frozenset[str]:
    """The relations that any of these statements names, by name without schema."""
    texts = (*installing(), *templates(), *(text for _, text in in_code()))
    return frozenset(
        name for text in texts for name in re.findall(r"(?:pg_catalog|\"immuta_system\")\.(\w+)\b(?!\()", text)
    )
