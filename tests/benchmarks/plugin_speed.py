"""How fast a provider on veil.plugin is beside others:
`python -m tests.benchmarks.plugin_speed [count] [rounds]`.

The same resource, which does nothing, is written on veil.plugin and on the packages `tf` and
`pyvider`, each of which is installed, pinned, into an environment of its own in build/peers; what
cannot be installed is left out. terraform_data, which is compiled into Terraform and starts no
process, is the floor. The best of some rounds counts, taken in turns.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from tests.plugin.server.process import INVITED
from veil.plugin.testing import Terraform

PEERS = Path(__file__).with_name("peers")
ENVIRONMENTS = Path("build/peers")
PACKAGES = {"tf": "tf==1.2.0", "pyvider": "pyvider==0.8.1"}
STARTS, ROUNDS, COUNT = 10, 3, 500


RESOURCE = 'resource "bench_thing" "a" {{\n count = {count}\n name = "thing ${{count.index}}{suffix}"\n}}'
BUILTIN = 'resource "terraform_data" "a" {{\n count = {count}\n input = "thing ${{count.index}}{suffix}"\n}}'


@dataclass(frozen=True)
class Candidate:
    """What is measured: its name, its executable (none for what is inside Terraform), and the type
    of its resource.
    """

    name: str
    executable: Path | None
    resource: str = RESOURCE


def script(folder: Path, interpreter: Path | str, code: str) -> Path:
    """An executable that Terraform finds in ``folder``."""
    folder.mkdir(parents=True)
    path = folder / "terraform-provider-bench"
    path.write_text(f"#!{interpreter}\nimport sys\nsys.path.insert(0, {str(PEERS)!r})\n{code}\n")
    path.chmod(0o755)
    return path


def ours(folder: Path) -> Candidate:
    """A provider on veil.plugin, started by its name."""
    return Candidate(
        "veil",
        script(folder / "veil", sys.executable, "from veil.plugin import serve\nserve('bench_veil:Bench')"),
    )


def peer(name: str, folder: Path) -> Candidate | None:
    """A provider on another package, or None where that cannot be installed."""
    home = ENVIRONMENTS.resolve() / name
    if not _install(name, home):
        print(f"{name} is left out: {PACKAGES[name]} cannot be installed")
        return None
    code = "import runpy\nrunpy.run_module('bench_tf', run_name='__main__')"
    if name == "pyvider":
        (packages,) = (home / "lib").glob("python*/site-packages")
        described = packages / "bench-1.0.dist-info"
        described.mkdir(exist_ok=True)
        (described / "METADATA").write_text("Metadata-Version: 2.1\nName: bench\nVersion: 1.0\n")
        (described / "entry_points.txt").write_text("[pyvider]\nbench = bench_pyvider\n")
        code = "from pyvider.cli.__main__ import main\nmain()"
    subprocess.run([home / "bin" / "python", "-m", "compileall", "-q", str(PEERS)], check=False)
    return Candidate(name, script(folder / name, home / "bin" / "python", code))


def _install(name: str, home: Path) -> bool:
    """Install a package into an environment of its own, unless it is there. Returns whether it
    is.
    """
    stamp = home / "installed.txt"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == PACKAGES[name]:
        return True
    shutil.rmtree(home, ignore_errors=True)
    venv.create(home, with_pip=True)
    pip = [str(home / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", PACKAGES[name]]
    if subprocess.run(pip, check=False, capture_output=True, text=True).returncode:
        return False
    stamp.write_text(PACKAGES[name], encoding="utf-8")
    return True


def start(candidate: Candidate) -> float | None:
    """Seconds from the start of the process to its handshake."""
    if candidate.executable is None:
        return None
    begun = perf_counter()
    process = subprocess.Popen(
        [candidate.executable],
        env={**os.environ, **INVITED},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    taken = perf_counter() - begun
    process.kill()
    process.communicate()
    assert line.startswith(b"1|6|"), (candidate.name, line)
    return taken


def run(candidate: Candidate, folder: Path, count: int) -> dict[str, float]:
    """Seconds of the first apply, of a plan with nothing to do, of one that changes all, and of the
    destroy.
    """
    folder.mkdir(parents=True)
    terraform = Terraform(folder, "{}")
    settings = folder / "settings.tfrc"
    home = json.dumps(str(candidate.executable.parent if candidate.executable else folder))
    settings.write_text(f'provider_installation {{\n dev_overrides {{ "test/bench" = {home} }}\n direct {{}}\n}}\n')
    terraform.environment = {"TF_CLI_CONFIG_FILE": str(settings)}
    needed = 'terraform {\n required_providers {\n bench = { source = "test/bench" }\n }\n}\n'
    head = needed if candidate.executable else ""

    def timed(command: Callable[[], object], status: int) -> float:
        begun = perf_counter()
        result = command()
        assert result.status == status, (candidate.name, result.output[-3000:])  # type: ignore[attr-defined]
        return perf_counter() - begun

    terraform.write(head + candidate.resource.format(count=count, suffix=""))
    seconds = {"apply": timed(terraform.apply, 0), "plan": timed(terraform.plan, 0)}
    terraform.write(head + candidate.resource.format(count=count, suffix="!"))
    seconds["plan of changes"] = timed(terraform.plan, 2)
    seconds["destroy"] = timed(terraform.destroy, 0)
    return seconds


Measured = dict[str, dict[str, float]]


def best_starts(candidates: list[Candidate]) -> Measured:
    """The best time of each candidate to its handshake."""
    found: Measured = {candidate.name: {} for candidate in candidates}
    for _ in range(STARTS):
        for candidate in candidates:
            seconds = start(candidate)
            if seconds is not None:
                found[candidate.name]["handshake"] = min(seconds, found[candidate.name].get("handshake", seconds))
    return found


def best_runs(candidates: list[Candidate], folder: Path, count: int, rounds: int) -> Measured:
    """The best times of each candidate with ``count`` resources."""
    found: Measured = {candidate.name: {} for candidate in candidates}
    for number in range(rounds):
        for candidate in candidates:
            best = found[candidate.name]
            for what, seconds in run(candidate, folder / f"{candidate.name}-{count}-{number}", count).items():
                best[f"{what} of {count}"] = min(seconds, best.get(f"{what} of {count}", seconds))
    return found


def table(found: Measured) -> str:
    """The measurements, each with its ratio to ours."""
    lines = [f"{'':24}" + "".join(f"{name:>22}" for name in found)]
    for what, mine in found["veil"].items():
        cells = [f"{each[what]:9.3f} s ({each[what] / mine:5.2f}x)" if what in each else "-" for each in found.values()]
        lines.append(f"{what:24}" + "".join(f"{cell:>22}" for cell in cells))
    return "\n".join(lines)


def main(count: int = COUNT, rounds: int = ROUNDS) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="veil-bench-") as name:
        folder = Path(name)
        peers = [peer(each, folder) for each in PACKAGES]
        candidates = [ours(folder), *(each for each in peers if each), Candidate("terraform_data", None, BUILTIN)]
        print(table(best_starts(candidates)), flush=True)
        for size in (1, count):
            print(table(best_runs(candidates, folder / "runs", size, rounds)), flush=True)


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:]))
