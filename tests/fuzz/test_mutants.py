"""The list of errors that the self-test plants keeps up with the code."""

from pathlib import Path

import pytest

import veil
from tests.fuzz.mutants import Mutant, saved

LISTED = saved(Path(__file__).with_name("mutants.json"))


@pytest.mark.parametrize("mutant", LISTED, ids=lambda each: f"{each.module} {each.function} {each.new}"[:80])
def test_a_listed_error_can_still_be_planted(mutant: Mutant):
    source = (Path(veil.__file__).parent / mutant.module).read_text(encoding="utf-8")
    assert mutant.applied(source) != source


def test_there_are_enough_of_them_and_none_twice():
    assert len(set(LISTED)) == len(LISTED) >= 30
