"""One line of the result, and how results are stored and shown."""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """One measure at the size `n`, beside something that does the same work.

    `seconds`, `against_seconds` and `ratio` are of the clock on the wall, `cpu_seconds` and
    `cpu_ratio` of the processor; None where a measure has none. A measure that counts, or that is a
    growth, has its figure as `ratio` alone. `target` is what the ratio shall be at most, None where
    nothing is promised. `peak_mb` is the largest memory of one process, in MB.
    """

    measure: str
    n: int
    ratio: float | None
    target: float | None = None
    seconds: float | None = None
    against_seconds: float | None = None
    cpu_seconds: float | None = None
    peak_mb: float | None = None
    cpu_ratio: float | None = None


def write(rows: Iterable[Row], path: Path) -> None:
    """Store rows as a JSON list, figures with four digits."""
    path.parent.mkdir(parents=True, exist_ok=True)
    found = [{name: _rounded(value) for name, value in asdict(row).items()} for row in rows]
    path.write_text("[\n" + ",\n".join(json.dumps(each) for each in found) + "\n]\n", encoding="utf-8")


def read(path: Path) -> list[Row]:
    """The rows that were stored."""
    return [Row(**each) for each in json.loads(path.read_text(encoding="utf-8"))]


def renewed(old: Iterable[Row], new: Iterable[Row]) -> list[Row]:
    """The new rows, after the old ones of what was not measured anew."""
    found = list(new)
    measured = {(row.measure, row.n) for row in found}
    return [row for row in old if (row.measure, row.n) not in measured] + found


def _rounded(value: object) -> object:
    return float(f"{value:.4g}") if isinstance(value, float) else value


def growth(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """The exponent with which costs grow, by least squares over the logarithms: 1 is linear, 0 does
    not grow.
    """
    logs = [(math.log(size), math.log(cost)) for size, cost in zip(sizes, costs, strict=True)]
    mean_x = sum(x for x, _ in logs) / len(logs)
    mean_y = sum(y for _, y in logs) / len(logs)
    return sum((x - mean_x) * (y - mean_y) for x, y in logs) / sum((x - mean_x) ** 2 for x, _ in logs)


def table(rows: Iterable[Row]) -> str:
    """The rows for a terminal."""
    head = ("measure", "n", "ratio", "of processor", "target", "seconds", "against", "processor s", "MB")
    cells = [head, *(_cells(row) for row in rows)]
    widths = [max(len(line[at]) for line in cells) for at in range(len(head))]
    lines = (
        "  ".join(cell.ljust(width) if at == 0 else cell.rjust(width) for at, (cell, width) in enumerate(zip(line, widths, strict=True)))
        for line in cells
    )  # fmt: skip
    return "\n".join(line.rstrip() for line in lines)


def _cells(row: Row) -> tuple[str, ...]:
    numbers = (row.ratio, row.cpu_ratio, row.target, row.seconds, row.against_seconds, row.cpu_seconds)
    return (
        row.measure,
        f"{row.n:,}",
        *(shown(each) for each in numbers),
        "" if row.peak_mb is None else f"{row.peak_mb:.0f}",
    )


def shown(value: float | None) -> str:
    """A figure with three digits, nothing for none."""
    if value is None:
        return ""
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
