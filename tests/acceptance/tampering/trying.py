"""Whether a plan tells of tamperings, and whether what follows puts them right. Every answer is a
list of what is wrong, empty where all is well.
"""

import json
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tests.acceptance.tampering.kinds import Tampering
from tests.acceptance.terraform import Run, Workspace, find_terraform

Changes = Mapping[str, Mapping[str, Any]]

_TITLES = ("An apply cannot repair this", "Others made something in veil's schemas")
"""Under which a plan tells of what it leaves alone."""


def plan(workspace: Workspace) -> tuple[Run, Changes]:
    """A saved plan: what it printed, and by address what it would change."""
    planned = workspace.plan("-out=plan.bin")
    if planned.code == 1:
        return planned, {}
    shown = subprocess.run(
        [find_terraform() or "terraform", "show", "-json", "plan.bin"],
        cwd=workspace.folder,
        env=workspace.environment,
        capture_output=True,
        check=True,
    )
    changes = json.loads(shown.stdout)["resource_changes"]
    return planned, {each["address"]: each["change"] for each in changes if each["change"]["actions"] != ["no-op"]}


def untold(tampering: Tampering, planned: Run, changes: Changes) -> Iterator[str]:
    """What the plan should say of a tampering and does not."""
    said = " ".join(planned.text.split())
    for address, line in tampering.drift.items():
        entries = (changes.get(address, {}).get("before") or {}).get("drift") or []
        if not any(line in entry for entry in entries):
            yield f"{address} does not say: {line}. Its drift: {entries}"
        if line not in said:
            yield f"the plan does not print: {line}"
    for address in tampering.anew - {each for each, change in changes.items() if change["actions"] == ["create"]}:
        yield f"{address} is not made anew"
    if tampering.warning and not (any(each in said for each in _TITLES) and tampering.warning in said):
        yield f"the plan does not warn: {tampering.warning}"


def uncalled_for(tamperings: Iterable[Tampering], changes: Changes) -> Iterator[str]:
    """What a plan after these tamperings does beyond repairing."""
    anew = frozenset[str]().union(*(each.anew for each in tamperings))
    for address, change in changes.items():
        if change["actions"] != (["create"] if address in anew else ["update"]):
            yield f"{address}: {change['actions']}"
        elif change["after"]["drift"] != []:
            yield f"{address} keeps its drift"


def not_put_right(workspace: Workspace) -> Iterator[str]:
    """What the saved plan, applied, leaves to be done."""
    done = workspace.apply("plan.bin")
    if not done:
        yield done.text
        return
    yield from not_clean(workspace)


def not_clean(workspace: Workspace) -> Iterator[str]:
    """What a plan still finds."""
    again = workspace.plan()
    if again.code != 0 or any(each in again.text for each in _TITLES):
        yield again.text
