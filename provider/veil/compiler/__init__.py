"""Data sources and their policies as Redshift views. Pure: from a World to text."""

from veil.compiler.building import FUNCTIONS
from veil.compiler.counting import Entry, count_rows
from veil.compiler.errors import CompileError
from veil.compiler.predicate import compile_predicate
from veil.compiler.printer import MOST_BYTES
from veil.compiler.quoting import identifier, literal, qualified
from veil.compiler.sql import COUNT_OVER
from veil.compiler.users import system_of
from veil.compiler.view import (
    CLOSABLE_SINCE,
    COMPILER_VERSION,
    compile_resolved,
    compile_view,
    compiler_of,
    is_bound,
    select_of,
)

__all__ = [
    "CLOSABLE_SINCE",
    "COMPILER_VERSION",
    "COUNT_OVER",
    "FUNCTIONS",
    "MOST_BYTES",
    "CompileError",
    "Entry",
    "compile_predicate",
    "compile_resolved",
    "compile_view",
    "compiler_of",
    "count_rows",
    "identifier",
    "is_bound",
    "literal",
    "qualified",
    "select_of",
    "system_of",
]
