"""What the scripts of `veil completion` complete, as bash answers where somebody presses TAB."""

import subprocess
import sys

import pytest

from veil.cli import completion
from veil.cli.main import COMMANDS, main

_ASKED = """
source /dev/stdin
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_shtab_veil "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.fixture(scope="module")
def script() -> str:
    ran = subprocess.run(
        [sys.executable, "-m", "veil.cli.main", "completion", "bash"], capture_output=True, text=True, check=True
    )
    return ran.stdout


@pytest.mark.parametrize(
    "typed, offered",
    [
        (["veil", "exp"], {"explain", "export"}),
        (["veil", "local", "re"], {"reset"}),
        (["veil", "explain", "--pro"], {"--project"}),
        (["veil", "doctor", "--engine", "lo"], {"local"}),
        (["veil", "completion", ""], {"bash", "zsh", "fish"}),
    ],
)
def test_bash_offers_commands_options_and_values(script: str, typed: list[str], offered: set[str]) -> None:
    ran = subprocess.run(
        ["bash", "--norc", "-c", _ASKED, "bash", *typed], input=script, capture_output=True, text=True, check=True
    )

    assert {line.strip() for line in ran.stdout.splitlines() if line.strip()} == offered


@pytest.mark.parametrize("shell", completion.SHELLS)
def test_each_script_names_every_command_and_is_whole(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0

    shown = capsys.readouterr().out
    assert all(name in shown for name in COMMANDS)
    assert "include-staged" in shown


def test_a_shell_that_is_not_known_is_refused_with_those_that_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["completion", "bas"])

    assert ended.value.code == 2
    assert "Did you mean bash?" in capsys.readouterr().err
