"""What SHOW PROCEDURE tells of procedures and no catalog does: their settings, and whether they are
NONATOMIC.

Amazon Redshift Database Developer Guide, SHOW PROCEDURE: its output can be used to make the
procedure anew, so all that CREATE PROCEDURE takes is in it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from veil.warehouse.errors import WarehouseError
from veil.warehouse.session import Session
from veil.warehouse.signatures import Signature

_DENIED = "42501"
_BODY = re.compile(r"\$(?P<tag>\w*)\$.*\$(?P=tag)\$", re.DOTALL)
_ARGUMENTS = re.compile(r"^[^(]*\(.*?\)(?=\s)", re.DOTALL)
_CLAUSE = r"(?:SET|AS|LANGUAGE|SECURITY|NONATOMIC)\b"
_SETTING = re.compile(rf"\bSET\s+(\w+)\s*(?:TO\b|=)\s*(.*?)\s*(?={_CLAUSE}|;|$)", re.DOTALL | re.IGNORECASE)
_NONATOMIC = re.compile(r"\bNONATOMIC\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ShownProcedure:
    """What a definition says besides arguments and body. Values of settings are without quotes and
    spaces.
    """

    settings: tuple[tuple[str, str], ...]
    nonatomic: bool = False


def read_shown_procedures(session: Session, signatures: Iterable[Signature]) -> dict[Signature, ShownProcedure | None]:
    """What the warehouse shows of these procedures; None of one that it does not show this account.
    A statement for each. Raises WarehouseError.
    """
    return {each: _shown(session, each) for each in signatures}


def _shown(session: Session, signature: Signature) -> ShownProcedure | None:
    try:
        ((definition,),) = session.query(f"SHOW {signature.sql}")
    except WarehouseError as error:
        if error.sqlstate != _DENIED:
            raise
        return None
    return shown_by(str(definition))


def shown_by(definition: str) -> ShownProcedure:
    """What the definition of a procedure says besides arguments and body."""
    clauses = _ARGUMENTS.sub("", _BODY.sub("", definition))
    settings = sorted((name.lower(), re.sub(r"[\s'\"]", "", value)) for name, value in _SETTING.findall(clauses))
    return ShownProcedure(tuple(settings), _NONATOMIC.search(clauses) is not None)
