"""Which databases go with which mode of an integration, and what its schemas may be called."""

from typing import Any

from veil.model import Integration
from veil.model.integration import SCHEMA_PREFIX
from veil.model.names import folded
from veil.plugin import InvalidValueError, is_known


def require_mode(mode: Any, database: Any, source: Any) -> None:
    """Raise InvalidValueError where a mode and its databases do not go together, as far as they are
    known.
    """
    if not is_known(mode) or not is_known(source):
        return
    if mode != "multi_database":
        if source is not None:
            raise _given(mode)
    elif source is None:
        raise _missing(database)
    # Redshift folds the names of databases.
    elif is_known(database) and folded(source) == folded(database):
        raise _same(source)


def checked_prefix(prefix: str) -> str:
    """The prefix itself, if veil's own schemas can begin with it. Raises ValueError otherwise."""
    if not SCHEMA_PREFIX.match(prefix):
        raise ValueError(
            f"{prefix!r} cannot begin the names of veil's own schemas. Write 1 to 100 lower case letters, digits and "
            f"underscores, and no digit first{_proposed(prefix)}."
        )
    return prefix


def require_foreign_schema(
    prefix: str,
    schema: str,
    path: tuple[str, ...] = ("view_schema",),
    instead: str = "Name another one for the views, such as governed.",
) -> None:
    """Raise InvalidValueError where this schema, of the attribute at this path, is one of veil's
    own.
    """
    if schema.lower() in Integration("", "", "", schema_prefix=prefix).own_schemas:
        raise InvalidValueError(f"{schema} is one of veil's own schemas. {instead}", path)


def _proposed(prefix: str) -> str:
    return f', such as "{folded(prefix)}"' if SCHEMA_PREFIX.match(folded(prefix)) else ""


def _given(mode: str) -> InvalidValueError:
    place = "in the external schemas of database" if mode == "spectrum" else "in database itself"
    return InvalidValueError(
        f'source_database goes with mode = "multi_database". In mode "{mode}" the raw tables are {place}: leave '
        "source_database out, or change the mode.",
        ("source_database",),
        "source_database without multi_database",
    )


def _missing(database: Any) -> InvalidValueError:
    named = f" {database}" if is_known(database) else ""
    return InvalidValueError(
        f'In mode "multi_database" the views are in the database{named} and the raw tables in another one. Set '
        'source_database to that one, or mode = "single_database" where the raw tables are beside the views.',
        ("source_database",),
        "source_database is missing",
    )


def _same(source: str) -> InvalidValueError:
    return InvalidValueError(
        f"Views and raw tables would both be in the database {source}. Set source_database to another one, or leave it out "
        'with mode = "single_database".',
        ("source_database",),
        "source_database is database",
    )
