"""Which policies decide what on a data source, what may differ after a change, and what people
should know.

Pure: from a World to plain values. `resolve` is what the compiler compiles.
"""

from veil.policy.affected_views import SourceIndex, same_to_views, touched, touched_by
from veil.policy.asked_names import asked_of, held_by, not_held, without_user
from veil.policy.filter_columns import wishes as wishes_filters
from veil.policy.findings import Finding, Place, Problem
from veil.policy.functions import calls as function_calls
from veil.policy.lint import applies, lint, lint_policy, places_of, reads_expressions
from veil.policy.lint_projects import unprofiled, unprofiled_so_far
from veil.policy.lint_removal import uncovered
from veil.policy.lint_sources import gaps, lint_source, misfits, stacked, stacks_of
from veil.policy.mask_stacks import MaskStacks
from veil.policy.messages import shared_name
from veil.policy.policy_index import PolicyIndex, with_only
from veil.policy.resolve import admits_on, closed_functions, resolve
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
from veil.policy.targeting import SourceView, source_view

__all__ = [
    "Admission",
    "AppliedMask",
    "AppliedRows",
    "Called",
    "Conditions",
    "ExpressionMask",
    "Finding",
    "Incompatibility",
    "MaskStacks",
    "Place",
    "PolicyIndex",
    "Problem",
    "Resolved",
    "ResolvedColumn",
    "Sample",
    "SourceIndex",
    "SourceView",
    "Window",
    "admits_on",
    "applies",
    "asked_of",
    "closed_functions",
    "function_calls",
    "gaps",
    "held_by",
    "lint",
    "lint_policy",
    "lint_source",
    "misfits",
    "not_held",
    "places_of",
    "reads_expressions",
    "resolve",
    "same_to_views",
    "shared_name",
    "source_view",
    "stacked",
    "stacks_of",
    "touched",
    "touched_by",
    "uncovered",
    "unprofiled",
    "unprofiled_so_far",
    "wishes_filters",
    "with_only",
    "without_user",
]
