"""The functions of users that masks call: what the catalog shows of them, judged."""

import json
from collections.abc import Collection, Iterator, Mapping
from hashlib import sha256

from veil.governance.metadata.called_by_sql import Name, UnreadableBodyError, called_in
from veil.governance.showing import shown
from veil.model import MaskingPolicy, UserFunction, UserFunctions, World
from veil.model.names import dotted, folded
from veil.warehouse import PUBLIC, FunctionsThere, Grantee, RoutineState, Signature, Snapshot

_WAYS = {"CREATE": "where {} may create", "ALTER": "which {} may alter", "DROP": "which {} may drop"}
"""The privileges on a schema with which somebody puts another function in the place of one: beside
it, as an overload that fits better, or in a schema of the same name.
"""

_NEITHER = "who is neither the provider's account nor a superuser"


def functions_of(thing: object) -> frozenset[tuple[str, str]]:
    """The schemas and names of the functions that a policy's masks call; none for what is no such
    policy.
    """
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
    """The named functions that are there, each with what keeps it from being called: whoever could
    replace it unseen is to be the account that owns what is veil's or a superuser. Where nobody
    knows the `owner` yet, it is empty, and whoever asks is that account.
    """
    account = owner or there.account
    trusted = frozenset({account, *there.superusers})
    functions: dict[str, list[UserFunction]] = {}
    for signature, state in sorted(there.routines.items()):
        if signature.kind == "FUNCTION" and (signature.schema, signature.name) in named:
            name = dotted(signature.schema, signature.name)
            functions.setdefault(name, []).append(_judged(signature, state, there, trusted))
    return {name: tuple(overloads) for name, overloads in functions.items()}


def fingerprint(signature: Signature, routines: Mapping[Signature, RoutineState]) -> str:
    """Of all that the catalog shows of a function, and of those of its schema that it calls, but
    their owners and who may execute them. `routines` are those of the schema.
    """
    called = sorted(_reached(signature, routines) - {signature})
    parts = [_definition(each, routines[each]) for each in (signature, *called)]
    text = json.dumps(parts if called else parts[0], ensure_ascii=False)
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _definition(signature: Signature, state: RoutineState) -> tuple[object, ...]:
    attributes = state.attributes
    assert attributes is not None  # Read from a catalog, as they all are.
    return (
        (signature.kind, signature.schema, signature.name, signature.arguments, state.returns),
        (attributes.language, state.body, attributes.arguments, attributes.volatility),
        (attributes.strict, attributes.returns_set, state.security_definer),
    )


def _reached(signature: Signature, routines: Mapping[Signature, RoutineState]) -> frozenset[Signature]:
    """The function, and all of its schema that run when it does: every overload of a name that is
    called, for which one is meant is not decided here.
    """
    reached, waiting = {signature}, [signature]
    while waiting:
        names = {folded(name[1]) for name in _calls(routines[waiting.pop()])[0] if _is_within(name, signature.schema)}
        for each in routines.keys() - reached:
            if (each.kind, each.schema) == ("FUNCTION", signature.schema) and folded(each.name) in names:
                reached.add(each)
                waiting.append(each)
    return frozenset(reached)


def _calls(state: RoutineState) -> tuple[frozenset[Name], str]:
    """What a function in SQL calls, or why that cannot be determined. The code of others is not the
    database's.
    """
    if state.attributes is None or state.attributes.language != "sql":
        return frozenset(), ""
    try:
        return called_in(state.body), ""
    except UnreadableBodyError as problem:
        return frozenset(), str(problem)


def _is_within(name: Name, schema: str) -> bool:
    return len(name) == 2 and folded(name[0]) == folded(schema)


def _judged(signature: Signature, state: RoutineState, there: FunctionsThere, trusted: frozenset[str]) -> UserFunction:
    reached = _reached(signature, there.routines)
    steady = all(_is_steady(there.routines[each]) for each in reached)
    problems = [*_problems(signature, state, there, trusted), *_problems_of_schema(signature.schema, there, trusted)]
    for each in sorted(reached - {signature}):
        problems += [
            f"calls {dotted(each.schema, each.name)}, which {problem}"
            for problem in _problems(each, there.routines[each], there, trusted)
        ]
    return UserFunction(
        signature.arguments, state.returns, fingerprint(signature, there.routines), steady, "; ".join(problems)
    )


def _is_steady(state: RoutineState) -> bool:
    return state.attributes is not None and state.attributes.volatility == "i"


def _problems(
    signature: Signature, state: RoutineState, there: FunctionsThere, trusted: frozenset[str]
) -> Iterator[str]:
    """What keeps one function from being called, whether a view calls it or another function
    does.
    """
    if state.owner not in trusted:
        yield f"belongs to {shown(state.owner)}, {_NEITHER}"
    if state.attributes is not None and state.attributes.returns_set:
        yield "gives rows and not a value"
    names, unreadable = _calls(state)
    if unreadable:
        yield unreadable
    for name in sorted(names):
        yield from _problems_of_call(name, signature.schema, there)


def _problems_of_call(name: Name, schema: str, there: FunctionsThere) -> Iterator[str]:
    if len(name) == 1:
        yield (
            f"calls {shown(name[0])} without its schema, so that the search_path of whoever asks decides which function gets the "
            f"value: write pg_catalog.{shown(name[0])}, or the schema that it is in"
        )
    elif name[0] == "pg_catalog" and len(name) == 2:
        return
    elif not _is_within(name, schema):
        yield f"calls {shown(dotted(*name))}, which is in another schema, where nobody watches it: have it in {shown(schema)}"
    elif not any(
        (each.kind, each.schema) == ("FUNCTION", schema) and folded(each.name) == folded(name[1])
        for each in there.routines
    ):
        yield f"calls {shown(dotted(*name))}, which is not there"


def _problems_of_schema(schema: str, there: FunctionsThere, trusted: frozenset[str]) -> Iterator[str]:
    owner = there.schema_owners.get(schema, "")
    if owner not in trusted:
        yield f"is in the schema {shown(schema)} of {shown(owner)}, {_NEITHER}"
    for rights in _replacing(schema, there, trusted):
        yield f"is in the schema {shown(schema)}, {rights}"


def _replacing(schema: str, there: FunctionsThere, trusted: frozenset[str]) -> list[str]:
    """Who else may put another function in the place of one of a schema, a clause about the schema
    each: by a grant on it, or on all schemas of the database ("GRANT CREATE FOR SCHEMAS IN
    DATABASE"). A group or role may get members at any time, so that none is trusted.
    """
    grants = [
        *there.schema_privileges.get(schema, ()),
        *(each for each in there.database_privileges if each.scope == "SCHEMAS"),
    ]
    clauses = {
        _WAYS[each.privilege].format(_named(each.grantee))
        for each in grants
        if each.privilege in _WAYS and not (each.grantee.type == "user" and each.grantee.name in trusted)
    }
    return sorted(clauses)


def _named(grantee: Grantee) -> str:
    return grantee.name if grantee == PUBLIC else f"the {grantee.type} {shown(grantee.name)}"
