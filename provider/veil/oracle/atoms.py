"""The tests that ask about the user. With a profile each is TRUE or FALSE, but for a NULL value looked for."""

import re
from collections.abc import Iterable

from veil.language import tree
from veil.model import DataSource, Integration, covers
from veil.oracle.facts import Facts
from veil.oracle.logic import Truth
from veil.oracle.operands import Operand
from veil.oracle.places import maskable
from veil.oracle.values import rtrim

IDENTITY_PROVIDER = "redshift"
_VARIABLE = re.compile(r"(?<!\w)@(hostname|database|schema|table)\b", re.IGNORECASE)


def contains(held: Iterable[str], value: Operand, placeholder: str | None) -> Truth:
    """Whether the text of the value is one of those held, or the placeholder where none is held.

    Unknown where the value is NULL or has no one text.
    """
    text, texts = value.text, frozenset(held)
    if text is None:
        return None
    if not texts:
        return placeholder is not None and text == rtrim(placeholder)
    return text in texts


def in_groups(facts: Facts, groups: Iterable[str]) -> bool:
    """Whether the user is in all of them, of which there is at least one."""
    wanted = tuple(groups)
    return bool(wanted) and all(facts.in_group(each) for each in wanted)


def has_attribute(facts: Facts, atom: tree.HasAttribute, place: tuple[Integration, DataSource] | None) -> bool:
    """Whether the user holds exactly that pair.

    With a place, in subscriptions, infrastructure variables in the value stand for its parts, and `*` beside them for
    any run of characters.
    """
    if place is None or not _VARIABLE.search(atom.value):
        return facts.holds(atom.name, atom.value)
    pattern = re.compile(_pattern(rtrim(atom.value), *place), re.DOTALL)
    return any(pattern.fullmatch(value) for value in facts.values(atom.name))


def infrastructure(part: str, integration: Integration, source: DataSource) -> str:
    """The host, database, schema or table of the data source."""
    return {
        "hostname": integration.hostname,
        "database": integration.table_database,
        "schema": source.schema,
        "table": source.table,
    }[part]


def tag_among(texts: Iterable[str], place: str, source: DataSource) -> bool:
    """Whether one of the texts equals or covers a tag of the source itself, or of any column that policies see."""
    present = source.tags if place == "dataSource" else {tag for each in maskable(source) for tag in each.tags}
    return any(covers(rtrim(text), tag) for text in texts for tag in present)


def _pattern(text: str, integration: Integration, source: DataSource) -> str:
    """The value as a regular expression: what stands for a part is literal, `*` as written is any run."""
    pieces = re.split(_VARIABLE, text)
    return "".join(
        re.escape(infrastructure(piece.lower(), integration, source))
        if at % 2
        else ".*".join(map(re.escape, piece.split("*")))
        for at, piece in enumerate(pieces)
    )
