"""The result of `make bench`: how it is stored and shown, and that the guide is made from one."""

import json
import re
import sys
from pathlib import Path

import pytest

from tests.benchmarks.bench.measuring import Cost, MeasuredCommandError, compared, in_turns, run
from tests.benchmarks.bench.page import GUIDE, kept, page
from tests.benchmarks.bench.rows import Row, growth, read, renewed, table, write

MACHINE = {
    "day": "2026-12-01",
    "processor": "A chip",
    "cores": "2",
    "load": "0.1, 0.1, 0.1",
    "system": "Linux",
    "python": "3.11",
    "terraform": "1.11",
    "veil": "0.1.0",
}
QUIET = {"resources": MACHINE}
BUSY = {"resources": MACHINE | {"load": "7.0, 7.0, 7.0"}}
PLAN = Row("veil_user_profile: plan, no change, against terraform_data", 100, 16.04, 6, 1.8, 0.112, 1.2, 140, 15.5)
STATEMENTS = Row("warehouse statements of a plan with no change", 100, 12, 12)


def test_the_result_is_a_list_of_objects(tmp_path: Path) -> None:
    write([PLAN, STATEMENTS], tmp_path / "build" / "bench.json")
    stored = json.loads((tmp_path / "build" / "bench.json").read_text())
    assert stored[0]["measure"] == PLAN.measure
    assert {"measure", "n", "ratio", "target", "seconds", "against_seconds", "cpu_seconds", "peak_mb"} <= set(stored[0])
    assert stored[1]["seconds"] is None
    assert read(tmp_path / "build" / "bench.json") == [PLAN, STATEMENTS]


def test_what_is_measured_anew_replaces_what_was_measured_before() -> None:
    newer = Row(PLAN.measure, 100, 9.0)
    other_size = Row(PLAN.measure, 1, 12.0)
    assert renewed([PLAN, STATEMENTS, other_size], [newer]) == [STATEMENTS, other_size, newer]


def test_a_ratio_is_what_both_cost_on_the_wall() -> None:
    row = compared("one beside another", 10, 2, Cost(3.0, 1.0, 50), Cost(2.0, 0.25))
    assert (row.ratio, row.cpu_ratio, row.seconds, row.against_seconds, row.cpu_seconds) == (1.5, 4, 3, 2, 1)
    assert (row.peak_mb, row.target) == (50, 2)


def test_of_several_rounds_the_least_counts() -> None:
    costs = iter([Cost(3, 1), Cost(9, 9), Cost(2, 2), Cost(8, 8)])
    found = in_turns(2, one=lambda: next(costs), other=lambda: next(costs))
    assert found == {"one": Cost(2, 1), "other": Cost(8, 8)}


def test_the_processes_that_a_command_starts_count() -> None:
    alone = run([sys.executable, "-c", "pass"])
    work = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'sum(range(3_000_000))'])"
    assert run([sys.executable, "-c", work]).cpu_seconds > alone.cpu_seconds


def test_a_command_that_fails_is_not_measured() -> None:
    with pytest.raises(MeasuredCommandError, match="no such thing"):
        run([sys.executable, "-c", "import sys; sys.exit('no such thing')"])


@pytest.mark.parametrize(("costs", "exponent"), [([3, 6, 12], 1), ([5, 5, 5], 0), ([1, 4, 16], 2)])
def test_growth_is_the_exponent_of_the_size(costs: list[float], exponent: float) -> None:
    assert growth([10, 20, 40], costs) == pytest.approx(exponent)


def test_the_table_shows_ratio_and_goal() -> None:
    head, line = table([PLAN]).splitlines()
    assert head.split()[:3] == ["measure", "n", "ratio"]
    assert line.split()[-8:] == ["100", "16.0", "15.5", "6.00", "1.80", "0.11", "1.20", "140"]


def test_the_guide_puts_what_misses_its_goal_in_bold() -> None:
    text = page([PLAN, STATEMENTS], QUIET)
    assert "**16.0**" in text and "**15.5**" in text
    assert "| 12.0 | 12.0 |" in text


def test_the_guide_of_a_busy_machine_tells_nothing_of_the_wall() -> None:
    text = page([PLAN], BUSY)
    assert "16.0" not in text and "**15.5**" in text
    assert "busy with other work" in text


def test_the_guide_says_when_each_group_was_measured_and_leaves_out_the_wall_of_busy_ones_alone() -> None:
    start = Row("start to handshake, against import grpc", 1, 0.29, 0.45, 0.14, 0.48, 0.06, None, 0.36)
    text = page([start, PLAN], {"starts": MACHINE | {"day": "2026-11-30"}, **BUSY})
    assert "starts on 2026-11-30, when the load was 0.1, 0.1, 0.1\n" in text
    assert "resources on 2026-12-01, when the load was 7.0, 7.0, 7.0, busy" in text
    assert "0.29" in text and "16.0" not in text


def test_the_guide_shows_a_picture_where_there_is_something_to_draw() -> None:
    assert "performance-resources.svg" not in page([PLAN], QUIET)
    assert "performance-resources.svg" in page([PLAN, Row(PLAN.measure, 1, 12.0)], QUIET)
    assert "performance-ratios.svg" in page([PLAN], QUIET)
    assert "performance-ratios.svg" not in page([STATEMENTS], QUIET)


def test_every_picture_that_the_guide_shows_is_there() -> None:
    shown = re.findall(r"\]\(\.\./(images/[\w.-]+)\)", GUIDE.read_text(encoding="utf-8"))
    assert shown
    assert [each for each in shown if not (GUIDE.parents[1] / each).is_file()] == []


def test_what_was_not_measured_is_said() -> None:
    assert "Not measured." in page([PLAN], QUIET)


def test_the_guide_is_made_from_the_result_beside_its_pictures() -> None:
    assert GUIDE.read_text(encoding="utf-8") == page(*kept()), "Run: make bench-plot"
