"""The meaning of the policy language, as an interpreter over plain rows.

`see` answers what a user sees of given rows and which policy decided each cell; `effective` answers
for any rows; `explain_text` and `explain_json` write that down. It resolves tags, audiences and
conflicts by itself, and imports neither `policy` nor `compiler`: what they make must agree with it
on every input.
"""

from veil.oracle.access import ColumnAccess
from veil.oracle.effective import EffectiveAccess, effective
from veil.oracle.explain import explain_json, explain_rows, explain_rows_json, explain_text
from veil.oracle.facts import Facts, acknowledgement_hash, ends_after, facts_in, facts_of, lasts, projects_of
from veil.oracle.reading import read as read_literal
from veil.oracle.see import see
from veil.oracle.sight import Admission, Decision, HiddenRow, SeenRow, Sight
from veil.oracle.values import Unevaluated, Value

__all__ = [
    "Admission",
    "ColumnAccess",
    "Decision",
    "EffectiveAccess",
    "Facts",
    "HiddenRow",
    "SeenRow",
    "Sight",
    "Unevaluated",
    "Value",
    "acknowledgement_hash",
    "effective",
    "ends_after",
    "explain_json",
    "explain_rows",
    "explain_rows_json",
    "explain_text",
    "facts_in",
    "facts_of",
    "lasts",
    "projects_of",
    "read_literal",
    "see",
]
