"""`make bench-plot`: docs/images/ and docs/guides/performance.md, from build/bench.json.

The result is kept beside the pictures, so that the guide can be held against it.
"""

import shutil
import sys
from collections.abc import Iterator, Sequence

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tests.benchmarks.bench.__main__ import MACHINES, RESULT
from tests.benchmarks.bench.page import DRAWN, GUIDE, IMAGES, KEPT, KEPT_MACHINES, kept, page
from tests.benchmarks.bench.rows import Row

_GROWING = ("plan, no change", "apply")
_KINDS = ("veil_user_profile", "veil_data_source")


def ratios(rows: Sequence[Row]) -> Figure:
    """Every ratio of processor time that has a goal, and the goal."""
    chosen = [row for row in rows if row.target is not None and row.cpu_ratio is not None][::-1]
    figure = Figure(figsize=(10, 0.6 + 0.3 * len(chosen)), layout="constrained")
    axes = figure.subplots()
    places = range(len(chosen))
    missed = [(row.cpu_ratio or 0) > (row.target or 0) for row in chosen]
    axes.barh(
        places, [row.cpu_ratio or 0 for row in chosen], color=["#c8553d" if each else "#588157" for each in missed]
    )
    axes.scatter(
        [row.target or 0 for row in chosen], list(places), color="black", marker="|", s=120, label="goal", zorder=3
    )
    axes.set_yticks(places, [f"{row.measure} ({row.n:,})" for row in chosen], fontsize=8)
    axes.set_xscale("log")
    axes.set_xlabel("times the processor time of the other")
    axes.legend()
    return figure


def resources(rows: Sequence[Row]) -> Figure:
    """Processor seconds of a plan with no change and of an apply, by the number of resources,
    beside terraform_data.
    """
    figure = Figure(figsize=(10, 4), layout="constrained")
    for axes, command in zip(figure.subplots(1, 2, sharey=True), _GROWING, strict=True):
        _draw_growth(axes, command, rows)
    return figure


def _draw_growth(axes: Axes, command: str, rows: Sequence[Row]) -> None:
    built_in: dict[int, float] = {}
    for kind in _KINDS:
        chosen = [row for row in rows if row.measure == f"{kind}: {command}, against terraform_data"]
        axes.plot([row.n for row in chosen], [row.cpu_seconds or 0 for row in chosen], marker="o", label=kind)
        built_in |= {row.n: row.cpu_seconds / row.cpu_ratio for row in chosen if row.cpu_seconds and row.cpu_ratio}
    axes.plot(list(built_in), list(built_in.values()), marker="o", color="gray", label="terraform_data")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("resources")
    axes.set_ylabel("seconds of processor time")
    axes.set_title(command)
    axes.legend()


def pictures(rows: Sequence[Row]) -> Iterator[tuple[str, Figure]]:
    """The pictures of the guide, by the names of their files, as far as there is something to
    draw.
    """
    for name, draw in (("ratios", ratios), ("resources", resources)):
        if DRAWN[name](rows):
            yield f"performance-{name}", draw(rows)


def main() -> int:
    """Draw, and write the guide."""
    if not RESULT.is_file():
        print(f"{RESULT} is missing. Run: make bench")
        return 1
    IMAGES.mkdir(exist_ok=True)
    shutil.copy(RESULT, KEPT)
    shutil.copy(MACHINES, KEPT_MACHINES)
    for picture in IMAGES.glob("performance-*.[sp][vn]g"):
        picture.unlink()
    rows, machines = kept()
    # The same result makes the same files.
    matplotlib.rcParams["svg.hashsalt"] = "veil"
    for name, figure in pictures(rows):
        figure.savefig(IMAGES / f"{name}.svg", metadata={"Date": None})
        figure.savefig(IMAGES / f"{name}.png", dpi=120, metadata={"Software": None})
    GUIDE.write_text(page(rows, machines), encoding="utf-8")
    print(f"wrote {GUIDE.name} and the pictures in {IMAGES.name}/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
