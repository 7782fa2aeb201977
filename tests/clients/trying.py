"""What a client did: the things tried by name, and which of them failed and were expected to."""

from __future__ import annotations

import fnmatch
import json
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import redshift_connector

from tests.clients.place import MINUTES, MissingError, Place
from tests.engine import connect

EXPECTED = Path(__file__).parent / "expected"


@dataclass
class Outcome:
    """The things tried, each with its error or None."""

    tried: dict[str, str | None] = field(default_factory=dict)

    @property
    def failed(self) -> dict[str, str]:
        """What failed, with its error."""
        return {name: error for name, error in self.tried.items() if error is not None}


@dataclass(frozen=True)
class Expected:
    """A failure that we know of: a pattern of names, and why it fails."""

    pattern: str
    reason: str

    def covers(self, name: str) -> bool:
        """Whether a thing of this name is meant. Brackets stand for themselves."""
        return fnmatch.fnmatchcase(name, self.pattern.replace("[", "[[]"))


def expected(client: str, folder: Path = EXPECTED) -> list[Expected]:
    """The failures of a client that we know of: a line each, the pattern and after ` # ` the
    reason.

    Raises:
        ValueError: a line has no reason.
    """
    file = folder / f"{client}.txt"
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    found: list[Expected] = []
    for line in lines:
        if not line.strip() or line.startswith("#"):
            continue
        pattern, mark, reason = line.partition(" # ")
        if not mark or not reason.strip():
            raise ValueError(f"{file.name}: no reason is given for {line!r}")
        found.append(Expected(pattern.strip(), reason.strip()))
    return found


def surprises(outcome: Outcome, known: Iterable[Expected]) -> dict[str, str]:
    """The failures that nobody expected, with their errors."""
    listed = list(known)
    return {name: error for name, error in outcome.failed.items() if not any(one.covers(name) for one in listed)}


def statements(place: Place, texts: Mapping[str, Iterable[str]], database: str | None = None) -> Outcome:
    """Sends the statements of each name over one connection, up to the first error of that name."""
    outcome = Outcome()
    connection = connect(place.address, database=database)
    try:
        for name, sent in texts.items():
            outcome.tried[name] = _first_error(connection, sent)
    finally:
        connection.close()
    return outcome


def _first_error(connection: redshift_connector.Connection, sent: Iterable[str]) -> str | None:
    with connection.cursor() as cursor:
        for statement in sent:
            try:
                cursor.execute(statement)
            except redshift_connector.Error as error:
                fields = error.args[0] if error.args else {}
                return str(fields.get("M", fields)) if isinstance(fields, dict) else str(error)
    return None


def program(place: Place, command: Sequence[str], cwd: Path | None = None) -> Outcome:
    """Runs a program that prints a JSON object {"name", "error"} for each thing that it tried.

    Raises:
        MissingError: it printed none.
    """
    done = subprocess.run(
        command, cwd=cwd, env=place.variables, capture_output=True, text=True, check=False, timeout=30 * MINUTES
    )
    outcome = Outcome()
    for line in done.stdout.splitlines():
        if line.startswith("{"):
            told = json.loads(line)
            outcome.tried[told["name"]] = told["error"]
    if not outcome.tried or done.returncode != 0:
        raise MissingError(f"{Path(command[-1]).name} did not run: {done.stderr.strip()[-2000:]}")
    return outcome
