"""A file of very many users, beside INSERT of the same rows through the same driver."""

from collections.abc import Iterator
from time import perf_counter, process_time

from tests.acceptance.conftest import Database, header
from tests.benchmarks.bench.measuring import Cost, compared
from tests.benchmarks.bench.resources import Place
from tests.benchmarks.bench.rows import Row
from tests.benchmarks.many_users import USERS, directory

_ROWS_OF_A_USER = 5
"""Groups and attribute values of each user in the file."""
_BATCH = 1_000


def measure(place: Place, count: int) -> Iterator[Row]:
    """The apply of so many users, a plan with nothing to do, and an apply after one user
    changed.
    """
    database = place.database(f"bench_users_{count}", 0)
    workspace = place.workspace(f"users_{count}")
    workspace.write(header(database))
    workspace.apply()
    workspace.write(header(database) + USERS)
    workspace.write(directory(count), "users.csv")
    inserted = _inserted(database, count)
    applied = workspace.apply()
    planned = workspace.plan()
    workspace.write(directory(count, "other"), "users.csv")
    changed = workspace.apply()
    yield compared("users by file: apply, against INSERT of the same rows", count, 1.5, applied, inserted)
    yield _beside_goal("users by file: plan, no change, seconds against a goal of 4", count, planned, 4)
    yield _beside_goal("users by file: apply after one changed, seconds against a goal of 6", count, changed, 6)
    memory = max(each.peak_mb or 0 for each in (applied, planned, changed))
    yield Row("users by file: memory, against a goal of 300 MB", count, memory / 300, 1, peak_mb=memory)


def _beside_goal(measure: str, count: int, cost: Cost, seconds: float) -> Row:
    return Row(measure, count, cost.seconds / seconds, 1, cost.seconds, seconds, cost.cpu_seconds, cost.peak_mb)


def _inserted(database: Database, count: int) -> Cost:
    """The rows of the file, written by hand: a thousand at a time, in one transaction. Processor
    time is the client's.
    """
    rows = [
        f"('user{user}', '{kind}', '{name}', '{value}')"
        for user in range(count)
        for kind, name, value in (
            ("group", "analysts", ""),
            ("group", f"team{user % 100}", ""),
            ("attribute", "territory", "US"),
            ("attribute", "territory", "CA"),
            ("attribute", "department", f"d{user % 17}"),
        )
    ]
    assert len(rows) == count * _ROWS_OF_A_USER
    with database.connect() as connection, connection.cursor() as cursor:
        cursor.execute('CREATE TABLE "raw".by_hand (u VARCHAR(127), k VARCHAR(20), n VARCHAR(127), v VARCHAR(255))')
        begun, used = perf_counter(), process_time()
        cursor.execute("BEGIN")
        for at in range(0, len(rows), _BATCH):
            cursor.execute(f'INSERT INTO "raw".by_hand VALUES {", ".join(rows[at : at + _BATCH])}')
        cursor.execute("COMMIT")
        return Cost(perf_counter() - begun, process_time() - used)
