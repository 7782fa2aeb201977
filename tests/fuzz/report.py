"""What a run of the fuzzer says: tables of counts, and mismatches in full."""

from collections.abc import Iterable
from dataclasses import MISSING, fields, is_dataclass
from pprint import pformat
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.fuzz.check import Mismatch, Tally, case_rows
from tests.fuzz.coverage import Coverage
from tests.fuzz.rows import lookups_of
from veil.model import ColumnType


def show_coverage(console: Console, coverage: Coverage) -> None:
    """Every construct of the language and how often it was met, by area; what never was stands out
    as absent.
    """
    table = Table("area", "construct", "times", title="Coverage of the language")
    for (area, construct), count in sorted(coverage.counts.items()):
        table.add_row(area, construct, f"{count:,}", style="" if count else "red")
    console.print(table)


def show_totals(console: Console, worlds: int, tally: Tally, mismatches: int, seconds: float) -> None:
    """The run in one table."""
    table = Table("worlds", "cases", "decisions", "refused", "mismatches", "seconds", "decisions per second")
    rate = tally.decisions / seconds if seconds else 0
    table.add_row(
        *(f"{each:,}" for each in (worlds, tally.looks, tally.decisions, tally.refused, mismatches)),
        f"{seconds:.1f}",
        f"{rate:,.0f}",
    )
    console.print(table)


def described(mismatch: Mismatch) -> str:
    """One mismatch with all that is needed to see why."""
    world, source = mismatch.case.world, mismatch.case.world.data_sources[mismatch.source]
    parts: list[tuple[str, object]] = [
        ("who", f"{mismatch.user!r} looks at {mismatch.source} at {mismatch.now.isoformat()}"),
        ("what", mismatch.difference.summary),
        ("only expected", list(mismatch.difference.expected)),
        ("only found", list(mismatch.difference.found)),
        ("profile", world.profiles.get(mismatch.user)),
        ("runtime", world.runtimes.get(mismatch.user)),
        ("baseline", world.integration.baseline),
        ("source", source),
        ("masks", list(world.masking_policies.values())),
        ("row policies", list(world.row_policies.values())),
        ("subscription policies", list(world.subscription_policies.values())),
        ("subscriptions", list(world.subscriptions.values())),
        ("approvals", list(world.approvals.values())),
        ("projects", list(world.projects.values())),
        ("rows", case_rows(mismatch.case, source, mismatch.now)),
        ("lookups", lookups_of(mismatch.case.seed, mismatch.now)),
    ]
    return "\n".join([*(f"{name}: {brief(part)}" for name, part in parts if part), "view:", mismatch.view, ""])


def brief(thing: Any) -> str:
    """Frozen values without the fields that say nothing, each item of a list on a line of its
    own.
    """
    if isinstance(thing, list):
        return "".join(f"\n  {brief(each)}" for each in thing)
    if not is_dataclass(thing):
        return pformat(thing, width=200, compact=True)
    said = [
        f"{each.name}={_inner(getattr(thing, each.name))}"
        for each in fields(thing)
        if each.repr and (each.default is MISSING or getattr(thing, each.name) != each.default)
    ]
    return f"{type(thing).__name__}({', '.join(said)})"


def _inner(value: Any) -> str:
    if isinstance(value, tuple | frozenset):
        left, right = "()" if isinstance(value, tuple) else "{}"
        return left + ", ".join(map(_inner, value)) + right
    return str(value) if isinstance(value, ColumnType) else brief(value)


def kinds(mismatches: Iterable[Mismatch]) -> dict[str, int]:
    """How often each kind of disagreement came up."""
    found: dict[str, int] = {}
    for each in mismatches:
        kind = each.difference.summary[:120]
        found[kind] = found.get(kind, 0) + 1
    return found
