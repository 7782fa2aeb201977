"""From a data source and the World around it to the text of its view."""

from collections.abc import Sequence

from veil.compiler.admission import admission_test
from veil.compiler.columns import column_sql, null_column
from veil.compiler.errors import CompileError
from veil.compiler.quoting import identifier, qualified
from veil.compiler.rows import row_test
from veil.compiler.scope import Scope
from veil.compiler.sql import FALSE, TRUE, Sql
from veil.compiler.users import Tags, system_of
from veil.model import DataSource, Integration, World
from veil.policy import Resolved, resolve
from veil.policy.places import place_of
from veil.policy.resolve import infrastructure

COMPILER_VERSION = 3
"""Raised whenever the same World compiles to another text; views carry it."""


LINE = "\n"


def compile_view(world: World, source: DataSource) -> str:
    """The statement that creates or replaces the data source's view, the same text for the same World.

    Raises CompileError where no view can be written; what is merely closed gives a view without rows.
    """
    resolved = resolve(world, source)
    try:
        return _statement(world.integration, resolved)
    except CompileError as error:
        error.key = source.key if error.key is None else error.key
        raise


def _statement(integration: Integration, resolved: Resolved) -> str:
    source = resolved.source
    if not resolved.columns:
        detail = f"{source.key} has no accepted column. List one in columns, or set new_columns to null or expose."
        raise CompileError("Data source without columns", detail, path=("columns",))
    columns, rest = _closed(resolved, integration) if resolved.closed else _open(resolved, integration)
    named = [f"  {sql} AS {identifier(each.column.name)}" for sql, each in zip(columns, resolved.columns, strict=True)]
    listed = ",\n".join(named)
    return (
        f"CREATE OR REPLACE VIEW {qualified(source.view_schema, source.view_name)} AS\n"
        f"SELECT /* veil compiler {COMPILER_VERSION} */\n{listed}\n{rest}\nWITH NO SCHEMA BINDING"
    )


def _open(resolved: Resolved, integration: Integration) -> tuple[Sequence[Sql], Sql]:
    system, tags = system_of(integration), _tags(resolved, integration)
    types = {column.name: column.type for column in resolved.source.columns}
    scope = Scope(system, columns=types, salted=resolved.source.key)
    rows = row_test(resolved, scope)
    columns = [column_sql(each, rows, scope) for each in resolved.columns]
    filtered = f"\n  AND {rows}" if rows != TRUE else ""
    admitted = admission_test(resolved, system, tags, LINE + "  ")
    return columns, Sql(f"{scope.source(_base(scope, resolved.source), LINE)}\nWHERE {admitted}{filtered}")


def _closed(resolved: Resolved, integration: Integration) -> tuple[Sequence[Sql], Sql]:
    scope = Scope(system_of(integration))
    columns = [null_column(each, scope.reference(each.column.name)) for each in resolved.columns]
    return columns, Sql(f"{scope.source(_base(scope, resolved.source), LINE)}\nWHERE {FALSE}")


def _base(scope: Scope, source: DataSource) -> Sql:
    return scope.system.table(source.schema, source.table)


def _tags(resolved: Resolved, integration: Integration) -> Tags:
    place = place_of(resolved.source)
    columns = frozenset(tag for column, _ in place.columns for tag in column.tags)
    return Tags(resolved.source.tags, columns, infrastructure(integration, resolved.source))
