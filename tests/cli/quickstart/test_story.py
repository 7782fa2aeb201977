"""The whole quickstart, for real: terraform, the provider, the engine and three users."""

import io
import json
import os
import re
import shutil
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from veil.cli.quickstart import sample, seeing, story
from veil.cli.quickstart.place import Place, default_place
from veil.cli.quickstart.terraform import find_terraform
from veil.cli.telling import Teller
from veil.local import Engine

pytestmark = pytest.mark.skipif(
    not (shutil.which("terraform") or shutil.which("tofu")), reason="neither terraform nor tofu is on the PATH"
)


def tell(place: Place) -> str:
    """Run the quickstart; what it printed."""
    printed = io.StringIO()
    story.tell(place, Teller(story.STEPS, Console(file=printed, width=120, highlight=False)))
    return printed.getvalue()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("quickstart")
    configuration = folder / "examples"
    configuration.mkdir()
    shutil.copy(default_place().configuration / "main.tf", configuration)
    place = Place(folder / "made", configuration)
    yield place
    Engine(place.engine).down()


@pytest.fixture(scope="module")
def first(place: Place) -> str:
    """What the first run printed."""
    return tell(place)


@pytest.fixture(scope="module")
def sights(place: Place, first: str) -> dict[str, seeing.Sight]:
    address = Engine(place.engine).address()
    assert address is not None
    return seeing.look(address, place.password_file.read_text())


def test_it_ends_with_an_empty_plan(first: str) -> None:
    assert "Apply complete!" in first
    assert "exit code 0: nothing to do" in first


def test_nothing_is_warned_of(first: str) -> None:
    assert "Warning" not in first


def test_it_says_how_to_look_further(first: str, place: Place) -> None:
    for hint in ("veil local psql -U ben", "destroy", "make clean", str(place.environment_file)):
        assert hint in first


def test_ana_sees_the_clear_values_of_all_rows(sights: dict[str, seeing.Sight]) -> None:
    users = next(each for each in sample.tables() if each.name == "users")
    for row in users.rows[: seeing.FEW]:
        number, first_name, last_name, birthday, email, phone, city, state = row
        assert sights["ana"].rows[number] == (first_name, last_name, email, phone, birthday, city, state)
    assert sights["ana"].totals[0] == sample.SALES


def test_ben_sees_all_rows_and_no_personal_data(sights: dict[str, seeing.Sight]) -> None:
    assert sights["ben"].rows.keys() == sights["ana"].rows.keys()
    assert sights["ben"].totals[0] == sample.SALES
    assert sights["ben"].totals[2] is None
    for number, (first_name, last_name, email, phone, birthday, city, state) in sights["ben"].rows.items():
        clear = sights["ana"].rows[number]
        assert (first_name, city, state) == (clear[0], clear[5], clear[6])
        assert last_name == "REDACTED"
        assert len(email) == 64
        assert phone == "*" * 10 + clear[3][-4:]
        assert birthday is None


def test_cleo_sees_only_her_state(sights: dict[str, seeing.Sight]) -> None:
    washington = {number: row for number, row in sights["ana"].rows.items() if row[6] == "WA"}
    assert sights["cleo"].rows == washington
    assert 0 < sights["cleo"].totals[0] < sample.SALES


def test_nobody_reads_the_base_table(sights: dict[str, seeing.Sight]) -> None:
    assert all("permission denied" in each.base_table for each in sights.values())


def test_the_table_shows_the_three_side_by_side(first: str) -> None:
    for shown in ("ana", "ben", "cleo", "REDACTED", "NULL", "no such row", "permission denied"):
        assert shown in first


def test_it_can_be_run_again(place: Place, first: str) -> None:
    again = tell(place)

    assert "Plan:" not in again
    assert "No changes." in again
    assert "exit code 0: nothing to do" in again


def test_what_it_wrote_is_for_its_owner_alone(place: Place, first: str) -> None:
    for path in (place.folder, place.password_file, place.environment_file):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0


def test_the_environment_file_is_all_that_looking_further_needs(place: Place, first: str) -> None:
    command = f". '{place.environment_file}'; {find_terraform(place).name} plan -detailed-exitcode -no-color"
    ended = subprocess.run(
        ["sh", "-c", f"{command}; code=$?; veil local psql -U ben -c 'SELECT 6 * 7 AS answer'; exit $code"],
        cwd=place.configuration,
        env={"PATH": os.environ["PATH"], "HOME": str(place.folder)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "No changes." in ended.stdout
    assert "42" in ended.stdout


def test_destroy_leaves_the_sample_and_nothing_else(place: Place, first: str) -> None:
    said: list[str] = []
    find_terraform(place).run("destroy", "-auto-approve", say=said.append, shows=lambda line: "complete" in line)

    state = json.loads((place.configuration / "terraform.tfstate").read_text())
    assert state["resources"] == []
    assert "exit code 0: nothing to do" in tell(place)


GUIDE = Path(__file__).parents[3] / "docs" / "guides" / "testing-policies.md"


@pytest.mark.parametrize(
    ("command", "shown"), re.findall(r"```shell\n(veil .*?)\n```\n\n```text\n(.*?)```", GUIDE.read_text(), re.S)
)
def test_the_guide_on_testing_policies_shows_what_the_sample_answers(
    place: Place, first: str, command: str, shown: str
) -> None:
    ended = subprocess.run(
        ["sh", "-c", f". '{place.environment_file}'; {command} --engine local"],
        env={"PATH": os.environ["PATH"], "HOME": str(place.folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    told = [" ".join(line.split()) for line in ended.stdout.splitlines()]
    assert [line for line in map(" ".join, map(str.split, shown.splitlines())) if line not in (*told, "…")] == []
