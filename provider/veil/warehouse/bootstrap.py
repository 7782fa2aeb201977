"""The script that an administrator runs once, so that the system account needs no more than it
does.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from veil.model.names import problem_with_identifier, problem_with_new_name
from veil.warehouse.install import NOT_FOR_APPLIERS, install_pieces, install_statements, upgrade_statements
from veil.warehouse.layout import Layout, catalog_role, probe_role
from veil.warehouse.quoting import identifier, literal
from veil.warehouse.session import SEARCH_PATH
from veil.warehouse.templates import names, render


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """What the script is to make.

    `source_schemas` hold the tables to be governed; they are in `source_database` where that is not
    the database of the views. `external_schemas` are those of Redshift Spectrum, in the database of
    the views. `read_only_user` may plan and nothing else; it goes with `layout.read_only_role`.
    `appliers` apply by procedures alone: they own nothing, and have that role as well.
    `with_accounts` False leaves out the users, roles and groups, which are there already.
    `upgrade_from` is the version of the schemas that are there, None where none are.
    """

    layout: Layout
    database: str
    system_user: str
    source_schemas: tuple[str, ...] = ()
    source_database: str | None = None
    external_schemas: tuple[str, ...] = ()
    read_only_user: str | None = None
    appliers: tuple[str, ...] = ()
    with_accounts: bool = True
    upgrade_from: int | None = None

    def __post_init__(self) -> None:
        """Raises ValueError for names that Redshift cannot hold."""
        for name in (self.layout.view_schema, self.layout.impersonation_group, self.layout.read_only_role):
            if name is not None and (problem := problem_with_new_name(name)):
                raise ValueError(f"{name!r} cannot be the name of what the script makes: {problem}")
        if self.appliers and self.layout.read_only_role is None:
            raise ValueError(
                "accounts that apply by procedures read with the role of those that only plan: name a read-only account"
            )
        given = (
            self.database,
            *self.appliers,
            self.system_user,
            self.catalog_role,
            self.source_database,
            self.read_only_user,
        )
        for name in (*given, *self.source_schemas, *self.external_schemas):
            if name is not None and (problem := problem_with_identifier(name)):
                raise ValueError(f"{name!r} cannot be the name of anything in Redshift: {problem}")

    @property
    def catalog_role(self) -> str:
        """The role through which the system account sees what others are granted."""
        return catalog_role(self.system_user)


@dataclass(frozen=True, slots=True)
class Step:
    """Statements with the reason for them, one line of a comment each."""

    why: tuple[str, ...]
    statements: tuple[str, ...]

    def text(self) -> str:
        lines = [f"-- {line}".rstrip() for line in self.why]
        return "\n".join((*lines, *(f"{statement};" for statement in self.statements))) + "\n"


def bootstrap_script(wanted: Bootstrap) -> str:
    """The whole script, for a superuser to run in `wanted.database`. Passwords are placeholders
    that Redshift refuses, so that none is ever left as it is.
    """
    return "\n".join(step.text() for step in bootstrap_steps(wanted))


def bootstrap_steps(wanted: Bootstrap) -> Iterator[Step]:
    """The steps of the script, in order."""
    yield _introduction(wanted)
    if wanted.with_accounts:
        yield from _accounts(wanted)
    if wanted.upgrade_from is None:
        yield from _privileges(wanted)
    yield _objects(wanted)
    if wanted.with_accounts or wanted.upgrade_from is not None:
        yield _probe(wanted)
    for applier in wanted.appliers:
        yield _applier(wanted, applier)
    if wanted.upgrade_from is None:
        yield _step(
            wanted,
            "probe_reader",
            "A view of an empty table whose schema the system account may not use. That it can read the view tells that",
            "readers of views need no rights on the schemas below; that it cannot, that they need USAGE there.",
        )
    if wanted.source_schemas:
        yield _sources(wanted)
    if wanted.external_schemas:
        yield _external(wanted)


def _introduction(wanted: Bootstrap) -> Step:
    placeholders = ("Put passwords where it says <PASSWORD ...>; Redshift refuses them as they are.",)
    return Step(
        (
            f"Run this as a superuser, connected to the database {wanted.database}.",
            *(placeholders if wanted.with_accounts else ()),
            f"Afterwards {wanted.system_user} is what the provider signs in as. It is no superuser.",
            "The first statement keeps things that others made from standing in for Redshift's own.",
        ),
        (f"SET search_path TO {SEARCH_PATH}",),
    )


def _accounts(wanted: Bootstrap) -> Iterator[Step]:
    yield _step(
        wanted,
        "system_user",
        "The system account. Its role only lets it see what others are granted: without that, whoever reads a table",
        "around its view stays unseen.",
    )
    if wanted.layout.impersonation_group is not None:
        yield _step(
            wanted,
            "impersonation_group",
            "Whoever may act as others is in this group. Only a superuser changes it: ALTER GROUP ... ADD USER ...",
        )
    if wanted.read_only_user is not None:
        yield _step(
            wanted,
            "read_only_user",
            "An account that `terraform plan` runs with. It reads veil's tables, salts aside, and no governed table.",
        )


def _privileges(wanted: Bootstrap) -> Iterator[Step]:
    yield _step(
        wanted,
        "database",
        "The system account makes and drops schemas of its own here. PUBLIC keeps what Redshift gives it.",
    )
    yield _step(
        wanted, "schemas", "The schemas belong to the system account, which so holds all privileges on them and theirs."
    )


def _objects(wanted: Bootstrap) -> Step:
    statements = (
        install_statements(wanted.layout)
        if wanted.upgrade_from is None
        else upgrade_statements(wanted.layout, wanted.upgrade_from)
    )
    user = identifier(wanted.system_user)
    return Step(
        (
            "Tables, views and procedures, made as the system account. PUBLIC gets USAGE on the schemas, SELECT on its",
            "own row in user_profile, and EXECUTE on what everybody calls: the functions, switch_project, acknowledge_purpose, request_access,",
            "withdraw_request and approve_request, which only approvers are let in to.",
        ),
        (f"SET SESSION AUTHORIZATION {user}", "BEGIN", *statements, "COMMIT", "SET SESSION AUTHORIZATION DEFAULT"),
    )


def _probe(wanted: Bootstrap) -> Step:
    return Step(
        (
            "A role of nobody's that may read one table, which is always empty: an account that sees this grant sees what",
            "others are granted. Until it does, veil says that it does not know who reads a table.",
        ),
        (*render("bootstrap/probe_role", _values(wanted)), *render("bootstrap/probe_grant", _values(wanted))),
    )


def _applier(wanted: Bootstrap, applier: str) -> Step:
    values = _values(wanted) | {
        "applier": identifier(applier),
        "applier_name": literal(applier),
        "view_schema": literal(wanted.layout.view_schema),
    }
    account = render("bootstrap/applier", values) if wanted.with_accounts else []
    pieces = install_pieces(wanted.layout)
    closed = (
        pieces[piece][1] for piece in sorted(pieces) if piece[0] == "procedure" and piece[1] not in NOT_FOR_APPLIERS
    )
    granted = (
        each.replace("REVOKE ALL", "GRANT EXECUTE", 1).replace("FROM PUBLIC", f"TO {identifier(applier)}")
        for each in closed
    )
    return Step(
        (
            "An account that applies by veil's procedures alone and owns nothing. What it may have made is worth SELECT on every",
            "governed table, for it says what the views select. Take it off the list to end that:",
            f"DELETE FROM {wanted.layout.system}.applier WHERE immuta__userid = ...",
        ),
        (*account, *render("bootstrap/applier_list", values), *granted),
    )


def _sources(wanted: Bootstrap) -> Step:
    where = (f"Run this part in the database {wanted.source_database}.",) if wanted.source_database else ()
    return Step(
        (
            *where,
            "A view reads its table with the rights of the view's owner. Nobody else needs rights on these schemas.",
            "The last grant on each reaches the tables that are made later.",
            "Where `veil doctor` finds (check readers) that readers of views need it, GRANT USAGE ON SCHEMA ... TO PUBLIC as",
            "well: that shows them the names and columns of its tables, and no rows.",
        ),
        tuple(_in_each_schema(wanted)),
    )


def _external(wanted: Bootstrap) -> Step:
    user = identifier(wanted.system_user)
    return Step(
        (
            "Redshift asks for USAGE on an external schema of whoever queries a view of its tables, so analysts need the",
            "same grant. With it they can read every table of the schema without its view.",
        ),
        tuple(f"GRANT USAGE ON SCHEMA {identifier(schema)} TO {user}" for schema in wanted.external_schemas),
    )


def _in_each_schema(wanted: Bootstrap) -> Iterator[str]:
    for schema in wanted.source_schemas:
        yield from render("bootstrap/source_schema", _values(wanted) | {"source_schema": identifier(schema)})


def _step(wanted: Bootstrap, template: str, *why: str) -> Step:
    return Step(tuple(why), tuple(render(f"bootstrap/{template}", _values(wanted))))


def _values(wanted: Bootstrap) -> dict[str, str]:
    optional = {
        "impersonation_group_name": wanted.layout.impersonation_group,
        "read_only_user": wanted.read_only_user,
        "read_only_role": wanted.layout.read_only_role,
    }
    return (
        names(wanted.layout)
        | _quoted(
            {
                "database": wanted.database,
                "system_user": wanted.system_user,
                "catalog_role": wanted.catalog_role,
                "probe_role": probe_role(wanted.system_user),
                "probe_views": wanted.layout.probe_views,
                "probe_tables": wanted.layout.probe_tables,
            }
        )
        | _quoted({name: value for name, value in optional.items() if value is not None})
    )


def _quoted(values: dict[str, str]) -> dict[str, str]:
    return {name: identifier(value) for name, value in values.items()}
