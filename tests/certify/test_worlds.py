"""The worlds that are recorded for runs."""

import re
from pathlib import Path

from tests.certify.test_run import silent
from veil.certify import Options, StatementLog, run, worlds
from veil.warehouse import Settings

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "certify.md"


def test_as_many_worlds_are_recorded_as_the_guide_says_and_all_of_them_read_back():
    """A change of what rows may hold, or of a type's name, would be told only by a run that comes
    to the world it is in.
    """
    found = list(worlds.recorded("raw", "views", ("a", "b", "c", "d", "e")))
    assert len(found) == worlds.how_many() >= 50
    assert all(each.objects and each.tables for each in found)
    assert re.search(r"at most (\d+)\)", GUIDE.read_text(encoding="utf-8"))[1] == str(len(found))


def test_a_run_that_is_to_try_more_worlds_than_there_are_is_no_certificate(settings: Settings, monkeypatch):
    """The command refuses such a number; this is for who calls it otherwise."""
    first = worlds._lines()[:1]
    monkeypatch.setattr(worlds, "_lines", lambda: first)
    report = run(settings, Options(worlds=2, only=frozenset({"worlds"})), StatementLog(), silent)
    ((_, outcome),) = report.untried
    assert outcome.detail == "No more than 1 are recorded."
    assert report.differences == []
    assert not report.certified
