"""What resources show of a change that failed."""

from typing import TYPE_CHECKING, Any

from veil.resources.hcl.moments import second_text

if TYPE_CHECKING:
    from veil.governance import DeployedState, StoredObject


def error_attributes(deployed: "DeployedState", stored: "StoredObject") -> dict[str, Any]:
    """`last_error` and `last_error_at` of an object: both None where its last change succeeded."""
    from veil.governance import last_errors

    row = last_errors.last_error(deployed, stored.kind, stored.key)
    if row is None:
        return {"last_error": None, "last_error_at": None}
    return {"last_error": last_errors.told(row), "last_error_at": second_text(row.happened_at)}
