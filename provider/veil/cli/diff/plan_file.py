"""A Terraform plan as Terraform tells it: from a saved plan, from its JSON, or from standard input.

Source: Terraform's "JSON Output Format". A plan holds secrets of other providers; nothing of it is
kept or told but what is veil's.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from veil.cli.errors import CliError

STDIN = "-"
_ARCHIVE = b"PK"
"""How a saved plan begins: it is a ZIP archive."""
_PROVIDER = "/veil"
"""How the address of this provider ends, in whatever registry it is."""


@dataclass(frozen=True)
class Instance:
    """One instance of a resource of ours in a plan. `before` and `after` are its attributes, None
    where it is not there; `unknown` is the `after_unknown` of `after`.
    """

    address: str
    type: str
    actions: tuple[str, ...]
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    unknown: Any

    @property
    def changes(self) -> bool:
        """Whether the apply does anything in the warehouse about it."""
        return bool({"create", "update", "delete"} & set(self.actions))


@dataclass(frozen=True)
class PlanFile:
    """What of a plan is ours. `incomplete` says why it does not tell all, `deferred` are the
    addresses that are put off. `configuration` is that of the root module.
    """

    instances: tuple[Instance, ...]
    incomplete: tuple[str, ...] = ()
    deferred: tuple[str, ...] = ()
    configuration: Mapping[str, Any] = field(default_factory=dict)


def read_plan(name: str) -> PlanFile:
    """The plan in a file, saved or as JSON, or `-` on standard input. Raises CliError where it is
    none.
    """
    raw = _bytes(name)
    if raw.startswith(_ARCHIVE):
        raw = _shown(name)
    try:
        plan = json.loads(raw.decode("utf-8-sig"), parse_float=Decimal)
    except (ValueError, RecursionError) as problem:
        raise CliError("Not a plan", f"{_place(name)} is neither a saved plan nor JSON. {_HOW}") from problem
    if (
        not isinstance(plan, dict)
        or not isinstance(plan.get("resource_changes", []), list)
        or "planned_values" not in plan
    ):
        raise CliError("Not a plan", f"{_place(name)} is JSON, and not that of a plan. {_HOW}")
    version = str(plan.get("format_version", ""))
    if not version.startswith("1."):
        raise CliError(
            "A plan of another format",
            f"{_place(name)} has the format version {version!r}, and this version of veil reads 1.x. Use a newer veil.",
        )
    return _plan(plan)


_HOW = "Make one with: terraform plan -out=plan.tfplan"


def _place(name: str) -> str:
    return "What came on standard input" if name == STDIN else name


def _bytes(name: str) -> bytes:
    if name == STDIN:
        raw = sys.stdin.buffer.read()
        if raw.startswith(_ARCHIVE):
            raise CliError(
                "A saved plan on standard input",
                "Terraform reads a saved plan from a file only. Name the file, or pipe: terraform show -json plan.tfplan",
            )
        return raw
    try:
        return Path(name).read_bytes()
    except OSError as problem:
        raise CliError("The plan cannot be read", f"{name}: {problem.strerror or problem}. {_HOW}") from problem


def _shown(name: str) -> bytes:
    """A saved plan as JSON: only Terraform reads it, and only where the configuration is
    initialized.
    """
    program = shutil.which("terraform") or shutil.which("tofu")
    if program is None:
        raise CliError(
            "Terraform is not found",
            f"{name} is a saved plan, which only terraform or tofu can read. Put one on the PATH, or give the plan as JSON.",
        )
    path = Path(name).resolve()
    folder = Path.cwd() if (Path.cwd() / ".terraform").is_dir() else path.parent
    ended = subprocess.run([program, "show", "-json", str(path)], capture_output=True, cwd=folder, check=False)
    if ended.returncode:
        message = ended.stderr.decode(errors="replace").strip()
        raise CliError("Terraform cannot show the plan", f"{Path(program).name} show -json {name} says:\n{message}")
    return ended.stdout


def _plan(plan: Mapping[str, Any]) -> PlanFile:
    changed = [each for each in plan.get("resource_changes", []) if _is_ours(each)]
    instances = [_instance(each) for each in changed]
    known = {each.address for each in instances}
    prior = plan.get("prior_state", {}).get("values", {}).get("root_module", {})
    for each in _resources(prior):
        # With -target, what is left out is in the state only.
        if _is_ours(each) and each["address"] not in known:
            values = each.get("values")
            instances.append(Instance(each["address"], each["type"], ("no-op",), values, values, False))
    put_off = plan.get("deferred_changes", [])
    deferred = [each.get("resource_change", {}) for each in put_off]
    return PlanFile(
        tuple(instances),
        tuple(_incomplete(plan)),
        tuple(each["address"] for each in deferred if _is_ours(each)),
        plan.get("configuration", {}).get("root_module", {}),
    )


def _incomplete(plan: Mapping[str, Any]) -> Iterator[str]:
    if plan.get("errored"):
        yield "Terraform stopped at an error while it planned, so that the plan does not hold all changes"
    elif plan.get("complete") is False and not plan.get("deferred_changes"):
        yield "the plan leaves resources out, as one with -target does"


def _is_ours(resource: Mapping[str, Any]) -> bool:
    return (
        resource.get("mode", "managed") == "managed"
        and str(resource.get("type", "")).startswith("veil_")
        and str(resource.get("provider_name", _PROVIDER)).endswith(_PROVIDER)
    )


def _instance(resource: Mapping[str, Any]) -> Instance:
    change = resource["change"]
    return Instance(
        resource["address"],
        resource["type"],
        tuple(change["actions"]),
        change.get("before"),
        change.get("after"),
        change.get("after_unknown", False),
    )


def _resources(module: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from module.get("resources", [])
    for each in module.get("child_modules", []):
        yield from _resources(each)
