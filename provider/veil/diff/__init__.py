"""Who gains and who loses between two Worlds.

`compare` is all that is needed: two Worlds in, findings out, no I/O. `conditions` is the small
algebra by which access is compared, `residual` what policies leave to the row once the user is
known, `access` what one user sees, `people` which users are alike. `admitted` tells of one World
which data sources each user could query. What the policies mean is asked of the interpreter and
decided nowhere here.
"""

from veil.diff.admitted import Admitted, admitted, ends_of
from veil.diff.comparing import Place, compare
from veil.diff.findings import Because, Bypass, Comparison, Finding, Gap, Verdict, Witness
from veil.diff.grouping import MOST_PLACES, Line, lines, people, where
from veil.diff.opening import Opened, opened
from veil.diff.rules import GAINED, Broken, Deny, Require, broken_after, broken_by_gains

__all__ = [
    "GAINED",
    "MOST_PLACES",
    "Admitted",
    "Because",
    "Broken",
    "Bypass",
    "Comparison",
    "Deny",
    "Finding",
    "Gap",
    "Line",
    "Opened",
    "Place",
    "Require",
    "Verdict",
    "Witness",
    "admitted",
    "broken_after",
    "broken_by_gains",
    "compare",
    "ends_of",
    "lines",
    "opened",
    "people",
    "where",
]
