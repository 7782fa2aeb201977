"""Everything that veil tells people is wrong, read from the places where it says so, as a page of
the documentation.

A title and what follows it stand together in the source, where an error is raised or a warning
given. What varies, such as the name of a table, is an ellipsis here. Where the source puts the rest
together from parts, `EXPLAINED` says what it is about.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tools.diagnostics_explained import COMPOSED, EXPLAINED
from veil.policy.messages import WORDINGS
from veil.warehouse.errors import REFUSALS, UNKNOWN_OBJECTS

ROOT = Path(__file__).resolve().parents[1] / "provider" / "veil"
PAGE = "guides/diagnostics.md"

VARIES = "…"
_PACKAGES = ("compiler", "governance", "resources", "warehouse", "plugin", "certify", "cli")
_ERRORS = frozenset(
    {
        "PluginError",
        "CompileError",
        "WarehouseError",
        "NotInstalledError",
        "BlockedError",
        "GovernanceError",
        "ImpersonationError",
        "WrongIntegrationError",
        "NameTakenError",
        "ForeignViewError",
        "CliError",
    }
)
"""The classes that are given a title first. All others have one of their own."""
_NO_TITLES = frozenset({"plugin/diagnostics.py", "plugin/api/context.py", "plugin/server", "cli/parsing.py"})
"""Where errors and warnings are passed on, and logs written."""
HANDED_ON = frozenset(
    {
        "cli/warehouse.py",
        "governance/admission/expressions.py",
        "governance/admission/lookup_tables.py",
        "governance/blocking.py",
        "plugin/calls/putting_off.py",
        "plugin/schema/validation.py",
        "resources/claiming.py",
        "resources/gains.py",
        "resources/refusals.py",
        "warehouse/errors.py",
    }
)
"""Modules in which a title is what another place said, or put together from parts: `COMPOSED` has
those.
"""

_COMMAND = "The veil command"
_SECTIONS = {"error": "Errors", "warning": "Warnings", _COMMAND: _COMMAND}


@dataclass(frozen=True)
class Said:
    """One place that says something: `title` is None where it comes from elsewhere, `detail` empty
    likewise.
    """

    module: str
    line: int
    severity: str
    title: str | None
    detail: str


@dataclass
class Entry:
    """One title, and all that is said under it."""

    title: str
    severity: str
    details: list[str] = field(default_factory=list)


@cache
def said() -> tuple[Said, ...]:
    """Every place that tells people what is wrong, in the order of the source, which is read once."""
    found: list[Said] = []
    for package in _PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            module = path.relative_to(ROOT).as_posix()
            if "wire" not in path.parts and not any(module.startswith(each) for each in _NO_TITLES):
                found += _Module(module, ast.parse(path.read_text(encoding="utf-8"))).said()
    for wording in WORDINGS.values():
        found.append(Said("policy/messages.py", 0, wording.severity, wording.summary, wording.advice))
    for title, advice in (*REFUSALS.values(), *UNKNOWN_OBJECTS.values()):
        found.append(Said("warehouse/errors.py", 0, "error", title, advice))
    return tuple(found)


def entries() -> list[Entry]:
    """What is said by title, each once, in the order of the alphabet."""
    found: dict[tuple[str, str], Entry] = {}
    for each in said():
        if each.title is None:
            continue
        severity = _COMMAND if each.module.startswith(("cli/", "certify/")) else each.severity
        entry = found.setdefault((severity, each.title), Entry(each.title, severity))
        detail = EXPLAINED.get(each.title, each.detail)
        if detail and detail not in entry.details:
            entry.details.append(detail)
    for title, (severity, detail) in COMPOSED.items():
        found[severity, title] = Entry(title, severity, [detail])
    return sorted(found.values(), key=lambda each: each.title.lower().strip(VARIES + " "))


def page() -> str:
    """The page of the documentation."""
    made = entries()
    parts = [
        '---\npage_title: "What veil tells, and what to do"\nsubcategory: ""\ndescription: |-\n'
        "  Every error and warning of the provider and of the veil command.\n---\n\n"
        "# What veil tells, and what to do\n\n"
        f"By title. {VARIES} stands for what varies, such as a name; under each title stands what is told with it. Whatever is wrong with "
        "the value of one attribute is told under `Invalid value`, with the attribute and what to write in its place.\n"
    ]
    for severity, heading in _SECTIONS.items():
        parts.append(f"## {heading}\n")
        parts += [_shown(each) for each in made if each.severity == severity]
    return "\n".join(parts)


def _shown(entry: Entry) -> str:
    details = "".join(f"{_markdown(each)}\n\n" for each in entry.details)
    return f"### {_markdown(entry.title)}\n\n{details}".rstrip() + "\n"


def _markdown(text: str) -> str:
    """Text for a page: no part of it is taken for a tag of HTML, and its lines flow."""
    return " ".join(text.split()).replace("<", "&lt;").replace(">", "&gt;").replace("*", "\\*")


class _Module:
    """Reads one module."""

    def __init__(self, name: str, tree: ast.Module) -> None:
        self._name, self._tree = name, tree
        self._constants = dict(_assigned(tree.body, {}))

    def said(self) -> Iterator[Said]:
        titled = {each.name for each in ast.walk(self._tree) if isinstance(each, ast.ClassDef) and _own_title(each)}
        yield from self._in(self._tree, self._constants, titled)

    def _in(self, scope: ast.AST, known: Mapping[str, str], titled: set[str]) -> Iterator[Said]:
        for node in ast.iter_child_nodes(scope):
            inner = known
            if isinstance(node, ast.FunctionDef):
                inner = {**known, **dict(_assigned(list(ast.walk(node)), known))}
            if isinstance(node, ast.ClassDef) and (call := _own_title(node)):
                yield self._told(call, "error", call.args, known)
            elif isinstance(node, ast.Call):
                yield from self._called(node, inner)
            yield from self._in(node, inner, titled)

    def _called(self, node: ast.Call, known: Mapping[str, str]) -> Iterator[Said]:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        given = node.args
        if name in _ERRORS and given and not isinstance(given[0], ast.Starred):
            yield self._told(node, "error", given, known)
        elif name in ("error", "warning") and isinstance(node.func, ast.Attribute) and len(given) > 1:
            yield self._told(node, name, given, known)
        elif name == "Claim" and len(given) > 1:
            yield self._told(node, "error", [given[1]], known)
        elif name == "InvalidValueError":
            titles = [*given[2:], *(each.value for each in node.keywords if each.arg == "summary")]
            if titles:
                yield self._told(node, "error", [titles[0], given[0]], known)

    def _told(self, node: ast.AST, severity: str, given: list[ast.expr], known: Mapping[str, str]) -> Said:
        title = _text(given[0], known) if given else None
        detail = _text(given[1], known) if len(given) > 1 else None
        advice = next((each.value for each in getattr(node, "keywords", ()) if each.arg == "advice"), None)
        more = _text(advice, known) if advice is not None else None
        whole = " ".join(filter(None, (detail, more)))
        return Said(self._name, getattr(node, "lineno", 0), severity, title, whole if _says_something(whole) else "")


def _assigned(body: list[ast.AST] | list[ast.stmt], known: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The names that texts are given to. Of two texts of one name neither is known."""
    found: dict[str, str | None] = {}
    for node in body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            name, text = node.targets[0].id, _text(node.value, {**known, **{k: v for k, v in found.items() if v}})
            found[name] = None if name in found else text
    yield from ((name, text) for name, text in found.items() if text is not None)


def _own_title(node: ast.ClassDef) -> ast.Call | None:
    """The call by which a class of errors gives itself a title."""
    if not node.name.endswith("Error"):
        return None
    calls = (each for each in ast.walk(node) if isinstance(each, ast.Call) and _is_super(each))
    return next((each for each in calls if each.args and _text(each.args[0], {}) is not None), None)


def _is_super(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Attribute) and node.func.attr == "__init__"


def _text(node: ast.expr, known: Mapping[str, str]) -> str | None:
    """What an expression says; None where that is not told by the text of the source."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.IfExp):
        return _text(node.orelse, known) or _text(node.body, known)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        parts = [_text(each, known) for each in (node.left, node.right)]
        return None if None in parts else "".join(filter(None, parts))
    if isinstance(node, ast.JoinedStr):
        return "".join(
            _filled_in(each.value, known) if isinstance(each, ast.FormattedValue) else str(getattr(each, "value", ""))
            for each in node.values
        )
    return None


def _filled_in(node: ast.expr, known: Mapping[str, str]) -> str:
    text = _text(node, known) if isinstance(node, ast.Name | ast.JoinedStr) else None
    return VARIES if text is None else text


def _says_something(text: str) -> bool:
    return sum(map(str.isalpha, text)) > 20
