"""Every compiled view is Redshift SQL to a second, independent reader."""

import pytest
from sqlfluff.core import FluffConfig, Linter

from tests.compiler.worlds import CASES
from veil.compiler import compile_view

LINTER = Linter(config=FluffConfig(overrides={"dialect": "redshift"}))


def unparsable(text: str) -> list[str]:
    return [str(each) for each in LINTER.parse_string(text).violations]


def test_the_reader_finds_what_is_not_sql():
    assert unparsable("CREATE OR REPLACE VIEW a.b AS SELECT (1 AS x FROM c.d WITH NO SCHEMA BINDING")


@pytest.mark.parametrize("name", CASES)
def test_a_view_is_redshift_sql(name: str):
    assert unparsable(compile_view(*CASES[name])) == []
