"""The tables of docs/guides/drift.md, from the list of tamperings.

    python -m tests.acceptance.tampering.guide

writes them into the guide.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.acceptance.tampering.kinds import Tampering
from tests.acceptance.tampering.rounds import ALL

PAGE = Path(__file__).parents[3] / "docs" / "guides" / "drift.md"
_TABLE = re.compile(r"(<!-- (repaired|warned) -->\n).*?(<!-- end -->)", re.DOTALL)


def with_tables(page: str) -> str:
    """The page with its tables as they should be."""
    rows = {
        "repaired": [each for each in ALL if each.repairable],
        "warned": [each for each in ALL if not each.repairable],
    }
    return _TABLE.sub(lambda found: found[1] + "\n".join(_table(rows[found[2]])) + "\n" + found[3], page)


def _table(tamperings: list[Tampering]) -> Iterator[str]:
    yield "| What somebody does | Where the plan shows it | What it says |"
    yield "|---|---|---|"
    for each in tamperings:
        places = [*each.drift, *sorted(each.anew), *([each.health] if each.health else [])]
        kinds = list(dict.fromkeys(place.partition(".")[0] for place in places))
        where = ", ".join(f"`{kind}`" for kind in kinds) if len(kinds) < 4 else "every resource that is concerned"
        yield f"| {each.name} | {where} | {_said(each)} |"


def _said(tampering: Tampering) -> str:
    if tampering.warning:
        return tampering.warning
    return next(iter(tampering.drift.values()), "the resource will be created")


if __name__ == "__main__":
    PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
