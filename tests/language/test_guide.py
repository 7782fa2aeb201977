"""The guide for users says what the parser does."""

import re
from pathlib import Path

import pytest

from veil.language import ALLOWED, Usage, parse
from veil.language.parser import MAX_NESTING
from veil.language.tree import TEMPLATED

GUIDE = (Path(__file__).parents[2] / "docs" / "guides" / "policy-language.md").read_text(encoding="utf-8")
EXAMPLES = [
    (Usage(usage), line)
    for usage, block in re.findall(r"^```sql (\w+)\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)
    for line in block.splitlines()
]


@pytest.mark.parametrize(("usage", "text"), EXAMPLES)
def test_the_guides_examples_parse(usage: Usage, text: str) -> None:
    parse(text, usage)


def test_the_guide_has_examples_of_every_usage() -> None:
    assert {usage for usage, _ in EXAMPLES} == set(Usage)


def test_the_guide_names_every_function() -> None:
    assert [name for name in ALLOWED if not re.search(rf"`{name.upper()}\b", GUIDE)] == []


def test_the_guide_names_every_templated_function_and_where_it_stands() -> None:
    for template, _ in TEMPLATED.values():
        row = next(line for line in GUIDE.splitlines() if line.startswith("| `@") and f"`@{template.name}" in line)
        cells = [cell.strip() for cell in row.strip("|").split("|")][2:]
        stands = {usage for usage, cell in zip(Usage, cells, strict=True) if cell}
        assert stands == template.usages, template.name


def test_the_guide_names_the_limit() -> None:
    assert f"{MAX_NESTING} levels" in GUIDE
