"""With bootstrap = "manual": what an administrator's script left out, and the statements that give
it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from veil import warehouse
from veil.governance.errors import GovernanceError
from veil.model.names import dotted
from veil.warehouse import (
    PUBLIC,
    PUBLIC_ROUTINES,
    PUBLIC_VIEWS,
    Installed,
    Layout,
    Session,
    Standing,
    identifier,
    qualified,
)


@dataclass(frozen=True)
class Gap:
    """One thing that is not as it has to be, and what gives it. Where it `blocks`, not even rows
    can be repaired.
    """

    found: str
    statements: tuple[str, ...]
    blocks: bool = False

    def __str__(self) -> str:
        return "\n".join((f"- {self.found}:", *(f"    {each};" for each in self.statements)))


def require_made(session: Session, layout: Layout, database: str) -> None:
    """Raise GovernanceError with everything that is missing, line by line."""
    gaps = find_gaps(session, layout)
    if not gaps:
        return
    account, names = session.settings.username, f"--prefix {layout.prefix} --view-schema {layout.view_schema}"
    shown = "\n".join(map(str, gaps))
    raise GovernanceError(
        "The administrator's script is not complete",
        f'With bootstrap = "manual" veil makes no schemas itself. In the database {database} this is missing for the account '
        f"{account}:\n{shown}\n\nLet an administrator run these statements. Where nothing belongs to others, all that this "
        f"prints gives what is missing as well: veil bootstrap-sql --database {database} --system-user {account} {names} --without-accounts",
        ("bootstrap",),
    )


def require_writable(session: Session, layout: Layout, database: str) -> None:
    """The same where something is missing without which the integration's own row cannot be
    written.
    """
    if any(each.blocks for each in find_gaps(session, layout)):
        require_made(session, layout, database)


def find_gaps(session: Session, layout: Layout) -> list[Gap]:
    """Everything that an integration of this layout needs and that is not there or not as veil
    would make it.
    """
    return gaps_in(layout, warehouse.read_installed(session, layout)) or list(_mark(session, layout))


def gaps_in(layout: Layout, installed: Installed) -> list[Gap]:
    """The gaps that show in what stands in the schemas of a layout."""
    gaps = [*_schemas(layout, installed), *_group(layout, installed)]
    if layout.own_schemas[0] not in installed.schema_owners or layout.procedures not in installed.schema_owners:
        return gaps  # What is to be in them goes without saying.
    return [*gaps, *_tables(layout, installed), *_views(layout, installed), *_procedures(layout, installed)]


def _schemas(layout: Layout, installed: Installed) -> Iterator[Gap]:
    for schema in (*layout.own_schemas, layout.view_schema):
        name, owner = identifier(schema), identifier(installed.account)
        use = f"GRANT USAGE ON SCHEMA {name} TO PUBLIC"
        if schema not in installed.schema_owners:
            yield Gap(
                f"the schema {schema} is missing", (f"CREATE SCHEMA {name} AUTHORIZATION {owner}", use), blocks=True
            )
            continue
        if installed.schema_owners[schema] != installed.account:
            gives = f"ALTER SCHEMA {name} OWNER TO {owner}"
            yield Gap(f"the schema {schema} is owned by {installed.schema_owners[schema]}", (gives,))
        held = {each.privilege for each in installed.schema_privileges.get(schema, ()) if each.grantee == PUBLIC}
        if "USAGE" not in held:
            yield Gap(f"PUBLIC has no USAGE on the schema {schema}", (use,))
        if "CREATE" in held:
            yield Gap(f"PUBLIC may create in the schema {schema}", (f"REVOKE CREATE ON SCHEMA {name} FROM PUBLIC",))


def _group(layout: Layout, installed: Installed) -> Iterator[Gap]:
    group = layout.impersonation_group
    if group is not None and not installed.group_exists:
        yield Gap(f"the group {group} is missing", (f"CREATE GROUP {identifier(group)}",))


def _tables(layout: Layout, installed: Installed) -> Iterator[Gap]:
    pieces = warehouse.install_pieces(layout)
    for place in sorted(warehouse.expected_tables(layout)):
        if place not in installed.owners:
            making = (*pieces["table", place[1]], _giving(installed, place))
            yield Gap(f"the table {dotted(*place)} is missing", making, blocks=True)
        yield from _owner(installed, place, f"the table {dotted(*place)}")
        open_to_all = sorted(each.privilege for each in installed.table_grants.get(place, ()) if each.grantee == PUBLIC)
        if open_to_all:
            closes = f"REVOKE ALL ON {qualified(*place)} FROM PUBLIC"
            yield Gap(f"PUBLIC has {', '.join(open_to_all)} on the table {dotted(*place)}", (closes,))


def _views(layout: Layout, installed: Installed) -> Iterator[Gap]:
    pieces = warehouse.install_pieces(layout)
    for place, text in sorted(warehouse.expected_views(layout).items()):
        state, name = installed.views.get(place), dotted(*place)
        if state is None:
            yield Gap(f"the view {name} is missing", (*pieces["view", place[1]], _giving(installed, place)))
            continue
        if warehouse.standing_of(state.text, text, installed.own_views.get(place[1])) is Standing.REPLACED:
            yield Gap(f"the view {name} is not the one of this version", pieces["view", place[1]])
        elif (place[1] in PUBLIC_VIEWS) != any(each.grantee == PUBLIC for each in state.grants):
            has = "has no SELECT on" if place[1] in PUBLIC_VIEWS else "may select from"
            yield Gap(f"PUBLIC {has} the view {name}", pieces["view", place[1]][-1:])
        yield from _owner(installed, place, f"the view {name}")


def _procedures(layout: Layout, installed: Installed) -> Iterator[Gap]:
    pieces, expected = warehouse.install_pieces(layout), warehouse.expected_routines(layout)
    for signature, body in sorted(expected.items()):
        name = signature.name
        kind = signature.kind.lower()
        state, making = installed.routines.get(signature), pieces[kind, name]
        called = f"the {kind} {signature.schema}.{name}"
        giving = f"ALTER {signature.sql} OWNER TO {identifier(installed.account)}"
        if state is None:
            yield Gap(f"{called} is missing", (*making, giving), blocks=name == "upsert_objects")
        elif not warehouse.is_as_made(name, body, state):
            anew = making if warehouse.is_replaceable(name, state) else (f"DROP {signature.sql}", *making, giving)
            yield Gap(f"{called} is not the one of this version", anew)
        elif state.owner != installed.account:
            yield Gap(f"{called} is owned by {state.owner}", (giving,))
        elif state.public_execute != (name in PUBLIC_ROUTINES):
            yield Gap(f"PUBLIC {'may' if state.public_execute else 'may not'} call {called}", making[1:])
    ours = {(each.schema, each.name) for each in expected}
    for signature in sorted(installed.routines.keys() - expected.keys()):
        if (signature.schema, signature.name) in ours:
            # Whoever calls ours without saying the types of the arguments may get that one.
            yield Gap(f"the {signature} is not veil's", (f"DROP {signature.sql}",) if signature.is_nameable else ())


def _owner(installed: Installed, place: tuple[str, str], called: str) -> Iterator[Gap]:
    owner = installed.owners.get(place, installed.account)
    if owner != installed.account:
        yield Gap(f"{called} is owned by {owner}", (_giving(installed, place),))


def _giving(installed: Installed, place: tuple[str, str]) -> str:
    """What gives a table or view to the system account, whoever made it."""
    return f"ALTER TABLE {qualified(*place)} OWNER TO {identifier(installed.account)}"


def _mark(session: Session, layout: Layout) -> Iterator[Gap]:
    """The row by which an installation is found: it names the view schema and the group."""
    if layout not in warehouse.find_layouts(session):
        pieces = warehouse.install_pieces(layout)
        place = dotted(layout.system, "integration")
        yield Gap(f"the row of the table {place} says otherwise", pieces["table", "integration"][2:])
