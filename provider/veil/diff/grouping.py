"""Findings as people are told them: what is new for the same users, for the same reason, is one
line.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from veil.diff.findings import Because, Finding, Verdict
from veil.model.quoting import quoted_name


@dataclass(frozen=True)
class Line:
    """One line: the users, the places where it happens, and what happens there. `places` are views,
    or columns of them, as dotted names; `addresses` and `reasons` are those of all of them.
    """

    verdict: Verdict
    users: Sequence[str]
    who: str
    places: tuple[str, ...]
    before: str
    after: str
    because: Because
    own: bool
    also_loses: bool
    findings: tuple[Finding, ...]

    @property
    def cause(self) -> str:
        """Why it happens, from "because" on; empty where that is not known."""
        own = "by a change of their own: " if self.own else ""
        return f"because {own}{'; '.join(self.because.reasons)}" if self.because.reasons else ""


def lines(findings: Iterable[Finding]) -> tuple[Line, ...]:
    """The lines of these findings, in their order."""
    alike: dict[Any, list[Finding]] = defaultdict(list)
    for each in findings:
        alike[
            each.verdict,
            each.aspect,
            each.users,
            each.who,
            each.before,
            each.after,
            each.because,
            each.own,
            each.also_loses,
        ].append(each)
    return tuple(_line(each) for each in alike.values())


def _line(findings: list[Finding]) -> Line:
    first = findings[0]
    return Line(
        first.verdict,
        first.users,
        first.who,
        tuple(map(place, findings)),
        first.before,
        first.after,
        first.because,
        first.own,
        first.also_loses,
        tuple(findings),
    )


def place(finding: Finding) -> str:
    """Where it happens: the view, or its column."""
    if finding.aspect == "identity":
        return "impersonation"
    return finding.view if finding.column is None else f"{finding.view}.{_plain(finding.column)}"


def _plain(name: str) -> str:
    return name if name.isidentifier() or name.startswith("(") else quoted_name(name)


def people(users: Sequence[str], who: str) -> str:
    """Users in a few words: what they have in common, else the names of the first."""
    count = len(users)
    if count == 1 and who != "everybody":
        return users[0]
    if who:
        return f"{count:,} user{'s' if count != 1 else ''} ({who})"
    if count <= _NAMED:
        return f"{', '.join(list(users)[:-1])} and {users[-1]}"
    return f"{', '.join(list(users[:_NAMED]))} and {count - _NAMED:,} more"


_NAMED = 3
"""So many users are named."""


def where(places: tuple[str, ...]) -> str:
    """Places in a few words."""
    if len(places) <= MOST_PLACES:
        return ", ".join(places)
    return f"{', '.join(places[: MOST_PLACES - 1])} and {len(places) - MOST_PLACES + 1:,} more"


MOST_PLACES = 4
"""So many places are named."""
