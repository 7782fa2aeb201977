"""Clients of Redshift on the embedded engine: their own tests where they have some, and else what
people do with them.

    python -m tests.clients [CLIENT ...] [--checkout REPOSITORY=FOLDER ...] [--sample N]

What a client needs is installed into build/clients, pinned. What no package holds is a checkout
that you name; where it is missing, the client has failed. A table tells what passed; failures that
tests/clients/expected lists by name and reason are counted apart. The exit status is 1 where
anything else failed, or less passed than is wanted.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.clients import asking, dbt, driver, jdbc, python_clients, utilities
from tests.clients.place import MissingError, Place
from tests.clients.trying import Outcome, expected, surprises
from veil.local import Engine, EngineError

FOLDER = Path("build/clients")


@dataclass(frozen=True)
class Client:
    """One client: how it is run, which share of what it tries must pass, and the port that it takes
    for granted, if any.
    """

    name: str
    run: Callable[[Place], Outcome]
    wanted: float = 1.0
    port: int = 0


CLIENTS = (
    Client("driver", driver.run, 0.9, driver.PORT),
    Client("driver-metadata", driver.run_metadata, 0.9),
    Client("admin-views", utilities.views, 0.85),
    Client("stored-procedures", utilities.procedures),
    Client("psql", asking.psql_commands, 0.3),
    Client("sqlalchemy", python_clients.sqlalchemy, 0.8),
    Client("dbt", dbt.run),
    Client("wrangler", python_clients.wrangler),
    Client("jdbc", jdbc.jdbc, 0.9),
    Client("bi-tools", asking.tools),
)


@dataclass(frozen=True)
class Result:
    """What became of a client."""

    client: Client
    outcome: Outcome | None
    missing: str = ""

    @property
    def passed(self) -> int:
        """How many of the things tried went well."""
        return 0 if self.outcome is None else len(self.outcome.tried) - len(self.outcome.failed)

    @property
    def unexpected(self) -> dict[str, str]:
        """What failed and is not listed, with its error."""
        return {} if self.outcome is None else surprises(self.outcome, expected(self.client.name))

    @property
    def is_enough(self) -> bool:
        """Whether as much passed as is wanted, and nothing failed that is not listed."""
        if self.outcome is None or not self.outcome.tried:
            return False
        return not self.unexpected and self.passed >= self.client.wanted * len(self.outcome.tried)


def main(arguments: list[str] | None = None) -> int:
    """Runs the clients; the exit status."""
    given = _parsed(arguments)
    unknown = set(given.clients) - {client.name for client in CLIENTS}
    if unknown:
        print(f"There is no client {', '.join(sorted(unknown))}. There are {', '.join(c.name for c in CLIENTS)}.")
        return 2
    console = Console(width=120)
    checkouts = {name: Path(folder) for name, _, folder in (one.partition("=") for one in given.checkout)}
    results: list[Result] = []
    for client in CLIENTS:
        if not given.clients or client.name in given.clients:
            console.print(f"{client.name} ...")
            results.append(_run(client, given.folder.absolute(), checkouts, given.sample))
            _show_failures(console, results[-1], everything=given.all)
    console.print(_table(results))
    return 0 if all(result.is_enough for result in results) else 1


def _run(client: Client, folder: Path, checkouts: dict[str, Path], sample: int) -> Result:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="veil-clients-") as directory:
        engine = Engine(Path(directory) / "local")
        try:
            address = engine.up(progress=lambda line: None, port=client.port)
            return Result(client, client.run(Place(address, folder, checkouts, sample)))
        except (MissingError, EngineError) as error:
            return Result(client, None, str(error))
        finally:
            engine.reset()


def _show_failures(console: Console, result: Result, *, everything: bool) -> None:
    if result.missing:
        console.print(f"  {result.missing}", markup=False)
    shown = result.outcome.failed if everything and result.outcome is not None else result.unexpected
    for name, error in shown.items():
        console.print(f"  {name}: {error}", markup=False, highlight=False)


def _table(results: list[Result]) -> Table:
    table = Table("client", "passed", "failed", "of these listed", "wanted", "")
    for result in results:
        failed = {} if result.outcome is None else result.outcome.failed
        listed = len(failed) - len(result.unexpected)
        verdict = "missing" if result.outcome is None else "ok" if result.is_enough else "not enough"
        table.add_row(
            result.client.name,
            str(result.passed),
            str(len(failed)),
            str(listed),
            f"{result.client.wanted:.0%}",
            verdict,
        )
    return table


def _parsed(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.clients", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("clients", nargs="*", metavar="CLIENT", help="which; all without one")
    parser.add_argument(
        "--checkout", action="append", default=[], metavar="REPOSITORY=FOLDER", help="a repository's folder"
    )
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where what they need is installed")
    parser.add_argument("--sample", type=int, default=1, metavar="N", help="every n-th of the driver's tests")
    parser.add_argument("--all", action="store_true", help="show the errors of failures that are listed, too")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
