"""How long Terraform takes over a file of many users:
`python -m tests.benchmarks.many_users [counts...]`.

What is told is, for each count: the first apply, a plan with nothing to do, an apply after one user
changed, and a destroy, each in seconds and in seconds of processor time of Terraform and the
provider, all on the embedded engine; and the provider's largest memory. 100,000 users on two busy
cores: 192, 55, 92 and 99 s, of them 67 s of processor time in all, and 765 MB.
"""

import resource
import sys
from pathlib import Path
from time import perf_counter

from tests.acceptance.conftest import Database, header, sample
from tests.acceptance.terraform import Workspace, install_provider
from tests.benchmarks.apply_speed import place
from veil.local import Engine

COUNTS = (1_000, 10_000, 100_000)

USERS = """
resource "veil_user_profiles" "all" {
  integration = veil_integration.main.id
  file        = "users.csv"
}
"""


def directory(count: int, team: str = "team") -> str:
    """A file of users, each in two groups and with three attribute values; `team` is the first
    user's group.
    """
    rows = (
        f"user{number},analysts;{team if number == 0 else 'team'}{number % 100},US;CA,d{number % 17}"
        for number in range(count)
    )
    return "user,groups,attributes.territory,attributes.department\n" + "\n".join(rows) + "\n"


def processor_time() -> float:
    """Seconds of processor time of all commands that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure(engine: Engine, folder: Path, count: int) -> dict[str, tuple[float, float]]:
    """Seconds of each step, and seconds of processor time."""
    address = engine.address()
    assert address is not None
    Database(address.database, address).run(f"CREATE DATABASE many{count}")
    database = Database(f"many{count}", address)
    database.run(*sample())
    workspace = Workspace(
        folder / str(count), install_provider(folder / "provider"), {"VEIL_LOCAL_DIR": str(engine.directory)}
    )
    workspace.write(header(database))
    assert (done := workspace.apply()), done.text
    workspace.write(header(database) + USERS)
    seconds = {}
    steps = (
        ("apply", workspace.apply, directory(count)),
        ("plan", workspace.plan, directory(count)),
        ("change", workspace.apply, directory(count, "other")),
        ("destroy", workspace.destroy, directory(count, "other")),
    )
    for name, command, text in steps:
        (workspace.folder / "users.csv").write_text(text)
        begun, used = perf_counter(), processor_time()
        done = command()
        seconds[name] = perf_counter() - begun, processor_time() - used
        assert done, done.text[-2000:]
    return seconds


def main(counts: tuple[int, ...]) -> None:
    """Print what each count takes."""
    with place() as (engine, folder):
        for count in counts:
            taken = measure(engine, folder, count).items()
            told = [f"{name} {seconds:6.1f} s ({used:5.1f} s)" for name, (seconds, used) in taken]
            most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
            print(f"{count:7} users: {', '.join(told)}; at most {most} MB", flush=True)


if __name__ == "__main__":
    main(tuple(int(each) for each in sys.argv[1:]) or COUNTS)
