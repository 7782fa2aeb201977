"""Views of others that hold on to what governed views once were.

AWS documents that a standard view over a late-binding view contains the definition and the owner
that this one had when the standard view was made ("CREATE VIEW", usage notes), until it is made
again. A policy that changes afterwards does not reach whoever reads it. A materialized view would
hold on to rows: AWS documents that none can be made over a standard view ("CREATE MATERIALIZED
VIEW", limitations), and one that a warehouse has all the same is found. A late-binding view over a
governed one does neither.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from veil.governance.metadata.view_texts import mentions, read_view_text, words_of
from veil.model import DataSource
from veil.model.names import canonical, dotted, split
from veil.warehouse import OtherView, Snapshot, qualified

Place = tuple[str, str]


@dataclass(frozen=True, order=True, slots=True)
class FrozenView:
    """A view of somebody else's that is bound to a governed one, or to what is, or that keeps its
    rows.
    """

    place: Place
    owner: str
    materialized: bool = False

    @property
    def dropping(self) -> str:
        """The statement that drops it."""
        return f"DROP {'MATERIALIZED ' if self.materialized else ''}VIEW {qualified(*self.place)}"

    def warning(self, governed: str) -> str:
        """What it does to a governed view, in sentences."""
        name = dotted(*self.place)
        if self.materialized:
            return (
                f"The materialized view {name} of {self.owner} reads {governed} and keeps the rows that were shown at its last "
                "refresh, whoever asks for them. Drop it."
            )
        return (
            f"The view {name} of {self.owner} is bound to {governed} and keeps what its policies were when {name} was made. "
            "Drop it, or make it WITH NO SCHEMA BINDING."
        )


def frozen_views(
    snapshot: Snapshot, sources: Iterable[DataSource], system: str
) -> Mapping[str, tuple[FrozenView, ...]]:
    """By data source, the views of others that hold on to what its view was. `system` is the schema
    of our own views.
    """
    links = _Links(snapshot, list(sources), system)
    frozen: dict[str, set[FrozenView]] = {}
    for place, view in links.others.items():
        if not links.is_late_binding(view):
            for key in links.reached(place):
                frozen.setdefault(key, set()).add(FrozenView(place, view.owner, links.is_materialized(view)))
    return {key: tuple(sorted(views)) for key, views in frozen.items()}


class _Links:
    """Which views read which. Texts are read only on the way from a view that is not
    late-binding.
    """

    def __init__(self, snapshot: Snapshot, sources: list[DataSource], system: str) -> None:
        self._system = system
        self._governed = {(row.view_schema, row.view_name): key for key, row in snapshot.published.items()}
        self._governed |= {_place(canonical(each.view)): each.key for each in sources}
        self._tables = {(each.schema, each.table): each.key for each in sources}
        self.others = dict(snapshot.other_views)
        for place, state in snapshot.views.items():
            known = self.others.get(place, OtherView(state.owner))
            self.others[place] = OtherView(state.owner, known.reads, state.text, known.materialized)
        for place in [each for each in self.others if each in self._governed or each[0] == system]:
            del self.others[place]
        self._named = _by_last_part([*self._governed, *self.others])
        self._known: dict[Place, frozenset[Place]] = {}

    def is_late_binding(self, view: OtherView) -> bool:
        if view.reads or view.materialized:
            return False
        if view.seems_late_binding:
            return True
        read = read_view_text(view.text)
        return read is not None and read.late_binding

    def is_materialized(self, view: OtherView) -> bool:
        return view.materialized or words_of(view.text[:200]) >= {"create", "materialized", "view"}

    def reached(self, place: Place) -> frozenset[str]:
        """The keys of the data sources whose views this one reads, directly or by way of others."""
        keys: set[str] = set()
        seen, waiting = {place}, [place]
        while waiting:
            reads = self._reads(waiting.pop())
            keys.update(self._governed[each] for each in reads if each in self._governed)
            if any(schema == self._system for schema, _ in reads):
                # What contains the definition of a governed view reads what that did.
                keys.update(self._tables[each] for each in reads if each in self._tables)
            further = [each for each in reads if each in self.others and each not in seen]
            seen.update(further)
            waiting += further
        return frozenset(keys)

    def _reads(self, place: Place) -> frozenset[Place]:
        if place not in self._known:
            self._known[place] = self._found(self.others[place])
        return self._known[place]

    def _found(self, view: OtherView) -> frozenset[Place]:
        words = words_of(view.text)
        named = [each for word in (*words, "") for each in self._named.get(word, ()) if mentions(words, each[1:])]
        suspects = frozenset(each for each in named if mentions(words, each))
        if not named and self._system not in words:
            return view.reads
        read = read_view_text(view.text)
        if read is None:
            return view.reads | suspects
        # A materialized view shows its text as its maker wrote it, on a search_path of theirs. What
        # is recorded of it tells more.
        bare = read.bare if self.is_materialized(view) and not view.reads else frozenset()
        return view.reads | read.pairs | {each for each in named if each[1] in bare}


def _place(name: str) -> Place:
    schema, view = split(name)
    return schema, view


def _by_last_part(places: Iterable[Place]) -> Mapping[str, tuple[Place, ...]]:
    """Places by a word of their names, by which a text that reads one is found; by "" those whose
    names have none.
    """
    by_word: dict[str, list[Place]] = {}
    for place in places:
        word = min(words_of(place[1]), default="")
        by_word.setdefault(word, []).append(place)
    return {word: tuple(some) for word, some in by_word.items()}
