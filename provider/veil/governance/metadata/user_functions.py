"""The functions of users that masks call: what the catalog shows of them, judged."""

import json
from collections.abc import Collection, Iterable
from hashlib import sha256

from veil.governance.showing import shown
from veil.model import MaskingPolicy, UserFunction, UserFunctions, World
from veil.model.names import dotted
from veil.warehouse import PUBLIC, FunctionsThere, RoutineState, Signature, Snapshot

_CREATE = "CREATE"


def functions_of(thing: object) -> frozenset[tuple[str, str]]:
    """The schemas and names of the functions that a policy's masks call; none for what is no such policy."""
    masks = thing.functions if isinstance(thing, MaskingPolicy) else ()
    return frozenset(each.place for each in masks if each.place is not None)


def functions_in(world: World) -> frozenset[tuple[str, str]]:
    """Those of all policies."""
    return frozenset(place for each in world.masking_policies.values() for place in functions_of(each))


def as_read(snapshot: Snapshot, account: str, named: Collection[tuple[str, str]]) -> UserFunctions:
    """The named functions as a snapshot shows them. `account` owns what is veil's."""
    owners, privileges = snapshot.schema_owners, snapshot.schema_privileges
    return judged(FunctionsThere(snapshot.functions, owners, privileges, snapshot.superusers, account), account, named)


def judged(there: FunctionsThere, account: str, named: Collection[tuple[str, str]]) -> UserFunctions:
    """The named functions that are there, each with what keeps it from being called: whoever could replace it unseen is to be
    the account itself or a superuser.
    """
    trusted = frozenset({account, *there.superusers})
    found: dict[str, list[UserFunction]] = {}
    for signature, state in sorted(there.routines.items()):
        if signature.kind == "FUNCTION" and (signature.schema, signature.name) in named:
            name = dotted(signature.schema, signature.name)
            found.setdefault(name, []).append(_judged(signature, state, there, trusted))
    return {name: tuple(overloads) for name, overloads in found.items()}


def fingerprint(signature: Signature, state: RoutineState) -> str:
    """Of all that the catalog shows of a function but its owner and who may execute it."""
    attributes = state.attributes
    assert attributes is not None  # Read from a catalog, as they all are.
    told = (
        (signature.kind, signature.schema, signature.name, signature.arguments, state.returns),
        (attributes.language, state.body, attributes.arguments, attributes.volatility),
        (attributes.strict, attributes.returns_set, state.security_definer),
    )
    return sha256(json.dumps(told, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()


def _judged(signature: Signature, state: RoutineState, there: FunctionsThere, trusted: frozenset[str]) -> UserFunction:
    attributes = state.attributes
    steady = attributes is not None and attributes.volatility == "i"
    problem = "; ".join(_problems(signature, state, there, trusted))
    return UserFunction(signature.arguments, state.returns, fingerprint(signature, state), steady, problem)


def _problems(
    signature: Signature, state: RoutineState, there: FunctionsThere, trusted: frozenset[str]
) -> Iterable[str]:
    neither = "who is neither the provider's account nor a superuser"
    if state.owner not in trusted:
        yield f"belongs to {shown(state.owner)}, {neither}"
    owner = there.schema_owners.get(signature.schema, "")
    if owner not in trusted:
        yield f"is in the schema {shown(signature.schema)} of {shown(owner)}, {neither}"
    grants = there.schema_privileges.get(signature.schema, ())
    if any(each.grantee == PUBLIC and each.privilege == _CREATE for each in grants):
        yield f"is in the schema {shown(signature.schema)}, where PUBLIC may create"
    if state.attributes is not None and state.attributes.returns_set:
        yield "gives rows and not a value"
