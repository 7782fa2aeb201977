"""Functions of users, which masks may call: what the warehouse's catalog shows of them."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UserFunction:
    """One overload of a user-defined function. `arguments` and `returns` are types as the catalog
    spells them, without lengths.

    `fingerprint` is the SHA-256, in hexadecimal digits, of all that the catalog shows of its
    definition (name and types, language, body, volatility) and of those of its schema that it
    calls. Of a Lambda function the body is what the catalog has of its clauses; what AWS Lambda
    runs no catalog shows. `steady` functions (IMMUTABLE, and so is what they call) promise the same
    for the same arguments, whoever asks. `problem` is why a mask must not call it, as a clause
    about it, and empty where one may.
    """

    arguments: tuple[str, ...]
    returns: str
    fingerprint: str
    steady: bool = False
    problem: str = ""


def definition(name: str, fingerprint: str) -> str:
    """How a policy remembers one definition of the function of this dotted name."""
    return f"{name} {fingerprint}"


UserFunctions = Mapping[str, tuple[UserFunction, ...]]
"""The overloads of functions, by dotted names as keys are written."""
