"""Removing rows, whatever they hold.

What may be written is checked; what is to go may have been written by anybody, with spaces at the
end of a name, with characters that nobody sees, or longer than our own. So rows are named by the
hash of their texts, byte for byte, and by no procedure, which may itself be what is being repaired.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256

from veil.warehouse.decoding import NULL
from veil.warehouse.layout import Layout
from veil.warehouse.quoting import literal, qualified
from veil.warehouse.rows import ImpersonationRow, ObjectRow
from veil.warehouse.templates import names, render

_AT_ONCE = 500
"""So many rows are named in one statement."""


def remove_objects(layout: Layout, rows: Iterable[ObjectRow]) -> list[str]:
    """Removes these objects, all parts of them, whatever their ids are, and what the ledger says of
    them.
    """
    keys = [(row.kind, row.name) for row in rows]
    return [each for table in ("object", "ledger") for each in _remove(layout, table, ("kind", "name"), keys)]


def remove_profiles(layout: Layout, users: Iterable[str]) -> list[str]:
    """Removes users' profiles and entries."""
    keys = [(user,) for user in users]
    return [
        each for table in ("profile", "profile_entry") for each in _remove(layout, table, ("immuta__userid",), keys)
    ]


def remove_project_entries(layout: Layout, projects: Iterable[str]) -> list[str]:
    """Removes what the members of projects share."""
    keys = [(project,) for project in projects]
    return [
        each for table in ("project_entry", "project_profile") for each in _remove(layout, table, ("project",), keys)
    ]


def remove_published(layout: Layout, keys: Iterable[str]) -> list[str]:
    """Forgets which views stand for data sources."""
    return _remove(layout, "published", ("name",), ((key,) for key in keys))


def remove_impersonations(layout: Layout, rows: Iterable[ImpersonationRow]) -> list[str]:
    """Ends that users may act as others."""
    return _remove(layout, "impersonation", ("immuta__userid", "as_user"), ((row.user, row.as_user) for row in rows))


def remove_appliers(layout: Layout, users: Iterable[str]) -> list[str]:
    """Takes accounts off the list of those that apply by the procedures alone."""
    return _remove(layout, "applier", ("immuta__userid",), ((user,) for user in users))


def remove_runtimes(layout: Layout, users: Iterable[str]) -> list[str]:
    """Forgets which project users act in."""
    return _remove(layout, "runtime", ("immuta__userid",), ((user,) for user in users))


def remove_acknowledgements(layout: Layout, rows: Iterable[Sequence[str]]) -> list[str]:
    """Forgets that users agreed to purposes."""
    return _remove(layout, "acknowledgement", ("immuta__userid", "purpose"), rows)


def remove_agreements_of(layout: Layout, users: Iterable[str]) -> list[str]:
    """Forgets every purpose that users agreed to."""
    return _remove(layout, "acknowledgement", ("immuta__userid",), ((user,) for user in users))


def remove_request_ends(layout: Layout, rows: Iterable[Sequence[str]]) -> list[str]:
    """Forgets that what users asked for ended, or was refused."""
    return _remove(layout, "request_end", ("immuta__userid", "source"), rows)


def remove_unsealed(layout: Layout) -> list[str]:
    """Removes every salt, current project and agreement that none of our procedures wrote. That is
    found in the warehouse: what they are sealed with never leaves it.
    """
    return render("repairs/unsealed", names(layout))


def _remove(layout: Layout, table: str, columns: Sequence[str], keys: Iterable[Sequence[str]]) -> list[str]:
    digests = sorted({_digest(key) for key in keys})
    texts = (f"COALESCE({column}, pg_catalog.CHR({ord(NULL)})) || pg_catalog.CHR(31)" for column in columns)
    row_digest = f"pg_catalog.LOWER(pg_catalog.SHA2({' || '.join(texts)}, 256))"
    begins = f"DELETE FROM {qualified(layout.system, table)} WHERE {row_digest} IN ("
    portions = (digests[at : at + _AT_ONCE] for at in range(0, len(digests), _AT_ONCE))
    return [f"{begins}{', '.join(map(literal, some))})" for some in portions]


def _digest(key: Sequence[str]) -> str:
    return sha256("".join(f"{text}\x1f" for text in key).encode()).hexdigest()
