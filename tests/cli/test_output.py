"""What commands print of names that others chose: nothing of it reaches a terminal but as text."""

import ast
import json
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

import veil.cli
from tests.governance.installation.test_taken import CLOSING, deployed, with_closing
from veil.cli import doctor, explain
from veil.cli import main as cli
from veil.cli.diff.documents import as_html, as_markdown
from veil.cli.diff.machines import as_json, as_sarif
from veil.cli.diff.report import Report
from veil.cli.diff.table import write_table
from veil.cli.errors import CliError
from veil.cli.export import command as export
from veil.cli.output import json_text, one_line
from veil.diff import Bypass, Comparison, Gap
from veil.governance import answers
from veil.model import Kind
from veil.oracle.effective import EffectiveAccess

NAME = "o\x1b]0;gone\x07\x1b[2J\x9b31m\u202e\u2066\u200b\ufeff\u2028\x00\x7f\rx\U000e0041"
"""A title for the terminal, an empty screen, a colour, another order of letters, and what is not
seen at all.
"""

SILENT = frozenset({"bootstrap.py", "completion.py", "install.py", "local.py", "version.py", "output.py", "quickstart"})
"""The modules of commands that print nothing out of a warehouse, and the one that prints what the
others do.
"""


def unseen(text: str) -> set[str]:
    """The characters of a text that a terminal acts upon, or nobody sees."""
    return {each for each in text if unicodedata.category(each) in ("Cc", "Cf", "Cs", "Zl", "Zp")} - {"\n"}


def test_doctor_prints_no_name_raw(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    check = answers.Check("roles", "failed", f"{NAME} has rights", (f'REVOKE ALL FROM "{NAME}"',))
    monkeypatch.setattr(doctor, "_checks", lambda _: iter([check]))
    assert doctor.main([]) == 1
    printed = capsys.readouterr().out
    assert unseen(printed) == set()
    assert r"\x1b[2J" in printed
    assert doctor.main(["--json"]) == 1
    printed = capsys.readouterr().out
    assert unseen(printed) == set()
    assert json.loads(printed)[0]["message"] == check.message


def test_explain_prints_no_name_raw(capsys: pytest.CaptureFixture[str]) -> None:
    seen = EffectiveAccess(NAME, NAME, NAME, True, (NAME,), (NAME,), "all", (NAME,), {})
    access = answers.Access(seen, seen, True, (NAME,), (f"{NAME} owns it\nAttention: nothing is wrong",))
    explain._print_text(access, answers.LookedUp({}, (NAME,)), None)
    printed = capsys.readouterr().out
    assert unseen(printed) == set()
    assert len([line for line in printed.splitlines() if line.startswith("Attention")]) == 3
    explain._print_json(access, answers.LookedUp({}, (NAME,)), None)
    printed = capsys.readouterr().out
    assert unseen(printed) == set()
    assert json.loads(printed)["user"] == NAME


def test_export_prints_no_name_raw(capsys: pytest.CaptureFixture[str]) -> None:
    found = with_closing(deployed(), replace(CLOSING, reason=NAME))
    source = next(iter(found.world.data_sources.values()))
    hostile = replace(source, table=NAME)
    world = replace(found.world, data_sources={hostile.key: hostile})
    closing = replace(CLOSING, sources=frozenset({hostile.key}))
    found = with_closing(replace(found, world=world), closing)
    stored = replace(found.stored[Kind.DATA_SOURCE, source.key], key=hostile.key, thing=None)
    found = replace(found, stored={**found.stored, (Kind.DATA_SOURCE, hostile.key): stored})
    export._tell(Path("folder"), [], found)
    printed = capsys.readouterr().out
    assert unseen(printed) == set()
    assert [line.partition(":")[0] for line in printed.splitlines()[1:]] == ["Left out", "Closed"]


@pytest.mark.parametrize("form", ["table", "json", "sarif", "markdown", "html"])
def test_diff_prints_no_name_raw(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    report = Report(Comparison(gaps=(Gap(NAME, NAME),), bypasses=(Bypass(NAME, (NAME,)),)), notes=(NAME,))
    written = {"json": as_json, "markdown": as_markdown, "html": as_html}
    if form == "table":
        write_table(report)
        printed = capsys.readouterr().out
    else:
        printed = as_sarif(report, Path()) if form == "sarif" else written[form](report)
    assert unseen(printed) == set()
    if form == "json":
        assert json.loads(printed)["notes"] == [NAME]


def test_a_refusal_tells_no_name_raw(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_command: str, _arguments: object) -> int:
        raise CliError("No such data source", f"Governed tables: {NAME}.")

    monkeypatch.setattr(cli, "run", refuse)
    assert cli.main(["version"]) == 1
    assert unseen(capsys.readouterr().err) == set()


def test_json_keeps_every_character_for_who_reads_it() -> None:
    value = {"name": f"{NAME}\n\t größer 日本 🙂\ud800"}
    text = json_text(value)
    assert unseen(text) == set()
    assert json.loads(text) == value
    assert "größer 日本 🙂" in text


def test_one_line_stays_one() -> None:
    assert one_line("a\nb\u2028c\td") == r"a\nb\u2028c\td"


def test_commands_print_by_one_module() -> None:
    folder = Path(veil.cli.__file__).parent
    found = []
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(folder).parts
        if SILENT.isdisjoint(parts):
            calls = (each for each in ast.walk(ast.parse(path.read_text())) if isinstance(each, ast.Call))
            names = {ast.unparse(each.func) for each in calls}
            found += [("/".join(parts), name) for name in sorted(names & {"print", "json.dumps", "sys.stdout.write"})]
    # Reports of `diff` are made printable where they are made, above; the others are files, or what
    # users typed.
    assert found == [
        ("diff/command.py", "sys.stdout.write"),
        ("diff/rules_file.py", "json.dumps"),
        ("export/users.py", "json.dumps"),
        ("trial_rows.py", "json.dumps"),
    ]
