"""`--rows`: how many rows a typical member of each class sees before and after."""

from collections.abc import Callable, Iterable

from veil.cli.diff.planned import Planned
from veil.cli.diff.report import Counts
from veil.diff import Finding
from veil.errors import VeilError
from veil.governance import answers
from veil.model import World

Counting = Callable[[World, World, str, str], answers.RowCounts]
"""Counts the rows that a user sees of a data source, by its key, in two Worlds. Raises
VeilError.
"""


def count(planned: Planned, findings: Iterable[Finding], counting: Counting) -> Counts:
    """The counts for the first user of each finding, who stands for all: nothing that is asked
    tells them apart but the values that rules compare with rows. What cannot be counted is told in
    the notes, once for each data source.
    """
    counts: dict[tuple[str, str], answers.RowCounts] = {}
    failed: set[str] = set()
    for each in findings:
        place = each.data_source, each.users[0] if each.users else ""
        if place in counts or each.data_source in failed or not all(place):
            continue
        try:
            counts[place] = counting(planned.before, planned.after, *place)
        except VeilError as problem:
            failed.add(each.data_source)
            planned.notes.append(f"Rows of {each.data_source} are not counted: {problem.summary}. {problem.detail}")
    if counts:
        planned.notes.append(
            "Rows are those that the first user of each class sees now and would see; others of the class may hold other values."
        )
    return counts
