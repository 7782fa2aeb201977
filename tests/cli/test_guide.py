"""The guide to the command line says what is there."""

import json
import re
from pathlib import Path

import pytest

from veil.cli import main as cli
from veil.cli.certify import DIFFERED
from veil.cli.completion import SHELLS, whole_parser
from veil.cli.diff.report import GAPS
from veil.cli.local import NOT_RUNNING

GUIDE = (Path(__file__).parents[2] / "docs" / "guides" / "command-line.md").read_text()


def _rows(heading: str) -> dict[str, str]:
    section = GUIDE.partition(f"# {heading}\n")[2].partition("\n## ")[0]
    return dict(re.findall(r"^\| `?([^`|]+?)`? \| (.*) \|$", section, re.MULTILINE))


def test_the_guide_lists_every_command() -> None:
    assert [name.removeprefix("veil ") for name in _rows("The veil command") if "veil" in name] == list(cli.COMMANDS)


def test_the_guide_says_which_commands_print_json() -> None:
    commands = next(action for action in whole_parser()._actions if isinstance(action.choices, dict)).choices
    assert commands is not None
    whole = {name for name, each in commands.items() if "--json" in each.format_help()}
    said = {name.removeprefix("veil ") for name, row in _rows("The veil command").items() if row.endswith("| yes")}
    assert whole == said


def test_the_guide_lists_every_exit_code() -> None:
    assert set(_rows("Exit codes")) - {"code", "---"} == {
        "0",
        "1",
        str(DIFFERED),
        str(NOT_RUNNING),
        str(GAPS),
        str(cli.INTERRUPTED),
    }


@pytest.mark.parametrize("shell", SHELLS)
def test_the_guide_says_how_each_shell_completes(shell: str) -> None:
    assert f"veil completion {shell}" in GUIDE


def test_version_is_printed_for_programs_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["version", "--json"]) == 0
    assert set(json.loads(capsys.readouterr().out)) == {"veil", "python", "system", "machine"}
