"""What several .sql files say stands once, and is included by name."""

import re
from pathlib import Path

import pytest

from veil.warehouse import templates

FRAGMENTS = sorted((templates._FOLDER / "fragments").glob("*.sql"))
FILES = [
    each for each in sorted(templates._FOLDER.rglob("*.sql")) if each.parent.name not in ("fragments", "migrations")
]
"""Migrations say what once was, whatever fragments say now."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(templates, "_FOLDER", tmp_path)
    templates._statements.cache_clear()
    (tmp_path / "fragments").mkdir()
    return tmp_path


def test_a_fragment_takes_its_arguments_and_the_indentation_of_its_line(folder: Path):
    (folder / "fragments" / "inner.sql").write_text("-- inner(x): what is inside.\nf(\n    {{x}}\n)\n")
    (folder / "fragments" / "sum.sql").write_text("-- sum(x, y): a sum.\n{{x}} +\n    {{inner(a.y)}} + {{y}}\n")
    (folder / "made.sql").write_text("-- Why.\nSELECT\n    {{sum(MAX(a), {name})}} AS s\nFROM a;\n")
    assert templates.render("made", {"name": '"b"'}) == [
        'SELECT\n    MAX(a) +\n        f(\n            a.y\n        ) + "b" AS s\nFROM a'
    ]


def test_nothing_that_a_fragment_says_of_itself_is_included(folder: Path):
    (folder / "fragments" / "long.sql").write_text("-- long(x): what takes\n-- two lines to say.\nf({{x}})\n")
    (folder / "made.sql").write_text("SELECT {{long(1)}} AS s;\n")
    assert templates.render("made", {}) == ["SELECT f(1) AS s"]


def test_a_fragment_is_included_within_a_body_as_well(folder: Path):
    (folder / "fragments" / "guard.sql").write_text("-- guard(): who may.\nIF a THEN\n    b;\nEND IF;\n")
    (folder / "made.sql").write_text("CREATE p AS $$\nBEGIN\n    {{guard()}}\nEND;\n$$;\nREVOKE p;\n")
    made, closed = templates.render("made", {})
    assert made == "CREATE p AS $$\nBEGIN\n    IF a THEN\n        b;\n    END IF;\nEND;\n$$"
    assert closed == "REVOKE p"


@pytest.mark.parametrize(
    ("fragment", "problem"),
    [
        ("-- loop(x): again.\n{{loop({{x}})}}\n", "is included with"),
        ("-- loop(x, y): of two.\n{{x}}{{y}}\n", "is included with"),
        ("-- other(x): by another name.\n{{x}}\n", "does not begin with its name"),
        ("SELECT {{x}}\n", "does not begin with its name"),
    ],
)
def test_a_fragment_that_cannot_be_included_is_named(folder: Path, fragment: str, problem: str):
    (folder / "fragments" / "loop.sql").write_text(fragment)
    (folder / "made.sql").write_text("SELECT {{loop(1)}};\n")
    with pytest.raises(ValueError, match=problem):
        templates.render("made", {})


@pytest.mark.parametrize("fragment", FRAGMENTS, ids=lambda each: each.stem)
def test_a_fragment_is_included_more_than_once_and_what_it_says_stands_nowhere_else(fragment: Path):
    including = re.compile(rf"\{{\{{{fragment.stem}\(")
    texts = {each: each.read_text(encoding="utf-8") for each in (*FILES, *FRAGMENTS)}
    assert sum(len(including.findall(text)) for text in texts.values()) > 1
    body = " ".join(texts[fragment].partition("\n")[2].split())
    pieces = re.split(r"\{\{.*?\}\}(?!\})", body)
    spelled_out = re.compile(r"[^;,]{1,80}?".join(map(re.escape, pieces)))
    again = [each.stem for each in FILES if spelled_out.search(" ".join(texts[each].split()))]
    assert again == []
