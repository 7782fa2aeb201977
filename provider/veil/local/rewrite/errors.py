"""What the rewriter raises for SQL that Redshift would refuse."""

from __future__ import annotations

LOCAL_LIMIT = "This limit is the local engine's, not Redshift's."


class RefusalError(Exception):
    """The statement is not accepted: the SQLSTATE, the message and, where it helps, a hint for the
    client.
    """

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


def unsupported(what: str, hint: str = "") -> RefusalError:
    """The refusal of something that PostgreSQL has and Redshift has not."""
    return RefusalError("0A000", f"{what} is not supported", hint)
