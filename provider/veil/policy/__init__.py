"""Which policies decide what on a data source, what may differ after a change, and what people should know.

Pure: from a World to plain values. `resolve` is what the compiler compiles.
"""

from veil.policy.affected_views import SourceIndex, touched
from veil.policy.asked_names import Asked, Holding, asked_of, held_by, not_held, without_user
from veil.policy.filter_columns import wishes as wishes_filters
from veil.policy.findings import Finding, Place, Problem
from veil.policy.functions import calls as function_calls
from veil.policy.lint import lint, lint_policy, places_of, reads_expressions
from veil.policy.lint_projects import unprofiled, unprofiled_so_far
from veil.policy.lint_removal import uncovered
from veil.policy.lint_sources import lint_source
from veil.policy.messages import shared_name
from veil.policy.resolve import closed_functions, resolve
from veil.policy.resolved import (
    Admission,
    AppliedMask,
    AppliedRows,
    Called,
    Conditions,
    ExpressionMask,
    Incompatibility,
    Resolved,
    ResolvedColumn,
    Sample,
    Window,
)

__all__ = [
    "Admission",
    "AppliedMask",
    "AppliedRows",
    "Asked",
    "Called",
    "Conditions",
    "ExpressionMask",
    "Finding",
    "Holding",
    "Incompatibility",
    "Place",
    "Problem",
    "Resolved",
    "ResolvedColumn",
    "Sample",
    "SourceIndex",
    "Window",
    "asked_of",
    "closed_functions",
    "function_calls",
    "held_by",
    "lint",
    "lint_policy",
    "lint_source",
    "not_held",
    "places_of",
    "reads_expressions",
    "resolve",
    "shared_name",
    "touched",
    "uncovered",
    "unprofiled",
    "unprofiled_so_far",
    "wishes_filters",
    "without_user",
]
