"""What a process needs that plans and applies, and one that serves schemas or validates does not.

Resources import these where they use them; whoever imports this module has them all.
"""

import veil.governance
import veil.warehouse.errors
import veil.warehouse.quoting
import veil.warehouse.settings

veil.governance.load()
