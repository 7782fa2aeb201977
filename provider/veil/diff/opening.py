"""What one change of a plan opens, counted: which a plan has room to tell in a line."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from veil.diff.comparing import compare, differ
from veil.diff.findings import Comparison, Finding
from veil.model import World


@dataclass(frozen=True)
class Opened:
    """What shows that did not: so many columns by name, on these data sources, to these users.
    `columns` is empty where nothing but rows without a clear value come, or where somebody may act
    as more people.
    """

    users: frozenset[str] = frozenset()
    columns: frozenset[str] = frozenset()
    data_sources: frozenset[str] = frozenset()

    @property
    def words(self) -> str:
        """The same in a few words, such as "opens 2 columns of 3 data sources to 14 users"."""
        if not self.data_sources:
            return f"lets {_counted(len(self.users), 'user')} act as others whom they could not act as"
        what = _counted(len(self.columns), "column") if self.columns else "rows"
        sources = _counted(len(self.data_sources), "data source")
        return f"opens {what} of {sources} to {_counted(len(self.users), 'user')}"


def opened(deployed: World, before: World, after: World, *, now: datetime) -> Opened | None:
    """What opens between `before` and `after` that `deployed` does not show either: what another
    change of the same plan takes is given back, and is no gain. None where nothing opens.
    """
    gains: Sequence[Finding] = compare(before, after, now=now, searching=False).gains
    if gains and differ(deployed, before):
        gains = _as_well(gains, compare(deployed, after, now=now, searching=False))
    if not gains:
        return None
    return Opened(
        frozenset(user for each in gains for user in each.users),
        frozenset(name for each in gains for name in each.reveals),
        frozenset(each.data_source for each in gains if each.data_source),
    )


def _as_well(findings: Iterable[Finding], other: Comparison) -> Sequence[Finding]:
    """Of these gains what is one in the other comparison, too."""
    gains = [(each, frozenset(each.users)) for each in other.gains]
    kept = []
    for each in findings:
        users = {user for gain, users in gains if _is_part(each, gain) for user in users.intersection(each.users)}
        if users:
            kept.append(replace(each, users=tuple(sorted(users))))
    return kept


def _is_part(finding: Finding, gain: Finding) -> bool:
    if finding.data_source != gain.data_source:
        return False
    if finding.aspect == "column" and gain.aspect != "identity":
        return gain.column == finding.column or finding.column in gain.reveals
    return gain.aspect == finding.aspect or (finding.aspect, gain.aspect) in (("rows", "access"), ("access", "rows"))


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'s' if count != 1 else ''}"
