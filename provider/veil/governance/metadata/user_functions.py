"""The functions of users that masks call: what the catalog shows of them, judged."""

import json
from collections.abc import Collection, Iterable
from hashlib import sha256

from veil.governance.showing import shown
from veil.model import MaskingPolicy, UserFunction, UserFunctions, World
from veil.model.names import dotted
from veil.warehouse import PUBLIC, FunctionsThere, Grantee, RoutineState, Signature, Snapshot

_WAYS = {"CREATE": "where {} may create", "ALTER": "which {} may alter", "DROP": "which {} may drop"}
"""The privileges on a schema with which somebody puts another function in the place of one: beside it, as an overload that fits
better, or in a schema of the same name.
"""


def functions_of(thing: object) -> frozenset[tuple[str, str]]:
    """The schemas and names of the functions that a policy's masks call; none for what is no such policy."""
    masks = thing.functions if isinstance(thing, MaskingPolicy) else ()
    return frozenset(each.place for each in masks if each.place is not None)


def functions_in(world: World) -> frozenset[tuple[str, str]]:
    """Those of all policies."""
    return frozenset(place for each in world.masking_policies.values() for place in functions_of(each))


def as_read(snapshot: Snapshot, owner: str, named: Collection[tuple[str, str]]) -> UserFunctions:
    """The named functions as a snapshot shows them, judged as `judged` does."""
    there = FunctionsThere(
        snapshot.functions,
        snapshot.schema_owners,
        snapshot.schema_privileges,
        snapshot.superusers,
        snapshot.account,
        snapshot.database_privileges,
    )
    return judged(there, owner, named)


def judged(there: FunctionsThere, owner: str, named: Collection[tuple[str, str]]) -> UserFunctions:
    """The named functions that are there, each with what keeps it from being called: whoever could replace it unseen is to be
    the account that owns what is veil's or a superuser. Where nobody knows the `owner` yet, it is empty, and whoever asks is that
    account.
    """
    account = owner or there.account
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
    for rights in _replacing(signature.schema, there, trusted):
        yield f"is in the schema {shown(signature.schema)}, {rights}"
    if state.attributes is not None and state.attributes.returns_set:
        yield "gives rows and not a value"


def _replacing(schema: str, there: FunctionsThere, trusted: frozenset[str]) -> list[str]:
    """Who else may put another function in the place of one of a schema, a clause about the schema each: by a grant on it, or on all
    schemas of the database ("GRANT CREATE FOR SCHEMAS IN DATABASE"). A group or role may get members at any time, so that
    none is trusted.
    """
    grants = [
        *there.schema_privileges.get(schema, ()),
        *(each for each in there.database_privileges if each.scope == "SCHEMAS"),
    ]
    told = {
        _WAYS[each.privilege].format(_named(each.grantee))
        for each in grants
        if each.privilege in _WAYS and not (each.grantee.type == "user" and each.grantee.name in trusted)
    }
    return sorted(told)


def _named(grantee: Grantee) -> str:
    return grantee.name if grantee == PUBLIC else f"the {grantee.type} {shown(grantee.name)}"
