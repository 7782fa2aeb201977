"""What the database's catalog says, asked for many things at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from veil.warehouse.errors import WarehouseError
from veil.warehouse.grants import PUBLIC, DefaultGrant, Grant, Grantee
from veil.warehouse.quoting import among, literal, literals
from veil.warehouse.relations import RelationKind
from veil.warehouse.rows import RoutineAttributes, RoutineState, ViewState
from veil.warehouse.session import Row, Session
from veil.warehouse.signatures import Signature, argument_types, from_catalog
from veil.warehouse.templates import render_one

Place = tuple[str, str]


def read_relations(
    session: Session, schema: str, names: Iterable[str] | None = None
) -> dict[str, tuple[RelationKind, str]]:
    """The tables and views of a schema, all or those with these `names`, each with its owner, by
    their names. One query.
    """
    owners, kinds = relations_of(session, [schema], names)
    return {place[1]: (kind, owners[place]) for place, kind in kinds.items()}


def read_own_views(session: Session, schema: str, names: Iterable[str] | None = None) -> dict[str, str]:
    """The texts of the views of a schema that belong to who asks, all or those with these `names`.
    Two queries.
    """
    ((account,),) = session.query(render_one("reads/current_user", {}))
    return {name: text or "" for _, name, owner, text in _views(session, [schema], names) if owner == account}


def read_view_texts(session: Session, places: Iterable[Place]) -> dict[Place, str]:
    """What the warehouse reports as the texts of these views; one that is not there is left out.
    One query.
    """
    wanted = set(places)
    rows = _views(session, {schema for schema, _ in wanted}, {name for _, name in wanted})
    return {(schema, name): text for schema, name, _, text in rows if (schema, name) in wanted}


def _views(session: Session, schemas: Iterable[str], names: Iterable[str] | None = None) -> list[Row]:
    values = {"schemas": literals(schemas), "named": among("viewname", names)}
    return session.query(render_one("reads/views", values))


def read_superusers(session: Session) -> frozenset[str]:
    """All superusers of the cluster. One query."""
    return frozenset(str(name) for (name,) in session.query(render_one("reads/superusers", {})))


def read_group_members(session: Session, group: str) -> frozenset[str] | None:
    """The users of a group, None where there is no such group. One query."""
    rows = session.query(render_one("reads/group_members", {"group": literal(group)}))
    return frozenset(str(row[0]) for row in rows if row[0] is not None) if rows else None


def read_users(session: Session) -> frozenset[str]:
    """All users of the cluster. One query."""
    return frozenset(str(name) for (name,) in session.query(render_one("reads/users", {})))


def read_blockers(session: Session, schema: str, name: str) -> tuple[str, ...]:
    """Who holds locks on a table or view, in words, oldest first; nobody where the warehouse does
    not tell. Two queries: a catalog of the leader node, which knows numbers of tables, does not
    join with what is known of transactions.
    """
    values = {"schema": literal(schema), "name": literal(name)}
    try:
        numbers = session.query(render_one("reads/relation_number", values))
        rows = [
            row
            for (number,) in numbers
            for row in session.query(render_one("reads/blockers", {"relation": str(int(number))}))
        ]
    except WarehouseError as error:
        if error.lost:
            raise
        return ()
    return tuple(f"user {str(owner).strip()}, process {pid}, since {since}" for owner, pid, since in rows)


def views_of(
    session: Session, schemas: Iterable[str], grants: Mapping[Place, tuple[Grant, ...]]
) -> dict[Place, ViewState]:
    """The views of these schemas, each with what is granted on it among `grants`, and the comments
    on it. Two queries.
    """
    wanted = frozenset(schemas)
    comments = _comments(session, wanted)
    return {
        (schema, name): ViewState(
            text or "", owner, frozenset(grants.get((schema, name), ())), comments.get((schema, name), {})
        )
        for schema, name, owner, text in _views(session, wanted)
    }


def _comments(session: Session, schemas: Iterable[str]) -> dict[Place, dict[str, str]]:
    """The comments on the views of these schemas: by column, and under "" on the view itself. One
    query.
    """
    comments: dict[Place, dict[str, str]] = {}
    for schema, name, column, words in session.query(render_one("reads/comments", {"schemas": literals(schemas)})):
        comments.setdefault((schema, name), {})[column or ""] = words
    return comments


def relations_of(
    session: Session, schemas: Iterable[str], names: Iterable[str] | None = None
) -> tuple[dict[Place, str], dict[Place, RelationKind]]:
    """The owners and the kinds of the tables and views of these schemas, of all or of those with
    these `names`. One query.
    """
    values = {"schemas": literals(schemas), "named": among("c.relname", names)}
    rows = session.query(render_one("reads/relation_states", values))
    owners = {(schema, name): owner for schema, name, owner, _ in rows}
    return owners, {(schema, name): RelationKind(kind) for schema, name, _, kind in rows}


def relation_grants(session: Session, schemas: Iterable[str]) -> dict[Place, tuple[Grant, ...]]:
    """Who holds what on the tables and views of these schemas, and on single columns of them. Two
    queries.
    """
    values = {"schemas": literals(schemas)}
    rows = [
        row for what in ("relation", "column") for row in session.query(render_one(f"reads/{what}_privileges", values))
    ]
    by_place: dict[Place, set[Grant]] = {}
    for schema, name, column, privilege, identity, type_, grantable in rows:
        grant = Grant(_grantee(identity, type_), privilege.upper(), column=column, grantable=bool(grantable))
        by_place.setdefault((schema, name), set()).add(grant)
    return {place: tuple(sorted(grants)) for place, grants in by_place.items()}


def schema_owners(session: Session, schemas: Iterable[str]) -> dict[str, str]:
    """The owners of these schemas; one that is not there is left out. One query."""
    return dict(session.query(render_one("reads/schema_owners", {"schemas": literals(schemas)})))


def schema_grants(session: Session, schemas: Iterable[str]) -> dict[str, tuple[Grant, ...]]:
    """Who holds what on these schemas, scoped privileges included. One query."""
    rows = session.query(render_one("reads/schema_privileges", {"schemas": literals(schemas)}))
    by_schema: dict[str, set[Grant]] = {}
    for schema, privilege, identity, type_, scope, grantable in rows:
        grant = Grant(_grantee(identity, type_), privilege.upper(), _scope(scope), grantable=bool(grantable))
        by_schema.setdefault(schema, set()).add(grant)
    return {schema: tuple(sorted(grants)) for schema, grants in by_schema.items()}


def default_grants(session: Session, schemas: Iterable[str]) -> frozenset[DefaultGrant]:
    """Who will hold what on that which is made in these schemas, or in any. One query."""
    rows = session.query(render_one("reads/default_privileges", {"schemas": literals(schemas)}))
    return frozenset(
        DefaultGrant(
            (schema or "").strip(), maker, objects.upper(), Grant(_grantee(identity, type_), privilege.upper())
        )
        for schema, maker, privilege, identity, type_, objects in rows
    )


def database_grants(session: Session) -> tuple[Grant, ...]:
    """Who holds what on the session's database, and with a scope on everything of a kind in it. One
    query.
    """
    rows = session.query(render_one("reads/database_privileges", {}))
    return tuple(
        sorted({Grant(_grantee(name, type_), right.upper(), _scope(scope)) for right, name, type_, scope in rows})
    )


def routines_of(session: Session, schemas: Iterable[str]) -> dict[Signature, RoutineState]:
    """The procedures and functions of these schemas, overloads apart. Two queries."""
    values = {"schemas": literals(schemas)}
    routines = {
        from_catalog(kind, schema, name, types): RoutineState(
            body, owner, False, bool(definer), attributes=_attributes(*attributes), returns=returns or ""
        )
        for schema, name, body, owner, definer, kind, types, *attributes, returns in session.query(
            render_one("reads/routines", values)
        )
    }
    executing = _executing(session.query(render_one("reads/function_privileges", values)), routines)
    return {each: _executed(routines[each], executing.get(each, set())) for each in routines}


@dataclass(frozen=True, slots=True)
class FunctionsThere:
    """The routines of some schemas, who owns these and may do what in them, and who is a superuser.
    `account` is who asked, and `database_privileges` are on the database and, with a scope, on
    everything of a kind in it.
    """

    routines: Mapping[Signature, RoutineState]
    schema_owners: Mapping[str, str]
    schema_privileges: Mapping[str, tuple[Grant, ...]]
    superusers: frozenset[str]
    account: str
    database_privileges: tuple[Grant, ...] = ()


def read_functions(session: Session, schemas: Iterable[str]) -> FunctionsThere:
    """What a user's functions in these schemas are judged by. Seven queries."""
    wanted = frozenset(schemas)
    ((account,),) = session.query(render_one("reads/current_user", {}))
    superusers = read_superusers(session)
    owners, grants = schema_owners(session, wanted), schema_grants(session, wanted)
    routines, everywhere = routines_of(session, wanted), database_grants(session)
    return FunctionsThere(routines, owners, grants, superusers, str(account), everywhere)


def _attributes(
    language: str, names: str | None, volatility: str, strict: bool, returns_set: bool
) -> RoutineAttributes:
    arguments = tuple(names.split(",")) if names else ()
    return RoutineAttributes(arguments, language, volatility, bool(strict), bool(returns_set))


def _executing(rows: Iterable[Row], routines: Iterable[Signature]) -> dict[Signature, set[Grantee]]:
    """Who may execute what. Where the types in a row are those of no routine, the row counts for
    all of its name: how the catalog spells them is documented by one sample only.
    """
    named: dict[Place, dict[tuple[str, ...], Signature]] = {}
    for each in routines:
        named.setdefault((each.schema, each.name), {})[each.arguments] = each
    grantees: dict[Signature, set[Grantee]] = {}
    for schema, name, types, privilege, identity, type_ in rows:
        overloads = named.get((schema, name), {})
        meant = overloads.get(argument_types(types or ""))
        for each in [meant] if meant is not None else overloads.values():
            if privilege.upper() == "EXECUTE":
                grantees.setdefault(each, set()).add(_grantee(identity, type_))
    return grantees


def _executed(state: RoutineState, executing: set[Grantee]) -> RoutineState:
    others = frozenset(each for each in executing - {PUBLIC} if each != Grantee("user", state.owner))
    return replace(state, public_execute=PUBLIC in executing, grantees=others)


def _grantee(identity: str | None, type_: str | None) -> Grantee:
    kind = (type_ or "user").lower()
    return PUBLIC if kind == "public" else Grantee(kind, identity or "")


def _scope(scope: str | None) -> str:
    return "" if scope is None or scope.upper() in ("", "SCHEMA", "DATABASE") else scope.upper()
