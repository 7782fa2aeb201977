"""Values and blocks as HCL, in the layout of `terraform fmt`."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

WIDTH = 100
"""Collections that would make a line longer than this are spread over several."""

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


@dataclass(frozen=True)
class Expression:
    """HCL that stands as it is, such as a reference."""

    text: str


Value: TypeAlias = "str | bool | int | Decimal | Expression | Sequence[Value] | Mapping[str, Value]"


def block(labels: Iterable[str], attributes: Mapping[str, Value]) -> str:
    """A whole block: its type, its quoted labels, its attributes in their order."""
    kind, *names = labels
    head = " ".join([kind, *(f'"{name}"' for name in names)])
    return f"{head} {{\n{_body(attributes, 2)}}}\n"


def text(value: str) -> str:
    """A text as a quoted template without any interpolation."""
    escaped = "".join(_ESCAPES.get(each) or _printable(each) for each in value)
    return '"' + escaped.replace("${", "$${").replace("%{", "%%{") + '"'


def _printable(character: str) -> str:
    return character if character.isprintable() else f"\\U{ord(character):08x}"


def _body(attributes: Mapping[str, Value], indent: int) -> str:
    """Lines of `name = value`. In a run of values of one line each, the equals signs stand below
    each other.
    """
    lines: list[str] = []
    run: list[tuple[str, str]] = []
    for name, value in attributes.items():
        key, shown = _key(name), _rendered(value, indent, len(_key(name)))
        if "\n" in shown:
            lines += [*_aligned(run, indent), f"{' ' * indent}{key} = {shown}\n"]
            run = []
        else:
            run.append((key, shown))
    return "".join([*lines, *_aligned(run, indent)])


def _aligned(run: Sequence[tuple[str, str]], indent: int) -> list[str]:
    width = max((len(key) for key, _ in run), default=0)
    return [f"{' ' * indent}{key:<{width}} = {shown}\n" for key, shown in run]


def _rendered(value: Value, indent: int, taken: int) -> str:
    flat = _flat(value)
    if indent + taken + len(flat) <= WIDTH or isinstance(value, str | bool | int | Decimal | Expression) or not value:
        return flat
    close = " " * indent
    if isinstance(value, Mapping):
        return f"{{\n{_body(value, indent + 2)}{close}}}"
    items = "".join(f"{close}  {_rendered(each, indent + 2, 0)},\n" for each in value)
    return f"[\n{items}{close}]"


def _flat(value: Value) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return text(value)
        case Expression():
            return value.text
        case int():
            return str(value)
        case Decimal():
            return format(value, "f")
        case Mapping():
            inside = ", ".join(f"{_key(name)} = {_flat(each)}" for name, each in value.items())
            return f"{{ {inside} }}" if inside else "{}"
    return f"[{', '.join(map(_flat, value))}]"


def _key(name: str) -> str:
    # `for` would begin an expression.
    return name if _IDENTIFIER.match(name) and name != "for" else text(name)
