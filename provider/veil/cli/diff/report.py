"""What `veil diff` has to say, whatever it is written as."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from veil.diff import MOST_PLACES, Broken, Comparison, Finding, Line, Verdict, lines
from veil.governance import answers

Counts = Mapping[tuple[str, str], answers.RowCounts]
"""How many rows a user sees of a data source before and after, by its key and the user's name."""


@dataclass(frozen=True)
class Report:
    """A comparison, the rules that it breaks, and what a reader has to know of how it was made.
    `all_users` asks for every name. `counts` are there where rows were counted: each for the first
    of the users of a finding, who stands for all of them.
    """

    comparison: Comparison
    broken: tuple[Broken, ...] = ()
    notes: tuple[str, ...] = ()
    all_users: bool = False
    counts: Counts = field(default_factory=dict)

    def rows(self, finding: Finding) -> str | None:
        """How many rows show before and after, such as "798 -> 3,000 of 3,000 rows"; None where
        that was not counted.
        """
        row_counts = self.counts.get((finding.data_source, finding.users[0])) if finding.users else None
        return None if row_counts is None else counted(row_counts)

    def rows_of(self, line: Line) -> Iterator[str]:
        """The same of a line, for each of its data sources, which is named where there are
        several.
        """
        by_view = {each.view: rows for each in line.findings if (rows := self.rows(each)) is not None}
        for view, rows in list(by_view.items())[:MOST_PLACES]:
            yield rows if len(by_view) == 1 else f"{view}: {rows}"
        if len(by_view) > MOST_PLACES:
            yield f"and on {len(by_view) - MOST_PLACES:,} more"

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        return lines(self.comparison.findings)

    @property
    def summary(self) -> str:
        """All of it in a sentence."""
        counts = [
            (verdict, len({user for each in self.comparison.of(verdict) for user in each.users})) for verdict in Verdict
        ]
        parts = [f"{_users(count)} {WORDS[verdict][count != 1]}" for verdict, count in counts if count]
        where = len({each.data_source for each in self.comparison.findings} - {""})
        sentence = f"{', '.join(parts)}, on {_sources(where)}" if parts and where else ", ".join(parts)
        if not sentence:
            sentence = (
                "Nobody's access changes" if not self.comparison.gaps else "Nobody's access changes as far as is known"
            )
        gaps = len(self.comparison.gaps)
        tail = f"; {gaps} gap{'s' if gaps != 1 else ''}" if gaps else ""
        return f"{sentence}{tail}."


def counted(counts: answers.RowCounts) -> str:
    """Counts in words. Small ones could tell of single people, and are told as small."""
    before, after = (_few(each) if each is not None else "0" for each in counts.shown)
    return f"{before} -> {after} of {_few(counts.total)} rows"


def _few(count: int) -> str:
    return f"{count:,}" if count >= LEAST_TOLD else f"<{LEAST_TOLD}"


LEAST_TOLD = 10
"""A count below this is told as small, even 0, but where somebody is not let in at all."""

WORDS = {
    Verdict.GAINS: ("gains", "gain"),
    Verdict.MAY_GAIN: ("may gain", "may gain"),
    Verdict.WEAKENS: ("can read more through a mask", "can read more through a mask"),
    Verdict.LOSES: ("loses", "lose"),
    Verdict.CHANGES: ("sees something else", "see something else"),
}
"""What somebody does, and what several do."""

NOTHING, CHANGED, GAINED, GAPS, FAILED = 0, 2, 3, 4, 1
"""The exit codes: nobody's access changes; somebody loses or sees another mask; somebody gains,
whatever else; nothing but gaps; an error, or a rule that is broken.
"""


def exit_code(report: Report, fail_on: frozenset[str]) -> int:
    """How the command ends. `fail_on` names what does not end in 0: "gain", "weaker" for masks of
    which more can be read, "gap", or "any" for all of these and all other changes; without a name
    that is any.
    """
    comparison = report.comparison
    if report.broken:
        return FAILED
    watched = fail_on or {"any"}
    if comparison.gains and watched & {"any", "gain"}:
        return GAINED
    if comparison.findings and "any" in watched:
        return CHANGED
    if comparison.of(Verdict.WEAKENS) and "weaker" in watched:
        return CHANGED
    return GAPS if comparison.gaps and watched & {"any", "gap"} else NOTHING


def _users(count: int) -> str:
    return f"{count:,} user{'s' if count != 1 else ''}"


def _sources(count: int) -> str:
    return f"{count:,} data source{'s' if count != 1 else ''}"
