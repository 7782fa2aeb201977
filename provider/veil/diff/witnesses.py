"""Rows that show what is said to be gained: conditions are compared by what they are made of, and
so a gain may be one that no row has. What a row shows is asked of the interpreter.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import prod

from veil.diff.access import Rules, may_return
from veil.diff.findings import Witness
from veil.diff.trial_rows import TrialRows, size_of, words_of
from veil.model import Column, KAnonymity, MaskingPolicy, Policy, Runtime, World, words
from veil.oracle.admission import admission
from veil.oracle.audience import excepted
from veil.oracle.expressions import over_row, passes
from veil.oracle.facts import acknowledgement_hash, facts_in
from veil.oracle.mask_order import decide
from veil.oracle.places import tagged
from veil.oracle.rows import policy_shows
from veil.oracle.scope import Lookups, Row, Scope

_CHUNKS = (8, 24, 96)
"""So many rows are tried, each time with other tables of lookups. Most gains show in the first
few.
"""
_MOST_EFFORT = 2_000_000
"""So many nodes of expressions are evaluated in one comparison, about. What is left then counts as
not found.
"""
_MOST_FOR_ONE, _MOST_FOR_ONE_OF_MANY = 40_000, 4_000
"""So many of them in the search for one user on one data source: while a tenth of all is not spent,
and after that, so that a few gains that no row shows leave enough for a thousand that many do.
"""
_FOR_EACH_SHARING = 8
"""What it takes to find out what a user shares with one more member of an equalized project."""
_SALT = "0" * 64


Shown = Mapping[str | None, Witness]
"""The rows that show what none shows before: by column one of which a value shows in the clear, and
by None one that shows itself.
"""


@dataclass
class Witnesses:
    """Searches for rows between two Worlds, at `now`."""

    now: datetime
    _effort: int = 0
    _known: dict[object, Shown] = field(default_factory=dict)
    _searches: dict[tuple[str, str], "_Search"] = field(default_factory=dict)

    def search(
        self, rules: tuple[Rules | None, Rules | None], user: str, wanted: frozenset[str | None], place: object
    ) -> Shown:
        """What rows show to the user, of what is wanted. What is found in a `place` holds for
        whatever else is there.
        """
        before, after = rules
        if place not in self._known and after is not None:
            key = after.source.key, user
            if key not in self._searches:
                sharing = sum(len(_sharing(one, user)) for one in rules if one is not None)
                if self._effort + _FOR_EACH_SHARING * sharing > _MOST_EFFORT:
                    return {}
                self._effort += _FOR_EACH_SHARING * sharing
                most = _MOST_FOR_ONE if self._effort < _MOST_EFFORT // 10 else _MOST_FOR_ONE_OF_MANY
                self._searches[key] = _Search(before, after, user, self.now, most)
            search = self._searches[key]
            self._effort += search.go_on(wanted, _MOST_EFFORT - self._effort)
            self._known[place] = {each: search.shown[each] for each in wanted if each in search.shown}
        return self._known.get(place, {})


class _Search:
    """The rows that are tried for a user on a data source, as far as it was asked so far, until
    about `most` nodes were evaluated.
    """

    def __init__(self, before: Rules | None, after: Rules, user: str, now: datetime, most: int) -> None:
        known = [each for each in (before, after) if each is not None]
        policies = list({id(each): each for one in known for each in one.policies}.values())
        words = words_of(policies, [facts_in(one.world, user, now, None) for one in known])
        self._user, self._after, self._trial = user, after, TrialRows(after.source, words, policies, now)
        self._copies = _copies(policies)
        self._sides = [
            (_Side(before, user, now, agreed=agreed) if before is not None else None, gets)
            for agreed in ((False, True) if any(map(_is_asked_to_agree, known)) else (False,))
            if (gets := _Side(after, user, now, agreed=agreed)).is_admitted
        ]
        each_row = sum(_cost(each, policies) for each in known)
        self._cost = 1 + each_row * sum(gets.situations for _, gets in self._sides)
        self._rows = self._tried()
        self._left = most
        self.shown: dict[str | None, Witness] = {}

    def go_on(self, wanted: frozenset[str | None], most: int) -> int:
        """Try rows until all that is wanted shows, or it would take more than `most`. Returns how
        much it took.
        """
        effort = 0
        while not wanted <= self.shown.keys():
            if effort + self._cost > most or self._left < self._cost:
                break
            tried = next(self._rows, None)
            if tried is None:
                break
            self._try(*tried)
            effort += self._cost
            self._left -= self._cost
        return effort

    def _tried(self) -> Iterator[tuple[Row, Lookups]]:
        for count in _CHUNKS if self._sides else ():
            lookups = self._trial.lookups(self._after.world.lookups)
            yield from ((row, lookups) for row in self._trial.rows(count))

    def _try(self, row: Row, lookups: Lookups) -> None:
        for at, (had, gets) in enumerate(self._sides):
            new = gets.shows(row, lookups, self._copies).difference(self.shown)
            if new and had is not None:
                new -= had.shows(row, lookups, self._copies)
            if new:
                self.shown |= dict.fromkeys(new, Witness(self._user, row, lookups, agreed=at > 0))


class _Side:
    """What a user sees of single rows in one World, in whatever project they may act in."""

    def __init__(self, rules: Rules, user: str, now: datetime, *, agreed: bool) -> None:
        self._rules = rules
        world = _agreed(rules.world, _sharing(rules, user)) if agreed else rules.world
        scopes = [
            Scope(
                world=world,
                source=rules.source,
                facts=facts_in(world, user, now, each),
                now=now,
                salt=_SALT,
                join_salt=_SALT,
            )
            for each in (None, *rules.projects(user))
        ]
        is_open = not rules.closed
        self._scopes = [each for each in scopes if is_open and admission(replace(each, subscription=True)).admitted]
        self._handing: dict[tuple[str, str], bool] = {}

    @property
    def is_admitted(self) -> bool:
        return bool(self._scopes)

    @property
    def situations(self) -> int:
        return len(self._scopes)

    def shows(self, row: Row, lookups: Lookups, copies: int) -> frozenset[str | None]:
        """The columns that show in the clear, and None where the row shows. `copies` is how many
        such rows the table has.
        """
        shown = set[str | None]()
        for scope in self._scopes:
            here = replace(scope, row=row, rows=(row,), lookups=lookups, counted=_Copies(copies))
            if not all(policy_shows(each, here) for each in self._rules.row_policies):
                continue
            shown.add(None)
            passing: dict[str, bool] = {}
            for column in self._rules.columns:
                stack = self._rules.masks.get(column.name)
                if stack is not None and column.name not in self._rules.nulled and column.name not in shown:
                    deciding = next((each for each in stack if not self._passes(each, here, passing)), None)
                    if deciding is None or self._hands_back(deciding, column, here):
                        shown.add(column.name)
        return frozenset(shown)

    @staticmethod
    def _passes(policy: MaskingPolicy, scope: Scope, known: dict[str, bool]) -> bool:
        """Whether the policy leaves a cell of the scope's row to the next one, which is found once
        for all columns.
        """
        if policy.name not in known:
            known[policy.name] = excepted(policy.exceptions, scope) is True or (
                policy.where is not None and passes(over_row(policy.where, scope))
            )
        return known[policy.name]

    def _hands_back(self, policy: MaskingPolicy, column: Column, scope: Scope) -> bool:
        """Whether a value comes out as it is since a mask leaves it, and not since the mask puts
        just that in its place.
        """
        place = policy.name, column.name
        if place not in self._handing:
            self._handing[place] = any(may_return(mask, column) for mask in (policy.mask, policy.otherwise))
        if not self._handing[place]:
            return False
        value, _ = decide(column, [policy], scope)
        return value is not None and value == scope.row.get(column.name)


def _is_asked_to_agree(rules: Rules) -> bool:
    return any(words(rules.world.purposes, name) for name in rules.world.purposes)


def _cost(rules: Rules, policies: Iterable[Policy]) -> int:
    """About how many nodes of expressions are evaluated for a row: each for every choice of the
    columns that tags stand for.
    """
    return sum(
        nodes * prod(max(1, len(tagged(rules.source, tag))) for tag in tags) for nodes, tags in map(size_of, policies)
    )


def _sharing(rules: Rules, user: str) -> frozenset[str]:
    """The user, and the members of the equalized projects in which they may act here."""
    projects = (rules.world.projects[name] for name in rules.projects(user))
    return frozenset({user}).union(*(each.members for each in projects if each.equalized))


def _agreed(world: World, users: Iterable[str]) -> World:
    """The World once these users have acknowledged every purpose, which they may without anybody's
    leave. It knows of no others what they have acknowledged.
    """
    texts = {name: text for name in world.purposes if (text := words(world.purposes, name))}
    hashes = {name: acknowledgement_hash(text) for name, text in texts.items()}
    known = {user: world.runtimes.get(user) or Runtime(user) for user in users}
    return replace(world, runtimes={user: replace(each, acknowledgements=hashes) for user, each in known.items()})


def _copies(policies: Iterable[Policy]) -> int:
    masks: Sequence[object] = [
        mask for each in policies if isinstance(each, MaskingPolicy) for mask in (each.mask, each.otherwise)
    ]
    return max([1, *(each.k for each in masks if isinstance(each, KAnonymity))])


class _Copies(dict[tuple[str, ...], Counter[tuple[str | None, ...]]]):
    """How many rows are alike, in whatever columns, where all are copies of one."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self._count = count

    def __contains__(self, columns: object) -> bool:
        return True

    def __missing__(self, columns: tuple[str, ...]) -> Counter[tuple[str | None, ...]]:
        return _Alike(self._count)


class _Alike(Counter[tuple[str | None, ...]]):
    def __init__(self, count: int) -> None:
        super().__init__()
        self._count = count

    def __missing__(self, row: tuple[str | None, ...]) -> int:
        return self._count
