"""From a data source and the World around it to the text of its view."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from veil.compiler.admission import admitted_whom
from veil.compiler.building import FALSE, TRUE, conjunction, infix, is_null
from veil.compiler.columns import Columns, null_column
from veil.compiler.decided import Decided
from veil.compiler.errors import CompileError
from veil.compiler.printer import MOST_BYTES, StatementTooLongError, functions_called, print_view
from veil.compiler.rows import row_test
from veil.compiler.scope import ADMITTED, Place, Scope, opened_for
from veil.compiler.sql import CommonTable, CreateView, Output, Query, Select, Sql, Table, TextLiteral, With
from veil.compiler.users import CALLER, Caller, Tags, caller_entries, system_of
from veil.model import DataSource, Integration, Kind, World
from veil.policy import Resolved, resolve
from veil.policy.resolve import infrastructure

COMPILER_VERSION = 8
"""Raised whenever the same World compiles to another text; views carry it."""

_MARK = re.compile(r"/\* veil compiler (\d{1,9}) \*/|'veil compiler (\d{1,9})'")
"""As a remark, and in a bound view, of which the server keeps no remarks, as a literal."""

_LATE_BINDING = "\nWITH NO SCHEMA BINDING"

CLOSABLE_SINCE = 4
"""The first version whose views look for what closes their data source."""


def compiler_of(text: str) -> int | None:
    """The version of the compiler that says in a view's text that it made it."""
    match = _MARK.search(text)
    return int(match[1] or match[2]) if match else None


def is_bound(text: str) -> bool:
    """Whether a text that `compile_view` made is that of a bound view, and not of a late-binding
    one.
    """
    return not text.endswith(_LATE_BINDING)


def select_of(text: str) -> str:
    """The SELECT of a text that `compile_view` made, without what makes it a view and says which
    compiler did.
    """
    return text.removesuffix(_LATE_BINDING).partition("\n")[2]


def compile_view(world: World, source: DataSource) -> str:
    """The statement that creates or replaces the data source's view, the same text for the same
    World.

    Raises CompileError where no view can be written, or one that is too long, which then names the
    policy that makes it so; what is merely closed gives a view without rows.
    """
    return compile_resolved(world.integration, resolve(world, source))


def compile_resolved(integration: Integration, resolved: Resolved) -> str:
    """The same of what `resolve` gave."""
    source = resolved.source
    try:
        return print_view(_view(integration, resolved))
    except StatementTooLongError:
        error = _too_long(integration, resolved)
        error.source = source.key
        raise error from None
    except CompileError as error:
        error.key = source.key if error.key is None else error.key
        error.source = source.key
        raise


def view_of(world: World, source: DataSource) -> CreateView:
    """The view as a tree, before it is text. Raises CompileError where there can be none."""
    return _view(world.integration, resolve(world, source))


def _too_long(integration: Integration, resolved: Resolved) -> CompileError:
    """Names the policy by which alone the view would be longest."""
    source = resolved.source
    longest = max(_policies(resolved), key=lambda each: _length(integration, each[2]), default=None)
    shown = f"The view of {source.key} would have more than {MOST_BYTES:,} bytes"
    if longest is None:
        detail = f"{shown}: it has {len(resolved.columns):,} columns. Govern fewer of them."
        return CompileError("View that is too long", detail, key=source.key, path=("columns",), is_too_long=True)
    kind, name, _ = longest
    detail = f"{shown}, most of them by the policy {name!r}. Shorten its expressions, or apply it to fewer columns."
    return CompileError("View that is too long", detail, kind, name, is_too_long=True)


def _policies(resolved: Resolved) -> Iterator[tuple[Kind, str, Resolved]]:
    """Each policy, and what the view would do by it alone."""
    bare = replace(
        resolved, columns=tuple(replace(each, masks=()) for each in resolved.columns), rows=(), grants=(), guardrails=()
    )
    for name in sorted({mask.policy for column in resolved.columns for mask in column.masks}):
        columns = tuple(
            replace(each, masks=tuple(mask for mask in each.masks if mask.policy == name)) for each in resolved.columns
        )
        yield Kind.MASKING_POLICY, name, replace(bare, columns=columns)
    for rows in resolved.rows:
        yield Kind.ROW_POLICY, rows.policy, replace(bare, rows=(rows,))
    for admission in (*resolved.grants, *resolved.guardrails):
        yield Kind.SUBSCRIPTION_POLICY, admission.policy, replace(bare, guardrails=(admission,))


def _length(integration: Integration, resolved: Resolved) -> int:
    try:
        return len(print_view(_view(integration, resolved)))
    except StatementTooLongError:
        return MOST_BYTES + 1


def _view(integration: Integration, resolved: Resolved) -> CreateView:
    source = resolved.source
    if not resolved.columns:
        detail = f"{source.key} has no accepted column. List one in columns, or set new_columns to null or expose."
        raise CompileError("Data source without columns", detail, path=("columns",))
    query = _closed(resolved, integration) if resolved.closed else _open(resolved, integration)
    view = CreateView(Table((source.view_schema, source.view_name)), query, f"veil compiler {COMPILER_VERSION}")
    unresolved = functions_called(view) & integration.unresolved if integration.unresolved else ()
    return _bound(view, integration, sorted(unresolved)) if unresolved else view


def _bound(view: CreateView, integration: Integration, unresolved: Sequence[str]) -> CreateView:
    """The same view, bound: what it calls are the functions that the session finds which makes
    it.
    """
    if integration.mode != "single_database":
        named = ", ".join(unresolved)
        detail = (
            f"The view calls {named}, and this warehouse does not find built-in functions under pg_catalog in a view that is "
            "WITH NO SCHEMA BINDING, which one over tables of another database or external tables has to be. Without that name "
            "whoever asks could put a function of theirs in the place of one, so no such view is made. Use policies that do "
            "without, or govern copies of the tables in the database of the integration."
        )
        raise CompileError("No safe way to call a function", detail)
    query = view.query
    main = query.query if isinstance(query, With) else query
    # Whatever else is in there: a FALSE beside it would make `conjunction` leave it out.
    marked = replace(main, where=infix("AND", main.where or TRUE, is_null(TextLiteral(view.remark), negated=True)))
    return replace(view, query=replace(query, query=marked) if isinstance(query, With) else marked, is_bound=True)


def _open(resolved: Resolved, integration: Integration) -> Query:
    decided = Decided(system_of(integration), Caller(CALLER), resolved.source.key)
    columns = {column.name: column.type for column in resolved.source.columns}
    scope = Scope(decided, columns=columns, lookups=resolved.lookups)
    shown = row_test(resolved, scope.placed(Place.FILTER))
    compiler = Columns(row_test(resolved, scope), scope, resolved.source)
    outputs = [compiler.sql(each) for each in resolved.columns]
    admitted = admitted_whom(resolved, decided, _tags(resolved, integration))
    system = decided.system
    about = decided.tables(caller_entries(system), caller_entries(system, "possible_entry"))
    known = (*about, CommonTable(ADMITTED.name, admitted))
    # By itself it stops everything before a row is read. What else is decided must be decided for
    # the same caller.
    gate, same = is_null(opened_for(), negated=True), infix("=", scope.whom, opened_for()) if scope.decides else TRUE
    condition = conjunction([gate, shown, same])
    condition = conjunction([condition, *scope.agreements])
    if type_tests := scope.type_tests:
        # Not by `conjunction`, which compares each with all others: there may be as many as
        # columns.
        condition = infix("AND", condition, *type_tests)
    return With(known, _select(resolved, outputs, scope, condition))


def _closed(resolved: Resolved, integration: Integration) -> Select:
    scope = Scope(Decided(system_of(integration), Caller(CALLER)))
    columns = [null_column(each, scope.reference(each.column.name)) for each in resolved.columns]
    return _select(resolved, columns, scope, FALSE)


def _select(resolved: Resolved, columns: Sequence[Sql], scope: Scope, condition: Sql) -> Select:
    named = zip(columns, resolved.columns, strict=True)
    outputs = tuple(Output(sql, each.column.name, quoted=True) for sql, each in named)
    source = resolved.source
    return Select(outputs, scope.source(scope.decided.system.table(source.schema, source.table)), condition)


def _tags(resolved: Resolved, integration: Integration) -> Tags:
    return Tags(resolved.source.tags, resolved.column_tags, infrastructure(integration, resolved.source))
