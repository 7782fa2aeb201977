"""Which databases go with which mode of an integration."""

from typing import Any

from veil.model import Integration
from veil.model.integration import SCHEMA_PREFIX
from veil.plugin import is_known

Problem = tuple[str, str, tuple[str]]
"""Title, detail and attribute path."""


def problem_with_mode(mode: Any, database: Any, source: Any) -> Problem | None:
    """What is wrong with a mode and its databases, as far as they are known; None where nothing is."""
    if not is_known(mode) or not is_known(source):
        return None
    if mode != "multi_database":
        return _given(mode) if source is not None else None
    if source is None:
        return _missing(database)
    # Redshift folds the names of databases.
    return _same(source) if is_known(database) and source.lower() == database.lower() else None


def problem_with_schemas(prefix: Any, view_schema: Any) -> Problem | None:
    """What is wrong with the names of veil's own schemas and that of the views; None where nothing is."""
    if not is_known(prefix):
        return None
    if not SCHEMA_PREFIX.match(prefix):
        return (
            "Invalid value for schema_prefix",
            f"{prefix!r} cannot begin the names of veil's own schemas. Write 1 to 100 lower case letters, digits and "
            "underscores, and no digit first.",
            ("schema_prefix",),
        )
    own = Integration("", "", "", schema_prefix=prefix).own_schemas
    if is_known(view_schema) and view_schema.lower() in own:
        detail = f"{view_schema} is one of veil's own schemas. Name another one for the views, such as governed."
        return "Invalid value for view_schema", detail, ("view_schema",)
    return None


def _given(mode: str) -> Problem:
    place = "in the external schemas of database" if mode == "spectrum" else "in database itself"
    return (
        "source_database without multi_database",
        f'source_database goes with mode = "multi_database". In mode "{mode}" the raw tables are {place}: leave '
        "source_database out, or change the mode.",
        ("source_database",),
    )


def _missing(database: Any) -> Problem:
    named = f" {database}" if is_known(database) else ""
    return (
        "source_database is missing",
        f'In mode "multi_database" the views are in the database{named} and the raw tables in another one. Set '
        'source_database to that one, or mode = "single_database" where the raw tables are beside the views.',
        ("source_database",),
    )


def _same(source: str) -> Problem:
    return (
        "source_database is database",
        f"Views and raw tables would both be in the database {source}. Set source_database to another one, or leave it out "
        'with mode = "single_database".',
        ("source_database",),
    )
