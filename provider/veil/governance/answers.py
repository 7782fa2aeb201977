"""What `Governance` answers with, for whoever asks it from outside: `requests` is the other
direction.
"""

from veil.governance.access.effective_access import Access
from veil.governance.access.lookup_rows import LookedUp
from veil.governance.access.row_counts import RowCounts
from veil.governance.checks.validation import Check, status_of
from veil.governance.claims import Conflict

__all__ = ["Access", "Check", "Conflict", "LookedUp", "RowCounts", "status_of"]
