"""What the guide, the README and the examples say of `veil diff` is what it does."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.cli.diff.plans import saved
from tests.cli.diff.test_command import OPENING
from veil.cli.diff import report
from veil.cli.diff.documents import MARK
from veil.cli.diff.rules_file import read_rules
from veil.cli.main import main

ROOT = Path(__file__).parents[3]
GUIDE = (ROOT / "docs" / "guides" / "diff.md").read_text()
README = (ROOT / "README.md").read_text()
PIPELINES = sorted((ROOT / "examples" / "ci").glob("*/*.yml"))


@pytest.fixture
def printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    main(["diff", saved(tmp_path, OPENING), "--offline"])
    return "".join(capsys.readouterr().out.splitlines(keepends=True)[:3])


@pytest.mark.parametrize("text", [GUIDE, README], ids=["guide", "README"])
def test_the_sample_is_what_is_printed(printed: str, text: str):
    assert f"```text\n{printed}```" in text


def test_the_guide_says_every_exit_code():
    known = {report.NOTHING, report.CHANGED, report.GAINED, report.GAPS, report.FAILED}
    assert set(re.findall(r"^\| (\d) \|", GUIDE, re.MULTILINE)) == set(map(str, known))


def test_the_rules_of_the_guide_are_rules(tmp_path: Path):
    (text,) = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)
    path = tmp_path / "veil.rules.toml"
    path.write_text(text)
    denied, wanted = read_rules(path)
    assert [each.name for each in (*denied, *wanted)] == [
        each["name"] for kind in ("deny", "require") for each in tomllib.loads(text)[kind]
    ]


@pytest.mark.parametrize("path", PIPELINES, ids=lambda path: path.parent.name)
def test_a_pipeline_finds_its_comment_by_its_mark_and_uploads_no_plan(path: Path):
    text = path.read_text()
    assert MARK in text
    assert "upload" not in text and "artifacts" not in text
    assert text.index("rm -f") < text.index("PATCH" if path.parent.name == "github" else "PUT")


def test_the_workflow_gives_a_fork_no_secrets_and_its_token_no_more_than_a_comment_needs():
    (path,) = (each for each in PIPELINES if each.parent.name == "github")
    text = re.sub(r"^ *#.*$", "", path.read_text(), flags=re.MULTILINE)
    assert "\non:\n  pull_request:\n" in text and "pull_request_target" not in text
    assert re.findall(r"permissions:\n((?: +[\w-]+: \w+\n)+)", text) == [
        "  contents: read\n",
        "      contents: read\n      pull-requests: write\n",
    ]
    assert "if: github.event.pull_request.head.repo.full_name == github.repository\n" in text


@pytest.mark.parametrize("path", PIPELINES, ids=lambda path: path.parent.name)
@pytest.mark.parametrize("ending", ["tf", "tfvars", "csv", "json"])
def test_a_pipeline_looks_at_the_files_of_users_too(path: Path, ending: str):
    assert re.search(rf'(paths|changes): \[.*"\*\*(/\*)?\.{ending}"', path.read_text())


def test_the_note_of_a_merge_request_is_the_tokens_own():
    (path,) = (each for each in PIPELINES if each.parent.name == "gitlab")
    text = path.read_text()
    assert '"$CI_API_V4_URL/user"' in text and "select(.author.id == $me" in text
    assert "page=$((page + 1))" in text, "more than a page of notes may come before it"
