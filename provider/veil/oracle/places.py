"""Where a policy applies: which data sources, and on them which columns."""

import re
from collections.abc import Callable
from functools import lru_cache

from veil.model import AppliesTo, Column, DataSource, covers
from veil.model.tags import depth

_Test = Callable[[Column], bool]


def maskable(source: DataSource) -> tuple[Column, ...]:
    """The columns that policies see: accepted ones and, where the source exposes new columns, those
    too.
    """
    return tuple(column for column in source.columns if column.accepted or source.new_columns == "expose")


def shown(source: DataSource) -> tuple[Column, ...]:
    """The columns that the view has at all. New ones that the source hides do not exist."""
    return source.columns if source.new_columns != "hide" else maskable(source)


def tagged(source: DataSource, tag: str) -> tuple[Column, ...]:
    """The columns policies see under `tag`, in the table's order."""
    return tuple(column for column in maskable(source) if _under(tag, column.tags))


def column(source: DataSource, name: str) -> Column | None:
    """The column of this name that policies see."""
    return next((each for each in maskable(source) if each.name == name), None)


def is_on_source(place: AppliesTo, source: DataSource) -> bool:
    """Whether the data source criteria hold; without any, every source is looked at."""
    if not place.names_sources:
        return True
    tests = [_under(tag, source.tags) for tag in place.data_source_tags]
    tests += [_names(pattern, source.key) for pattern in place.data_sources]
    if place.all_data_sources:
        tests.append(True)
    return all(tests) if place.operator == "all" else any(tests)


def columns_of(place: AppliesTo, source: DataSource) -> tuple[Column, ...]:
    """The columns that a mask with this place covers.

    Data source criteria alone cover all columns (validation refuses such a mask; this is the closed
    reading of it).
    """
    if place.is_empty or not is_on_source(place, source):
        return ()
    return tuple(each for each in maskable(source) if not place.names_columns or _column_holds(place, each))


def covers_source(place: AppliesTo, source: DataSource) -> bool:
    """Whether a row or subscription policy with this place, which is not empty, applies to the
    source.
    """
    if place.is_empty or not is_on_source(place, source):
        return False
    return not place.names_columns or any(_column_holds(place, each) for each in maskable(source))


def tag_depth(place: AppliesTo, on: Column) -> int:
    """How deep the deepest of the place's column tags stands that covers the column; 0 where none
    does.
    """
    return max((depth(tag) for tag in place.column_tags if _under(tag, on.tags)), default=0)


def _column_holds(place: AppliesTo, on: Column) -> bool:
    tests = [_under(tag, on.tags) for tag in place.column_tags]
    if place.column_regex is not None:
        tests.append(_searched(place.column_regex, place.column_regex_case_insensitive, on.name))
    if place.all_columns:
        tests.append(True)
    if place.untagged_columns:
        tests.append(not on.tags)
    return all(tests) if place.operator == "all" else any(tests)


@lru_cache(maxsize=65536)
def _under(tag: str, present: frozenset[str]) -> bool:
    """Whether one of the tags present stands under `tag`. The same few pairs are asked of every
    column of every source.
    """
    return any(covers(tag, each) for each in present)


def _names(pattern: str, key: str) -> bool:
    """Whether a dotted name, in which `*` stands for any run of characters, is that of the source.
    A name that needs quotes is found without them too, unless a part holds a dot or a quote.
    """
    key, wanted_name = _folded(key), _folded(pattern)
    spelled = [key]
    parts = re.findall(r'"((?:[^"]|"")*)"|([^".]+)', key)
    if '"' in key and '"' not in pattern and not any("." in quoted or '"' in quoted for quoted, _ in parts):
        spelled.append(".".join(quoted or plain for quoted, plain in parts))
    wanted = re.compile(".*".join(map(re.escape, wanted_name.split("*"))), re.DOTALL)
    return any(wanted.fullmatch(each) for each in spelled)


def _folded(name: str) -> str:
    """A dotted name as Redshift folds it: ASCII letters in lower case, in quotes too, and no quotes
    where it needs none.
    """
    lower = "".join(letter.lower() if letter.isascii() else letter for letter in name)
    return re.sub(r'(?<![^.])"([a-z_][a-z0-9_$]*)"(?![^.])', r"\1", lower)


def _searched(pattern: str, case_insensitive: bool, name: str) -> bool:
    """Whether the pattern occurs in the name. One that cannot be read matches: the mask then covers
    more.
    """
    try:
        return re.search(pattern, name, re.IGNORECASE if case_insensitive else 0) is not None
    except re.error:
        return True
