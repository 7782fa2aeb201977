"""Who can read a governed table without its view."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from veil.governance.metadata.deployed import DeployedState
from veil.governance.privileges import named
from veil.model import DataSource
from veil.model.names import dotted
from veil.warehouse import Grant, Grantee, Rights

_READS = frozenset({"SELECT", "ALL"})


@dataclass(frozen=True, order=True)
class Way:
    """Somebody's way to a table: the right that gives it, and the same as a warning; both are
    sentences.
    """

    grantee: Grantee
    right: str
    warning: str


def ways_around(deployed: DeployedState, source: DataSource) -> Iterator[Way]:
    """Every grant by which somebody else than the table's owner and the system account reads the
    table.

    Superusers and the owner read it as well; Redshift has no way to keep them out.
    """
    base, place = deployed.snapshot.base, (source.schema, source.table)
    spared = {Grantee("user", name) for name in (base.owners.get(place), deployed.layout.owner) if name}
    yield from (way for way in _ways(base, place) if way.grantee not in spared)


def readers_of(base: Rights, place: tuple[str, str], spared: Collection[str]) -> tuple[Grantee, ...]:
    """Whoever reads a table by a grant, but for the users of these names."""
    readers = {way.grantee for way in _ways(base, place)} - {Grantee("user", name) for name in spared if name}
    return tuple(sorted(readers))


def _ways(base: Rights, place: tuple[str, str]) -> Iterator[Way]:
    schema, name = dotted(place[0]), dotted(*place)
    for grant in base.table_grants.get(place, ()):
        if grant.privilege in _READS:
            yield _select(
                grant, f"the column {grant.column} of the table {name}" if grant.column else f"the table {name}"
            )
    for grant in base.schema_privileges.get(place[0], ()):
        if grant.privilege in _READS and grant.scope == "TABLES":
            yield _select(grant, f"all tables of the schema {schema}")
        if _opens_external(base, place, grant):
            yield Way(
                grant.grantee,
                f"USAGE on the external schema {schema} is granted to {with_article(grant.grantee)}.",
                f"{named(grant.grantee)} may use the external schema {schema}, and so can read the table {name} around the "
                "view.",
            )
    for grant in base.database_privileges:
        if grant.privilege in _READS and grant.scope == "TABLES":
            yield _select(grant, "all tables of the database")


def _select(grant: Grant, what: str) -> Way:
    return Way(
        grant.grantee,
        f"SELECT on {what} is granted to {with_article(grant.grantee)}.",
        f"{named(grant.grantee)} can read {what} around the view{'s' if what.startswith('all') else ''}.",
    )


def _opens_external(base: Rights, place: tuple[str, str], grant: Grant) -> bool:
    """Redshift has no grants on single external tables: whoever may use their schema reads them
    all.
    """
    is_use = base.is_external(*place) and grant.privilege == "USAGE" and not grant.scope
    return is_use and grant.grantee != Grantee("user", base.schema_owners.get(place[0], ""))


def later_ways(deployed: DeployedState, source: DataSource) -> Iterator[str]:
    """Who would read the table once it is made anew, one sentence each: default privileges work
    when a table is made.
    """
    owner = deployed.layout.owner
    for each in sorted(deployed.snapshot.base.default_grants):
        if each.objects != "RELATION" or each.schema not in ("", source.schema) or each.grant.privilege not in _READS:
            continue
        if each.grant.grantee.name not in (each.maker, owner):
            where = f"in the schema {dotted(each.schema)}" if each.schema else "in any schema"
            yield (
                f"SELECT on tables that {each.maker} makes {where} goes to {named(each.grant.grantee)} by default: "
                f"{dotted(source.schema, source.table)}, made anew, would be readable."
            )


def with_article(grantee: Grantee) -> str:
    """A grantee inside a sentence: "the user alice"."""
    return "PUBLIC" if grantee.type == "public" else f"the {grantee.type} {grantee.name}"
