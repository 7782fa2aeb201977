"""The drift matrix: every tampering on a warehouse of its own, found by a plan and put right by an
apply.

    python -m tests.acceptance.drift_matrix [WORD ...]

With words, only the tamperings whose names hold one of them. A line tells of each; the exit status
is 1 where one was not found, or not put right. What an apply cannot put right is to be found as a
warning, and to be gone once a person has done so. The warehouse is the embedded engine's, the
provider is driven by real terraform.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.acceptance.conftest import PASSWORD, USERS, Database, header, sample
from tests.acceptance.lifecycle import INTEGRATION, act, prepare, resources
from tests.acceptance.tampering.kinds import STRANGERS, Tampering
from tests.acceptance.tampering.rounds import ALL
from tests.acceptance.tampering.trying import not_clean, not_put_right, plan, uncalled_for, untold
from tests.acceptance.terraform import Workspace, find_terraform, install_provider
from veil.local import Engine
from veil.local.folder import Folder

NAME = "warehouse"


@dataclass(frozen=True)
class Stage:
    """An engine with an applied configuration, of which each tampering gets a copy."""

    engine: Engine
    system: Database
    database: Database
    workspace: Workspace

    def prepare(self) -> None:
        """Apply the configuration once, and keep what it made."""
        self.system.run(*(f"CREATE USER {user} PASSWORD '{PASSWORD}'" for user in USERS), *STRANGERS)
        self.system.run(f"CREATE DATABASE {NAME}")
        self.database.run(*sample())
        prepare(self.database)
        self.workspace.write(header(self.database, INTEGRATION.before) + resources())
        if not (done := self.workspace.apply()):
            raise SystemExit(done.text)
        act(self.database)
        shutil.copy(self._state, self._state.with_suffix(".pristine"))
        # No statement of Redshift's copies a database: the files are copied, while nobody writes
        # them.
        self.engine.down()
        subprocess.run(["cp", "-a", self._data, self._pristine], check=True)
        self._start()

    def renew(self) -> None:
        """The warehouse and the state as they were when the configuration had just been applied."""
        self.engine.down()
        shutil.rmtree(self._data)
        subprocess.run(["cp", "-a", self._pristine, self._data], check=True)
        self._start()
        shutil.copy(self._state.with_suffix(".pristine"), self._state)

    def _start(self) -> None:
        self.engine.up(port=self.system.address.port, progress=lambda line: None)

    @property
    def _data(self) -> Path:
        return Folder(self.engine.directory).data

    @property
    def _pristine(self) -> Path:
        return self._data.with_name("pristine")

    @property
    def _state(self) -> Path:
        return self.workspace.folder / "terraform.tfstate"

    def attempt(self, tampering: Tampering) -> tuple[list[str], list[str]]:
        """Tamper, plan and put right: what the plan should have told and did not, and what was not
        put right.
        """
        self.renew()
        self.database.run(*tampering.statements)
        planned, changes = plan(self.workspace)
        if planned.code == 1:
            return [planned.text], [planned.text]
        untold_of = [*untold(tampering, planned, changes), *uncalled_for([tampering], changes)]
        if tampering.repairable:
            return untold_of, list(not_put_right(self.workspace))
        self.database.run(*tampering.undo)
        return untold_of, list(not_clean(self.workspace))


@contextmanager
def stage() -> Iterator[Stage]:
    """An engine in a folder of its own, gone in the end."""
    with tempfile.TemporaryDirectory(prefix="veil-drift-") as folder:
        engine = Engine(Path(folder) / "local")
        engine.up(progress=lambda line: None)
        try:
            address = engine.address()
            assert address is not None
            launcher = install_provider(Path(folder) / "provider")
            workspace = Workspace(Path(folder) / "workspace", launcher, {"VEIL_LOCAL_DIR": str(engine.directory)})
            made = Stage(engine, Database(address.database, address), Database(NAME, address), workspace)
            made.prepare()
            yield made
        finally:
            engine.reset()


def main(words: Sequence[str]) -> int:
    """Try the chosen tamperings. Returns the exit code."""
    chosen = [each for each in ALL if not words or any(word in each.name for word in words)]
    if find_terraform() is None:
        print("Neither terraform nor tofu is on the PATH.")
        return 1
    print(f"Applying a configuration on the embedded engine, to be altered in {len(chosen)} ways ...", flush=True)
    found = repaired = 0
    with stage() as made:
        for number, tampering in enumerate(chosen, start=1):
            began = time.monotonic()
            untold_of, left = made.attempt(tampering)
            found, repaired = found + (not untold_of), repaired + (not left)
            print(
                _line(f"[{number:2}/{len(chosen)}]", tampering, untold_of, left, time.monotonic() - began), flush=True
            )
    print(f"{found} of {len(chosen)} found, {repaired} of {len(chosen)} repaired")
    return 0 if found == repaired == len(chosen) else 1


def _line(number: str, tampering: Tampering, untold_of: Sequence[str], left: Sequence[str], seconds: float) -> str:
    where = ", ".join(shown_at(tampering))
    found = "NOT FOUND" if untold_of else ("found" if tampering.repairable else "warned of")
    repaired = "NOT REPAIRED" if left else ("repaired" if tampering.repairable else "gone once a person undid it")
    lines = [f"{number} {tampering.name} | {where} | {found} | {repaired} | {seconds:.0f} s"]
    return "\n".join([*lines, *(f"        {each}" for each in (*untold_of, *left))])


def shown_at(tampering: Tampering) -> list[str]:
    """The addresses where a plan shows a tampering; where there are many, the first three and how
    many more.
    """
    places = [*tampering.drift, *sorted(tampering.anew), *([tampering.health] if tampering.health else [])]
    return places if len(places) <= 3 else [*places[:3], f"{len(places) - 3} more"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
