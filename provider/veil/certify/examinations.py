"""What a run examines, in order."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from veil.certify import acting, costs, elsewhere, external, installation, masking, repairs, worlds, writers
from veil.certify.outcome import Outcome
from veil.certify.place import Place


@dataclass(frozen=True)
class Examination:
    """`seconds` is about how long it takes on a cluster, in a whole run and in a quick one: for the
    estimate only. One that `reads_others` has to do with what is not the run's own, and what
    becomes of it is told without names and values.
    """

    name: str
    title: str
    examine: Callable[[Place], Iterator[Outcome]]
    seconds: int
    quick_seconds: int
    reads_others: bool = False


EXAMINATIONS = (
    Examination("installation", "install an integration, and ask every probe", installation.examine, 60, 40),
    Examination("masks", "every mask on every type, compared with the interpreter", masking.examine, 240, 60),
    Examination("acting", "impersonation, projects and purposes", acting.examine, 60, 30),
    Examination(
        "repairs", "read back what was sent; alter things by hand, find and repair it", repairs.examine, 240, 60
    ),
    Examination("writers", "two writers at once", writers.examine, 90, 30),
    Examination("elsewhere", "tables of another database", elsewhere.examine, 90, 60),
    Examination(
        "spectrum", "an external table of Redshift Spectrum, where there is one", external.examine, 90, 60, True
    ),
    Examination("worlds", "random policies over random tables, compared with the interpreter", worlds.examine, 500, 30),
    Examination("costs", "what governed queries cost, and their plans", costs.examine, 240, 20),
)
