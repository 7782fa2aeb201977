"""Which views a step from one World to the next makes, replaces and drops."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from veil.compiler import compile_view, is_bound
from veil.governance.admission.known_columns import as_found
from veil.governance.publishing.comments import Comments, comments_of
from veil.governance.requests import TableColumns
from veil.model import Change, DataSource, World
from veil.model.names import canonical
from veil.policy import touched

Tables = Mapping[tuple[str, str], TableColumns]


@dataclass(frozen=True)
class View:
    """A governed view, its whole CREATE statement, and the comments on it."""

    source: DataSource
    text: str
    comments: Comments = field(default_factory=dict)


@dataclass(frozen=True)
class Publication:
    """Views to drop, by (schema, name), and then views to make, both in name order."""

    drops: tuple[tuple[str, str], ...]
    views: tuple[View, ...]

    def replacing(self, unread: Iterable[tuple[str, str]]) -> "Publication":
        """The same where views of ours that nobody read are dropped before others are made: what is
        granted on them is not known.
        """
        return replace(self, drops=tuple(sorted({*self.drops, *unread})))

    def without(self, lost: Container[str], present: Container[tuple[str, str]]) -> "Publication":
        """The same where the views of these data sources cannot be made: those that are `present`
        go.
        """
        gone = [each.source for each in self.views if each.source.key in lost]
        places = ((each.view_schema, each.view_name) for each in gone)
        drops = {*self.drops, *(place for place in places if place in present)}
        return Publication(tuple(sorted(drops)), tuple(each for each in self.views if each.source.key not in lost))


def publication(
    before: World,
    after: World,
    changes: Sequence[Change],
    forced: Iterable[str],
    tables: Tables,
    unwritten: Container[str] = (),
) -> Publication:
    """The views that the changes touch, and those of the `forced` data sources. Those of the
    `unwritten` ones are none: what there is of them goes.

    `tables` are the columns that base tables have now. Where they are not those that a source was
    applied with, its view is made over what is there: a change elsewhere does not have to wait for
    the source's own repair.

    Raises compiler.CompileError where a view cannot be made.
    """
    keys = sorted(touched(before, after, changes) | frozenset(forced))
    drops: list[tuple[str, str]] = []
    views: list[View] = []
    for key in keys:
        old, new = before.data_sources.get(key), after.data_sources.get(key)
        if old is not None and (new is None or not new.enabled or canonical(old.view) != canonical(new.view)):
            drops.append((old.view_schema, old.view_name))
        if new is not None and key in unwritten:
            drops.append((new.view_schema, new.view_name))
        elif new is not None and new.enabled:
            over = _over(new, tables.get((new.schema, new.table)))
            text = compile_view(after, over)
            views.append(View(new, text, comments_of(over, bound=is_bound(text))))
    return Publication(tuple(drops), tuple(views))


def _over(source: DataSource, table: TableColumns | None) -> DataSource:
    known = tuple((column.name, column.type) for column in source.columns)
    return source if table is None or tuple(table) == known else as_found(source, table)
