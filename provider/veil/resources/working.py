"""What a process needs that plans and applies, and one that tells schemas or validates does not.

Resources import these where they use them; whoever imports this module has them all.
"""

import veil.governance.admission.known_columns
import veil.governance.checks.validation
import veil.governance.drift
import veil.governance.installation.installing
import veil.governance.service
import veil.resources.findings
import veil.warehouse.errors
import veil.warehouse.quoting
import veil.warehouse.settings  # noqa: F401
