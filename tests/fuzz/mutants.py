"""Single errors planted in a copy of the sources: an AND for an OR, a dropped NOT, a swapped order,
a missing guard.

A mutant is a place in a module and the text that stands there instead. Places are found by the
syntax tree, so that the list of mutants survives edits elsewhere in the file.
"""

import ast
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

MODULES = (
    "model/masks.py",
    "language/correlation.py",
    "language/signatures.py",
    "language/value_types.py",
    "policy/typecheck.py",
    "policy/fitting.py",
    "policy/functions.py",
    "policy/masks.py",
    "policy/targeting.py",
    "policy/resolve.py",
    "policy/rows.py",
    "policy/column_types.py",
    "policy/literals.py",
    "compiler/admission.py",
    "compiler/arithmetic.py",
    "compiler/bounds.py",
    "compiler/building.py",
    "compiler/buckets.py",
    "compiler/calls.py",
    "compiler/casts.py",
    "compiler/columns.py",
    "compiler/decided.py",
    "compiler/exacts.py",
    "compiler/expressions.py",
    "compiler/floats.py",
    "compiler/hashing.py",
    "compiler/lengths.py",
    "compiler/lookups.py",
    "compiler/masks.py",
    "compiler/moments.py",
    "compiler/nodes.py",
    "compiler/numbers.py",
    "compiler/printer.py",
    "compiler/quoting.py",
    "compiler/results.py",
    "compiler/rows.py",
    "compiler/scope.py",
    "compiler/users.py",
    "compiler/values.py",
    "compiler/view.py",
    "compiler/wholes.py",
)
"""Where an error decides what somebody sees; messages, lint and change detection are tested
elsewhere.
"""

_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.In: "not in",
    ast.NotIn: "in",
    ast.Is: "is not",
    ast.IsNot: "is",
}
_CALLS = {"any": "all", "all": "any", "min": "max", "max": "min", "and_": "or_", "or_": "and_"}
_TEXTS = (
    ("AND", "OR"),
    ("OR", "AND"),
    ("TRUE", "FALSE"),
    ("FALSE", "TRUE"),
    ("IS NOT NULL", "IS NULL"),
    ("rtrim", "btrim"),
)


@dataclass(frozen=True)
class Mutant:
    """In `module`, within `function`, the `number`-th piece of code that reads `old` becomes
    `new`.
    """

    module: str
    function: str
    old: str
    new: str
    number: int

    def applied(self, source: str) -> str:
        """The module's text with the error in it. Raises LookupError where the code is not there
        any more.
        """
        places = [
            place for place in _places(ast.parse(source), source) if place[0] == self.function and place[2] == self.old
        ]
        if self.number >= len(places):
            raise LookupError(f"{self.module}: {self.function} has no such code any more: {self.old}")
        start, end = places[self.number][1]
        return source[:start] + self.new + source[end:]


def mutants(root: Path) -> Iterator[Mutant]:
    """Every error that can be planted in the modules under `root`, in their order."""
    for module in MODULES:
        source = (root / module).read_text(encoding="utf-8")
        counts: dict[tuple[str, str], int] = {}
        for function, _, old, node in _places(ast.parse(source), source):
            number = counts.get((function, old), 0)
            counts[function, old] = number + 1
            for new in dict.fromkeys(_instead(node, source)):
                yield Mutant(module, function, old, new, number)


def saved(path: Path) -> list[Mutant]:
    return [Mutant(**each) for each in json.loads(path.read_text(encoding="utf-8"))]


def save(path: Path, found: list[Mutant]) -> None:
    lines = ",\n".join(f"  {json.dumps(asdict(each), ensure_ascii=False)}" for each in found)
    path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def _places(tree: ast.Module, source: str) -> Iterator[tuple[str, tuple[int, int], str, ast.AST]]:
    """Every piece of code within functions: the function's name, its offsets, its text, its
    node.
    """
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line.encode()))
    encoded = source.encode()

    def offset(line: int, column: int) -> int:
        return len(encoded[: starts[line - 1] + column].decode())

    for function in (each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)):
        documentation = function.body[0].value if isinstance(function.body[0], ast.Expr) else None
        for node in ast.walk(function):
            if (
                node is not documentation
                and isinstance(node, ast.expr)
                and node.end_lineno is not None
                and node.end_col_offset is not None
            ):
                span = offset(node.lineno, node.col_offset), offset(node.end_lineno, node.end_col_offset)
                yield function.name, span, source[span[0] : span[1]], node


def _instead(node: ast.AST, source: str) -> Iterator[str]:
    """What may stand in the place of a piece of code."""

    def text(part: ast.AST) -> str:
        return ast.get_source_segment(source, part) or ""

    match node:
        case ast.BoolOp(op=op, values=values):
            word = " or " if isinstance(op, ast.And) else " and "
            yield "(" + word.join(f"({text(each)})" for each in values) + ")"
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield f"({text(operand)})"
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARISONS:
            yield f"{text(left)} {_COMPARISONS[type(op)]} {text(right)}"
        case ast.IfExp(body=body, orelse=orelse):
            yield f"({text(body)})"
            yield f"({text(orelse)})"
        case ast.BinOp(op=ast.Add() | ast.BitAnd(), left=kept):
            yield f"({text(kept)})"
        case ast.Dict(keys=[*_, None]):
            pairs = [f"{text(key)}: {text(value)}" for key, value in zip(node.keys, node.values, strict=True) if key]
            yield f"{{{', '.join(pairs)}}}"
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in _CALLS:
            yield f"{_CALLS[name]}({', '.join(map(text, args))})"
        case ast.Constant(value=bool() as value):
            yield str(not value)
        case ast.Constant(value=int() as value):
            yield str(value + 1)
        case ast.Constant(value=str() as value):
            yield from (text(node).replace(one, other) for one, other in _TEXTS if one in value)
        case ast.Tuple(elts=elements) | ast.List(elts=elements) if len(elements) > 2:
            left, right = text(node)[0], text(node)[-1]
            if left in "([":
                yield left + ", ".join(map(text, elements[:-1])) + right
