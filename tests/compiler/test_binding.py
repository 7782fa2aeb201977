"""Views on a warehouse whose late-binding views do not find every built-in function by its
qualified name.
"""

import re
from dataclasses import replace

import pytest

from tests.compiler.worlds import CASES
from veil.compiler import COMPILER_VERSION, FUNCTIONS, CompileError, compile_view, compiler_of, is_bound
from veil.model import World

CALL = re.compile(r"pg_catalog\.(\w+)\(")
HERE = sorted(name for name in CASES if CASES[name][0].integration.mode == "single_database")
DERIVED = sorted(name for name in HERE if CALL.search(compile_view(*CASES[name])))


def unresolved(world: World, *functions: str, mode: str = "single_database") -> World:
    integration = replace(world.integration, unresolved=frozenset(functions), mode=mode)  # type: ignore[arg-type]
    return replace(world, integration=integration)


def _without_brackets(text: str) -> str:
    return text.replace("(", "").replace(")", "")


@pytest.mark.parametrize("name", HERE)
def test_a_view_that_calls_what_is_not_resolved_is_bound_and_calls_nothing_by_a_qualified_name(name: str):
    world, source = CASES[name]
    late = compile_view(world, source)
    text = compile_view(unresolved(world, *FUNCTIONS), source)
    assert is_bound(text) == bool(CALL.search(late))
    assert not CALL.search(text)
    if is_bound(text):
        # The same view, but for the names of functions, the end, and what says who made it.
        mark = f" AND 'veil compiler {COMPILER_VERSION}' IS NOT NULL"
        shown = CALL.sub(r"\1(", late).removesuffix("\nWITH NO SCHEMA BINDING")
        assert _without_brackets(text) == _without_brackets(shown) + mark


@pytest.mark.parametrize("name", DERIVED)
def test_a_view_that_calls_only_what_is_resolved_stays_as_it_is(name: str):
    world, source = CASES[name]
    late = compile_view(world, source)
    others = FUNCTIONS - set(CALL.findall(late))
    assert compile_view(unresolved(world, *others), source) == late
    for function in sorted(set(CALL.findall(late))):
        assert is_bound(compile_view(unresolved(world, function), source))


@pytest.mark.parametrize("mode", ["multi_database", "spectrum"])
def test_no_view_is_made_that_can_be_neither_bound_nor_safe(mode: str):
    world, source = CASES[DERIVED[0]]
    with pytest.raises(CompileError) as refused:
        compile_view(unresolved(world, *FUNCTIONS, mode=mode), source)
    assert refused.value.summary == "No safe way to call a function"
    assert "WITH NO SCHEMA BINDING" in refused.value.detail


def test_a_bound_view_tells_its_version_where_the_server_keeps_no_remarks():
    world, source = CASES[DERIVED[0]]
    text = compile_view(unresolved(world, *FUNCTIONS), source)
    assert compiler_of(re.sub(r"/\*.*?\*/", "", text)) == COMPILER_VERSION
