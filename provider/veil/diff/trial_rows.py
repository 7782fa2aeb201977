"""Rows to try: made of what policies compare rows with, so that they fall on either side of it.

A column holds the literals that stand in the policies, what the user holds, values next to these,
the bounds of its type and NULL. The tables of lookups hold the same values, so that rows are found
there. The same policies and user give the same rows.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from veil.language import Usage, referenced_tags, tree, walk
from veil.model import (
    Categories,
    Column,
    ColumnType,
    DataSource,
    Exceptions,
    Family,
    LookupTables,
    Mask,
    MaskingPolicy,
    Policy,
    RowPolicy,
    RowRule,
    Sql,
    TimeWindow,
    ValueIn,
    Where,
)
from veil.oracle.expressions import read_expression
from veil.oracle.facts import Facts
from veil.oracle.scope import Lookups, Row
from veil.oracle.values import Value

_TEXTS = ("", "a", "A", "US", "zz", "x@example.org", "100%")
_NUMBERS = (Decimal(0), Decimal(1), Decimal(-1), Decimal(7), Decimal("2.5"), Decimal(1000))
_BOUNDS = {Family.SMALLINT: 2**15, Family.INTEGER: 2**31, Family.BIGINT: 2**63}
_DAYS = (0, 1, -1, -40, -400, 400, -4000)
_SHARE_OF_NULLS = 0.12
_SHARES = (0, 0.3, 1)
"""How many of a row's columns have the same value: of some rows none, of some all."""
_MOST_LOOKUP_ROWS = 4
_LONGEST = 200
"""A number up to this may be meant as the length of a text, and there are texts about as long."""


@dataclass
class Words:
    """What policies compare with: texts, numbers and moments; and the lookups that they make, with
    the names of the columns of each.
    """

    texts: set[str] = field(default_factory=set)
    numbers: set[Decimal] = field(default_factory=set)
    lookups: dict[tuple[str, ...], set[str]] = field(default_factory=dict)

    def add(self, other: "Words") -> None:
        self.texts |= other.texts
        self.numbers |= other.numbers
        for table, columns in other.lookups.items():
            self.lookups.setdefault(table, set()).update(columns)


def words_of(policies: Iterable[Policy], holders: Iterable[Facts | None]) -> Words:
    """What the policies compare rows with, and what these users hold."""
    words = Words()
    for policy in policies:
        for text, usage in _expressions(policy):
            words.add(_of_text(text, usage))
        for value in _listed(policy):
            words.texts.add(value)
    for facts in holders:
        if facts is not None:
            words.texts |= facts.groups.certain | facts.groups.doubtful | {facts.user}
            for held in facts.attributes.values():
                words.texts |= held.certain | held.doubtful
    return words


@lru_cache(maxsize=4096)
def size_of(policy: Policy) -> tuple[int, frozenset[str]]:
    """How many nodes the expressions of a policy over rows have, and the tags of columns in them."""
    nodes, tags = 1, frozenset[str]()
    for text, usage in _expressions(policy):
        expression = read_expression(text, usage)
        if expression is not None:
            nodes += sum(1 for _ in walk(expression))
            tags |= referenced_tags(expression)
    return nodes, tags


def _expressions(policy: Policy) -> Iterator[tuple[str, Usage]]:
    if not isinstance(policy, MaskingPolicy | RowPolicy):
        return
    exceptions: Exceptions = policy.exceptions
    for text in (policy.for_everyone_who, exceptions.expression):
        if text is not None:
            yield text, Usage.AUDIENCE
    if isinstance(policy, MaskingPolicy):
        if policy.where is not None:
            yield policy.where, Usage.ROW
        yield from ((each.expression, Usage.MASK) for each in _masks(policy) if isinstance(each, Sql))
        return
    yield from ((each.expression, Usage.ROW) for each in _rules(policy) if isinstance(each, Where))


def _listed(policy: Policy) -> Iterator[str]:
    if isinstance(policy, MaskingPolicy):
        for mask in _masks(policy):
            if isinstance(mask, Categories):
                yield from mask.values
    elif isinstance(policy, RowPolicy):
        for rule in _rules(policy):
            if isinstance(rule, ValueIn):
                yield from rule.values


def _masks(policy: MaskingPolicy) -> list[Mask]:
    return [each for each in (policy.mask, policy.otherwise) if each is not None]


def _rules(policy: RowPolicy) -> list[RowRule]:
    return [each for each in (policy.show, policy.otherwise) if each is not None]


@lru_cache(maxsize=4096)
def _of_text(text: str, usage: Usage) -> Words:
    words = Words()
    expression = read_expression(text, usage)
    for node in walk(expression) if expression is not None else ():
        match node:
            case tree.Text():
                words.texts.add(node.value)
            case tree.Number():
                words.numbers.add(node.value)
            case tree.Moment():
                words.texts.add(node.text)
            case tree.AttributeValuesContains() | tree.GroupsContains() | tree.PurposesContains():
                words.texts |= {node.placeholder} if node.placeholder is not None else set()
            case tree.InLookup():
                columns = words.lookups.setdefault(node.lookup.table, set())
                inside = [node.lookup.select, *([node.lookup.where] if node.lookup.where is not None else [])]
                columns |= {each.name for one in inside for each in walk(one) if isinstance(each, tree.ColumnName)}
    return words


class TrialRows:
    """Rows of a data source, and of the tables of lookups, made of words."""

    def __init__(self, source: DataSource, words: Words, policies: Iterable[Policy], now: datetime) -> None:
        self._source, self._words = source, words
        self._now = now.astimezone(UTC).replace(tzinfo=None)
        self._random = random.Random(source.key)  # noqa: S311
        self._pools: dict[ColumnType, Sequence[Value]] = {}
        rules = [rule for each in policies if isinstance(each, RowPolicy) for rule in _rules(each)]
        self._windows = [each for each in rules if isinstance(each, TimeWindow)]

    def rows(self, count: int) -> Iterator[Row]:
        """So many further rows. Of each some columns have equal values, as far as their types let
        them.
        """
        for _ in range(count):
            common, share = self._random.randrange(1 << 20), self._random.choice(_SHARES)
            row: dict[str, Value] = {}
            for column in self._source.columns:
                pool = self._pool(column.type)
                at = common if self._random.random() < share else self._random.randrange(1 << 20)
                row[column.name] = None if self._random.random() < _SHARE_OF_NULLS else pool[at % len(pool)]
            yield row

    def lookups(self, known: LookupTables) -> Lookups:
        """The tables of lookups, with few rows; those whose columns nobody has looked at hold what
        a column of any type could.
        """
        tables: dict[tuple[str, ...], list[Row]] = {}
        for table, names in sorted(self._words.lookups.items()):
            types = known.get(table) or {}
            columns = [Column(each, types.get(each, self._guessed())) for each in sorted({*names, *types})]
            tables[table] = [
                {
                    each.name: None
                    if self._random.random() < _SHARE_OF_NULLS
                    else self._random.choice(self._pool(each.type))
                    for each in columns
                }
                for _ in range(self._random.randrange(_MOST_LOOKUP_ROWS + 1))
            ]
        return tables

    def _guessed(self) -> ColumnType:
        types = [each.type for each in self._source.columns] or [ColumnType(Family.VARCHAR)]
        return self._random.choice(types)

    def _pool(self, column_type: ColumnType) -> Sequence[Value]:
        if column_type not in self._pools:
            self._pools[column_type] = list(dict.fromkeys(self._values(column_type))) or [None]
        return self._pools[column_type]

    def _values(self, column_type: ColumnType) -> Iterator[Value]:
        family, texts = column_type.family, sorted(self._words.texts)
        if family.is_text:
            numbers = sorted(self._words.numbers)
            yield from (_cut(each, column_type) for each in (*texts, *_TEXTS, *map(str, numbers)))
            lengths = {int(each) + step for each in numbers for step in (-1, 0, 1) if 0 < each < _LONGEST}
            yield from (_cut("x" * each, column_type) for each in sorted(lengths))
        elif family is Family.BOOLEAN:
            yield from (True, False)
        elif family.is_moment:
            yield from self._moments(family, texts)
        elif family.is_number:
            yield from self._numbers(column_type, texts)
        elif family is Family.TIME:
            yield "10:20:30"

    def _numbers(self, column_type: ColumnType, texts: Iterable[str]) -> Iterator[Value]:
        known = {*self._words.numbers, *_NUMBERS, *filter(None, map(_number, texts))}
        near = sorted({each + step for each in known for step in (0, 1, -1)})
        family = column_type.family
        bound = _BOUNDS.get(family)
        for each in near:
            if bound is not None:
                if each == each.to_integral_value() and -bound <= each < bound:
                    yield int(each)
            elif family is Family.NUMERIC:
                yield from _quantized(each, column_type)
            else:
                yield float(each)
        if bound is not None:
            yield from (bound - 1, -bound)

    def _moments(self, family: Family, texts: Iterable[str]) -> Iterator[Value]:
        moments = {self._now.replace(microsecond=0) + timedelta(days=each, hours=each % 5) for each in _DAYS}
        for window in self._windows:
            span = timedelta(minutes=min(window.amount * _MINUTES[window.unit], _MINUTES["years"] * 1000))
            moments |= {self._now - span * 2, self._now - span / 2, self._now - span - timedelta(hours=1)}
        for each in filter(None, map(_moment, texts)):
            moments |= {each, each + timedelta(days=1), each - timedelta(days=1), each + timedelta(hours=1)}
        for each in sorted(moments):
            if family is Family.DATE:
                yield each.date()
            else:
                yield each.replace(tzinfo=UTC) if family is Family.TIMESTAMPTZ else each


_MINUTES = {"minutes": 1, "hours": 60, "days": 1440, "years": 1440 * 365}
"""About as long as the units of a window are: rows stand well on either side of its end."""


def _cut(text: str, column_type: ColumnType) -> str:
    if column_type.family is Family.CHAR:
        ascii_only = "".join(each for each in text if each.isascii())
        return ascii_only[: column_type.length].rstrip(" ")
    return text.encode()[: column_type.length].decode(errors="ignore")


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() and number.adjusted() < _MOST_DIGITS else None


_MOST_DIGITS = 18


def _quantized(number: Decimal, column_type: ColumnType) -> Iterator[Decimal]:
    scale, precision = column_type.scale or 0, column_type.precision or 18
    if number.adjusted() >= precision - scale:
        return
    yield number.quantize(Decimal(1).scaleb(-scale)) + 0


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC).replace(tzinfo=None)
    return moment if date(2, 1, 1) < moment.date() < date(9998, 1, 1) else None
