"""The text of every view in `cases/`, to the letter. `python -m tests.compiler.record` writes them
anew.
"""

import re
from dataclasses import replace

import pytest

from tests.compiler.recorded import FOLDER, LINES, compiled_hash, lines, pinned, views
from tests.compiler.worlds import CASES
from veil.compiler import COMPILER_VERSION, FUNCTIONS, compile_view

VIEWS = views()


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_compiles_to_its_recorded_text(name: str):
    assert VIEWS[name] == (FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def test_masks_and_conditions_compile_to_their_recorded_lines():
    assert lines().splitlines() == LINES.read_text(encoding="utf-8").splitlines()


def test_a_version_of_the_compiler_has_one_text_for_each_case():
    """Published views of that version are not made anew: a mend that changes a text must reach
    them.
    """
    assert pinned()[str(COMPILER_VERSION)] == compiled_hash(), "raise COMPILER_VERSION and record the cases"
    assert max(map(int, pinned())) == COMPILER_VERSION


@pytest.mark.parametrize("name", CASES)
def test_the_order_in_which_objects_were_made_never_changes_the_text(name: str):
    world, source = CASES[name]
    reversed_world = replace(
        world,
        masking_policies=dict(reversed(world.masking_policies.items())),
        row_policies=dict(reversed(world.row_policies.items())),
        subscription_policies=dict(reversed(world.subscription_policies.items())),
    )
    assert compile_view(reversed_world, source) == compile_view(world, source)


def test_every_recorded_text_has_its_case():
    assert {path.stem for path in FOLDER.glob("*.sql")} == set(VIEWS)


@pytest.mark.parametrize("name", CASES)
def test_every_view_reads_columns_by_name_and_carries_its_version(name: str):
    text = compile_view(*CASES[name])
    assert f"/* veil compiler {COMPILER_VERSION} */" in text
    assert "SELECT *" not in text
    assert ".*" not in text.replace("'%.%'", "").replace("(*)", "")
    assert text.endswith("WITH NO SCHEMA BINDING")


def test_views_call_the_functions_that_a_cluster_is_probed_for_and_no_others():
    called = {
        name for world, source in CASES.values() for name in re.findall(r"(\w+)\(", _code(compile_view(world, source)))
    }
    qualified = {
        n for world, source in CASES.values() for n in re.findall(r"pg_catalog\.(\w+)\(", compile_view(world, source))
    }
    syntax = {
        "CAST",
        "COALESCE",
        "NULLIF",
        "GREATEST",
        "LEAST",
        "DATEADD",
        "DATEDIFF",
        "EXTRACT",
        "VARCHAR",
        "NUMERIC",
        "CHAR",
    }
    assert qualified == FUNCTIONS
    assert called - FUNCTIONS == syntax


def _code(text: str) -> str:
    """The text without its literals."""
    return re.sub(r"'(?:[^'\\\\]|''|\\\\.)*'", "''", text)
