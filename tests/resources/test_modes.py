"""Which databases go with which mode, before anything is asked of a warehouse."""

import pytest

from veil.plugin import UNKNOWN, InvalidValueError
from veil.resources.hcl.modes import require_mode


def problem(*arguments: object) -> tuple[str, str, tuple[str | int, ...]]:
    with pytest.raises(InvalidValueError) as caught:
        require_mode(*arguments)
    return caught.value.summary, caught.value.detail, caught.value.path


@pytest.mark.parametrize(
    ("mode", "source"),
    [
        ("single_database", None),
        ("spectrum", None),
        ("multi_database", "raw_db"),
        ("multi_database", UNKNOWN),
        (UNKNOWN, "raw_db"),
        ("single_database", UNKNOWN),
    ],
)
def test_what_goes_together_or_is_not_known_yet_is_no_problem(mode, source):
    require_mode(mode, "analytics", source)


def test_a_multi_database_integration_needs_its_source_database():
    title, detail, path = problem("multi_database", "analytics", None)
    assert (title, path) == ("source_database is missing", ("source_database",))
    assert detail.startswith('In mode "multi_database" the views are in the database analytics and the raw tables in')
    assert "analytics" not in problem("multi_database", UNKNOWN, None)[1]


@pytest.mark.parametrize("source", ["analytics", "Analytics"])
def test_the_source_database_is_another_one(source):
    title, detail, path = problem("multi_database", "analytics", source)
    assert (title, path) == ("source_database is database", ("source_database",))
    assert f"would both be in the database {source}" in detail


@pytest.mark.parametrize(
    ("mode", "says"),
    [("single_database", "in database itself"), ("spectrum", "in the external schemas of database")],
)
def test_a_source_database_goes_with_multi_database_only(mode, says):
    title, detail, path = problem(mode, "analytics", "raw_db")
    assert (title, path) == ("source_database without multi_database", ("source_database",))
    assert says in detail
