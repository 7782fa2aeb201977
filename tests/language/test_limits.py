"""Long and deep texts end in a clear error, however deep the caller's own stack already is."""

import itertools
from collections.abc import Callable

import pytest

from veil.language import Expression, ExpressionError, Usage, parse, to_text
from veil.language.lexer import MAX_BYTES
from veil.language.parser import MAX_NESTING

SHAPES = [
    ("(", ")"),
    ("LOWER(", ")"),
    ("x IN (", ")"),
    ("CASE WHEN TRUE THEN ", " END"),
    ("CASE ", " WHEN 1 THEN 2 END"),
    ("NOT ", ""),
    ("NOT (", ")"),
    ("NOT x BETWEEN (", ") AND b"),
    ("- ", ""),
    ("COALESCE(a, ", ")"),
    ("@groupsContains(", ")"),
    ("x BETWEEN (", ") AND b"),
    ("x IN (SELECT a FROM s.t WHERE ", ")"),
    ("CAST(", " AS int)"),
    ("(a + ", ")"),
]


def deep(frames: int, work: Callable[[], object]) -> object:
    """Do `work` below that many frames, as a server's request handler would."""
    return work() if frames == 0 else deep(frames - 1, work)


@pytest.mark.parametrize(("outer", "inner"), list(itertools.product(SHAPES, repeat=2)))
@pytest.mark.parametrize("levels", [MAX_NESTING, 2 * MAX_NESTING, 400])
def test_deep_nesting_never_breaks_the_stack(outer: tuple[str, str], inner: tuple[str, str], levels: int) -> None:
    half = levels // 2
    text = (outer[0] + inner[0]) * half + "a" + (inner[1] + outer[1]) * half
    try:
        found = deep(200, lambda: parse(text, Usage.ROW))
    except ExpressionError as error:
        assert error.message
    else:
        assert levels < 400
        assert isinstance(found, Expression)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_limit_holds_however_deep_the_caller_is(shape: tuple[str, str]) -> None:
    levels = MAX_NESTING // (shape[0].count("NOT") + shape[0].count("(") or 1)
    for text in (f"{shape[0] * levels}a{shape[1] * levels}", f"{shape[0] * levels}TRUE{shape[1] * levels}"):
        messages = set()
        for frames in (0, 100, 200):
            try:
                deep(frames, lambda text=text: parse.__wrapped__(text, Usage.ROW))  # type: ignore[misc]
            except ExpressionError as error:
                messages.add(error.message)
        assert "The expression is nested too deeply." not in messages


@pytest.mark.parametrize("shape", SHAPES)
def test_too_deep_is_said(shape: tuple[str, str]) -> None:
    text = shape[0] * (MAX_NESTING + 1) + "a = 1" + shape[1] * (MAX_NESTING + 1)
    with pytest.raises(ExpressionError, match="nested too deeply"):
        parse(text, Usage.ROW)


@pytest.mark.parametrize("joint", [" + a", " || a", " * a", "::int", " - a"])
def test_long_chains_count_as_depth(joint: str) -> None:
    with pytest.raises(ExpressionError, match="nested too deeply"):
        parse(f"a{joint * 3000} = 1", Usage.ROW)


@pytest.mark.parametrize(
    "text",
    [" OR ".join(["a = 1"] * 2000), " AND ".join(["(a = 1 OR b = 2)"] * 1500), f"a IN ({', '.join(['1'] * 5000)})"],
)
def test_long_lists_and_logic_are_fine(text: str) -> None:
    found = parse(text, Usage.ROW)
    assert to_text(found) == text


def test_a_chain_printed_is_as_deep_as_written() -> None:
    text = "a" + " + b" * 60 + " = 1"
    assert to_text(parse(text, Usage.ROW)) == text


def test_the_longest_text_is_32_kib() -> None:
    longest = "a = '" + "x" * (MAX_BYTES - 6) + "'"
    assert len(longest) == MAX_BYTES
    parse(longest, Usage.ROW)
    with pytest.raises(ExpressionError, match="32769 bytes long; at most 32768 are allowed"):
        parse(longest + " ", Usage.ROW)
    with pytest.raises(ExpressionError, match="at most 32768"):
        parse("é" * 16385, Usage.ROW)


@pytest.mark.parametrize("name", ["x" * 128, '"' + "é" * 64 + '"'])
def test_names_beyond_127_bytes_are_refused(name: str) -> None:
    with pytest.raises(ExpressionError, match="128 bytes long; Redshift allows 127"):
        parse(f"{name} = 1", Usage.ROW)


@pytest.mark.parametrize("text", ["(" * 16000, ")" * 16000, "'" * 32001, "/*" * 16000, "@" * 32000, "a." * 10000 + "a"])
def test_monotonous_texts_are_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse(text, Usage.ROW)
