"""The views of others, as far as they may read ours.

Of a bound or materialized view the catalog records what it was made over (pg_depend). Of a
late-binding view it records nothing, so what it reads stands in its text alone. Whether it records
that a bound view reads a late-binding one no documentation says: the texts of bound views are read,
too.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from veil.warehouse.quoting import literal, literals
from veil.warehouse.session import Row, Session
from veil.warehouse.templates import render_one

Place = tuple[str, str]

_LATE_BINDING = re.compile(r"\bno\s+schema\s+binding[\s;]*\Z", re.IGNORECASE)
_MATERIALIZED = "materialized"
_WORD = re.compile(r"\w+", re.ASCII)


@dataclass(frozen=True, slots=True)
class OtherView:
    """A view that is not ours. `reads` is what the catalog records that it was made over; `text`
    its definition, empty where that names nothing of ours.
    """

    owner: str
    reads: frozenset[Place] = frozenset()
    text: str = ""
    materialized: bool = False

    @property
    def seems_late_binding(self) -> bool:
        """Whether it looks late-binding, without its text having been read. One that says so at the
        end of a comment may be another kind; a bound view's text is the server's own and has no
        comments.
        """
        return not self.reads and is_late_binding(self.text) and _MATERIALIZED not in self.text.lower()


def is_late_binding(text: str) -> bool:
    """Whether the text that the server shows of a view of ours is that of a late-binding one: of
    these it shows the statement.
    """
    return _LATE_BINDING.search(text) is not None


def read_other_views(session: Session, schemas: Iterable[str]) -> Mapping[Place, OtherView]:
    """The views outside of `schemas`, which are ours, that the catalog says to be bound to
    something or whose texts may name something in these schemas, be it by way of late-binding views
    in between; and the bound views within.

    A query, and one more for each level of late-binding views on top of each other, whatever their
    number.
    """
    recorded = _recorded(session.query(render_one("reads/view_dependencies", {})))
    own = frozenset(schemas)
    texts: dict[Place, tuple[str, str]] = {}
    asked: set[str] = set()
    wanted = _first_words(own)
    while wanted - asked:
        rows = session.query(_mentioning(own, wanted - asked))
        asked |= wanted
        level = {(schema, name): (owner, text or "") for schema, name, owner, text in rows}
        # Whoever reads one of these late-binding views reads ours as well.
        wanted = {
            _longest_word(schema)
            for (schema, _), (owner, text) in level.items()
            if OtherView(owner, text=text).seems_late_binding
        }
        texts |= level
    views = {place: OtherView(owner, text=text) for place, (owner, text) in texts.items()}
    for place, (owner, materialized, reads) in recorded.items():
        views[place] = OtherView(owner, frozenset(reads), texts.get(place, ("", ""))[1], materialized)
    return views


def _recorded(rows: Iterable[Row]) -> dict[Place, tuple[str, bool, set[Place]]]:
    recorded: dict[Place, tuple[str, bool, set[Place]]] = {}
    for schema, name, owner, kind, read_schema, read_name in rows:
        _, _, reads = recorded.setdefault((schema, name), (owner, kind == "m", set()))
        reads.add((read_schema, read_name))
    return recorded


def first_mentions(schemas: Iterable[str]) -> str:
    """The statement with which `read_other_views` asks for texts first."""
    return _mentioning(schemas, _first_words(schemas))


def _first_words(schemas: Iterable[str]) -> set[str]:
    return {_longest_word(each) for each in schemas} | {_MATERIALIZED}


def _mentioning(own: Iterable[str], words: Iterable[str]) -> str:
    mentions = (f"pg_catalog.STRPOS(pg_catalog.LOWER(definition), {literal(each)}) > 0" for each in sorted(words))
    return render_one("reads/view_mentions", {"schemas": literals(own), "mentions": " OR ".join(mentions)})


def _longest_word(name: str) -> str:
    """What a text that names a schema holds however it is quoted and folded; every text holds the
    empty word.
    """
    return max(_WORD.findall(name.lower()), key=len, default="")
