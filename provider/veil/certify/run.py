"""A whole run: everything examined, everything removed."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field

from veil.certify.examinations import EXAMINATIONS, Examination
from veil.certify.outcome import Outcome, Status
from veil.certify.place import Place
from veil.certify.scratch import Leftovers, Scratch, clean
from veil.certify.statements import Sent, StatementLog, shape, unnamed
from veil.errors import VeilError
from veil.governance import Governance, errors
from veil.warehouse import Settings, WarehouseError, connect

_DENIED = "42501"
"""Insufficient privilege. Source: PostgreSQL, "Error Codes"."""

Step = Callable[[str], AbstractContextManager[None]]
"""Says what is being done, for as long as it is."""


class OccupiedError(VeilError):
    """The database holds an integration, which is none of a run's."""

    def __init__(self, database: str) -> None:
        super().__init__(
            "This database holds an integration",
            f"A run makes an integration of its own and removes it again, and {database} holds one already; a database has one. "
            "Nothing was made or changed. Make another database in the same warehouse, and name it with --database.",
        )


class RightsError(VeilError):
    """The account may not make what a run works with."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            "This account may not make what a run works with",
            f"{reason.rstrip('.')}. A run makes schemas, users and a group of its own, and nothing of it was left. Sign in as a "
            "superuser: only they make groups.",
        )


@dataclass(frozen=True)
class Options:
    """How much is examined: a quick run takes samples; otherwise so many worlds, and queries over
    so many rows. `only` names the examinations, all where it is empty; there is an integration in
    any case. `external_table` is the one of Redshift Spectrum to look at, by schema and name;
    without it, one that is there is chosen.
    """

    quick: bool = False
    worlds: int = 20
    rows: int = 1_000_000
    only: frozenset[str] = frozenset()
    external_table: tuple[str, str] | None = None

    @property
    def examinations(self) -> tuple[Examination, ...]:
        first, *others = EXAMINATIONS
        return (first, *(each for each in others if not self.only or each.name in self.only))

    @property
    def minutes(self) -> int:
        """About how long it takes on a cluster."""
        seconds = sum(each.quick_seconds if self.quick else each.seconds for each in self.examinations)
        return max(1, round(seconds / 60))


@dataclass(frozen=True)
class Examined:
    """What became of one examination, and how many seconds it took."""

    examination: Examination
    outcomes: tuple[Outcome, ...]
    seconds: float

    def count(self, status: Status) -> int:
        return sum(each.status == status for each in self.outcomes)


@dataclass
class Report:
    """All that was found. Of the warehouse it holds its version alone."""

    token: str
    server: str
    examined: list[Examined] = field(default_factory=list)
    plans: dict[str, str] = field(default_factory=dict)
    statements: int = 0
    shapes: int = 0
    leftovers: Leftovers = field(default_factory=Leftovers)

    @property
    def differences(self) -> list[tuple[Examination, Outcome]]:
        return self._of("differed")

    @property
    def untried(self) -> list[tuple[Examination, Outcome]]:
        return self._of("not tried")

    @property
    def absent(self) -> list[tuple[Examination, Outcome]]:
        """What this warehouse has nothing for."""
        return self._of("absent")

    def _of(self, status: Status) -> list[tuple[Examination, Outcome]]:
        return [
            (each.examination, outcome)
            for each in self.examined
            for outcome in each.outcomes
            if outcome.status == status
        ]

    @property
    def certified(self) -> bool:
        """Whether everything was tried and nothing differed."""
        return not self.differences and not self.untried and not self.leftovers.left


def run(settings: Settings, options: Options, log: StatementLog, step: Step) -> Report:
    """Examine the warehouse. Removes all that it made, whatever happens in between.

    Raises WarehouseError where it cannot be reached, RightsError where the account may not make
    scratch schemas and users, UnderWayError where another run is under way, ForeignListError where
    the list of what runs make is another account's, and OccupiedError where the database holds an
    integration.
    """
    with connect(settings, log.watch) as session:
        ((server,),) = session.query("SELECT pg_catalog.VERSION()")
        with step("Remove what earlier runs left"):
            clean(session, uninstall=lambda prefix: uninstall(session.settings, log, prefix))
        _require_no_integration(session.settings, log)
        place = Place(
            session.settings,
            session,
            Scratch(session),
            log,
            options.quick,
            options.worlds,
            options.rows,
            external_table=options.external_table,
        )
        report = Report(place.scratch.token, str(server))
        try:
            with step(f"Make scratch schemas and users, named {place.scratch.token}_…"):
                _prepare(place)
            report.examined.extend(_examine_all(place, options, step))
        finally:
            report.leftovers = _tidy(place, step)
        report.plans = place.plans
    report.statements, report.shapes = len(log.sent), len(log.shapes)
    return report


def _prepare(place: Place) -> None:
    try:
        place.prepare()
    except WarehouseError as problem:
        if problem.sqlstate == _DENIED:
            raise RightsError(problem.found) from problem
        raise


def _require_no_integration(settings: Settings, log: StatementLog) -> None:
    with _governing(settings, log) as governance:
        if governance.is_recorded():
            raise OccupiedError(settings.database)


def _examine_all(place: Place, options: Options, step: Step) -> Iterator[Examined]:
    """Each examination begins with nothing governed. Without an integration the others cannot be
    tried.
    """
    installed = False
    for examination in options.examinations:
        if examination is not options.examinations[0] and not installed:
            yield Examined(examination, (Outcome(examination.title, "not tried", "There is no integration."),), 0)
            continue
        with step(examination.title[0].upper() + examination.title[1:]):
            examined = _examine(place, examination)
        installed = installed or any(each.status == "passed" for each in examined.outcomes)
        yield examined


def _examine(place: Place, examination: Examination) -> Examined:
    outcomes: list[Outcome] = []
    begun, sent_before = time.monotonic(), len(place.log.sent)
    try:
        for outcome in examination.examine(place):
            outcomes.append(outcome)
            place.scratch.sign_of_life()
    except VeilError as problem:
        outcomes.append(_ended(examination, problem, place.log.sent[sent_before:]))
        _begin_anew(place)
    return Examined(examination, tuple(outcomes), time.monotonic() - begun)


def _ended(examination: Examination, problem: VeilError, sent: Sequence[Sent]) -> Outcome:
    """What is told of an examination that came to an end, after it had sent these statements."""
    subject = f"{examination.title}: it came to an end"
    refused = next((each for each in reversed(sent) if each.error is not None), None)
    if examination.reads_others:
        return Outcome(subject, "differed", unnamed(problem), shape(refused.sql) if refused else "")
    if refused is None or refused.error is None:
        return Outcome(subject, "differed", str(problem))
    return Outcome(subject, "differed", str(problem), refused.sql, refused.error.found)


def _begin_anew(place: Place) -> None:
    """After an examination that failed in the middle: what it governed is removed, so that the next
    one can begin.
    """
    place.close()
    if not place.session.is_open:
        place.session.reconnect()
    try:
        place.ungovern()
    except VeilError:
        return  # It is told already, and the next one says what else fails.


def _tidy(place: Place, step: Step) -> Leftovers:
    with step("Remove all that was made"):
        place.close()
        if not place.session.is_open:
            place.session.reconnect()
        return clean(
            place.session,
            only=place.scratch.token,
            uninstall=lambda prefix: uninstall(place.settings, place.log, prefix),
        )


def uninstall(settings: Settings, log: StatementLog, prefix: str) -> None:
    """Remove the integration of a run, as far as there is one; what is left of it goes with its
    schemas.
    """
    with _governing(settings, log) as governance:
        try:
            deployed = governance.deployed()
            stored = deployed.integration if deployed else None
            if deployed and stored and deployed.layout.prefix == prefix:
                governance.uninstall(stored.id, force=True)
        except (errors.GovernanceError, WarehouseError, ValueError):
            return


@contextmanager
def _governing(settings: Settings, log: StatementLog) -> Iterator[Governance]:
    governance = Governance(settings.database, lambda: connect(settings, log.watch))
    try:
        yield governance
    finally:
        governance.close()
