"""That the names which the documentation and the examples use are names on a cluster, without
quotes.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.surface.queries import reserved_words

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    path
    for path in (
        ROOT / "README.md",
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("examples/**/*.tf"),
        *ROOT.glob("provider/veil/cli/quickstart/*.sql"),
    )
)
NAMES = re.compile(
    r"""(?x)
    \b(?:view_)?(?:schema|table|database|view_name) \s* = \s* "(\w+)"
    | \bSCHEMA \s (?:IF\ NOT\ EXISTS \s)? (\w+)
    | \b(?:FROM|JOIN|TABLE|VIEW|INTO|EXISTS) \s (\w+)\.(\w+)
    """
)


def names(text: str) -> set[str]:
    text = text.replace("schema.table", "")  # which stands for any
    return {name for found in NAMES.findall(text) for name in found if name}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_name_is_a_reserved_word(page: Path) -> None:
    assert {name for name in names(page.read_text(encoding="utf-8")) if name.upper() in reserved_words()} == set()


def test_reserved_words_are_found_where_they_are() -> None:
    text = 'schema      = "raw"\nGRANT USAGE ON SCHEMA tag TO veil;\nSELECT * FROM new.users; CREATE TABLE s.order (a INTEGER)'
    assert {name for name in names(text) if name.upper() in reserved_words()} == {"raw", "tag", "new", "order"}
