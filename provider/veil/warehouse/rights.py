"""Who owns and may use the tables and schemas of a database."""

from collections.abc import Iterable

from veil.warehouse import catalog
from veil.warehouse.account import SEES_GRANTS, SEES_OBJECTS, Account, read_account
from veil.warehouse.base_tables import Tables
from veil.warehouse.errors import WarehouseError
from veil.warehouse.quoting import literals
from veil.warehouse.rows import Rights
from veil.warehouse.session import Session
from veil.warehouse.templates import render_one


def rights_of(session: Session, schemas: Iterable[str], *, sees_relations: bool | None = None) -> Rights:
    """The rights on these schemas of the session's database and everything in them. Nine queries,
    and five more where the account is no superuser. `sees_relations` as in read_account.

    Where the catalog may hide grants or objects from the account, the answer says so.
    """
    wanted = frozenset(schemas)
    external = session.query(render_one("reads/external_schemas", {"schemas": literals(wanted)}))
    account = read_account(session, sees_relations=sees_relations)
    owners, kinds = catalog.relations_of(session, wanted)
    return Rights(
        reader=account,
        schemas=wanted,
        owners=owners,
        kinds=kinds,
        table_grants=catalog.relation_grants(session, wanted),
        schema_owners=catalog.schema_owners(session, wanted),
        schema_privileges=catalog.schema_grants(session, wanted),
        external_schemas=frozenset(str(row[0]) for row in external),
        default_grants=catalog.default_grants(session, wanted),
        database_privileges=catalog.database_grants(session),
        unread=_unseen(account),
    )


def _unseen(account: Account) -> str:
    lacking = [
        f"The account {account.name} does not see {what}: it has no role with {permission}, which `veil bootstrap-sql` gives."
        for seen, what, permission in (
            (account.may_see_grants, "what others are granted", SEES_GRANTS),
            (account.sees_objects, "what it has no rights on, where metadata security is on", SEES_OBJECTS),
        )
        if not seen
    ]
    if account.may_see_grants and not account.sees_grants:
        lacking.append(
            f"It is not known whether the account {account.name} sees what others are granted on tables: the probe for that is not "
            "seen. `veil doctor` says what to do."
        )
    return " ".join(lacking)


def read_rights(session: Session, schemas: Iterable[str], tables: Tables) -> Rights:
    """The rights on base tables and these schemas of theirs, wherever they are. Five queries."""
    return rights_of(session, schemas) if tables.database is None else rights_across(session, tables.database, schemas)


def rights_across(session: Session, database: str, schemas: Iterable[str]) -> Rights:
    """The same of another database, asked there: no catalog tells one database of another one's
    rights.

    Where that database does not let this account in, the answer says why nothing is known.
    """
    try:
        here = read_account(session)
        with session.beside(database) as other:
            rights = rights_of(other, schemas, sees_relations=here.sees_relations)
    except WarehouseError as error:
        return Rights(unread=f"{error.summary}. {error.found}")
    session.statements += other.statements
    return rights
