"""What a policy remembers of the functions that it calls, and when."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from veil.governance.admission.admit import Catalog, admit
from veil.governance.admission.overlay import Overlay
from veil.governance.errors import GovernanceError
from veil.governance.metadata.deployed import StoredObject
from veil.governance.metadata.user_functions import fingerprint, judged
from veil.governance.requests import Create, Update
from veil.model import AppliesTo, Function, Integration, Kind, MaskingPolicy, Null, UserFunction, definition
from veil.warehouse import PUBLIC, FunctionsThere, Grant, Grantee, RoutineAttributes, RoutineState, Signature

SIGNATURE = Signature("FUNCTION", "sec", "fpe", ("character varying",))
ATTRIBUTES = RoutineAttributes(language="sql", volatility="i")
STATE = RoutineState("SELECT 'x'", "admin", True, False, attributes=ATTRIBUTES, returns="character varying")
THERE = FunctionsThere({SIGNATURE: STATE}, {"sec": "admin"}, {}, frozenset({"root"}), "admin")
POLICY = MaskingPolicy("fpe", AppliesTo(all_columns=True), Function("sec.fpe"))
FIRST = definition("sec.fpe", fingerprint(SIGNATURE, {SIGNATURE: STATE}))


def catalog(there: FunctionsThere) -> Catalog:
    return Catalog(columns=lambda *_: None, relation=lambda *_: None, functions=lambda _: there)


@pytest.fixture
def overlay() -> Overlay:
    return Overlay(None, Integration("main", "analytics", "governed"))


def replaced(**changes: object) -> FunctionsThere:
    return replace(THERE, routines={SIGNATURE: replace(STATE, **changes)})  # type: ignore[arg-type]


def granted(grantee: Grantee, privilege: str) -> FunctionsThere:
    return replace(THERE, schema_privileges={"sec": (Grant(grantee, privilege),)})


def anywhere(grant: Grant) -> FunctionsThere:
    """With a grant on the database, or on everything of a kind in it."""
    return replace(THERE, database_privileges=(grant,))


def test_a_policy_remembers_what_is_there_when_it_first_names_the_function(overlay: Overlay):
    made = admit(Create(POLICY), overlay, catalog(THERE)).thing
    assert made.definitions == {FIRST}


def test_an_update_remembers_what_was_and_not_what_was_put_in_its_place(overlay: Overlay):
    made = admit(Create(POLICY), overlay, catalog(THERE))
    changed = replace(POLICY, description="changed")
    later = admit(Update(made.id, changed), overlay, catalog(replaced(body="SELECT $1"))).thing
    assert later.definitions == {FIRST}
    gone = replace(THERE, routines={})
    assert admit(Update(made.id, POLICY), overlay, catalog(gone)).thing.definitions == {FIRST}


def test_what_is_listed_is_remembered_alone(overlay: Overlay):
    made = admit(Create(POLICY), overlay, catalog(THERE))
    listing = replace(POLICY, mask=Function("sec.fpe", definitions=frozenset({"b" * 64})))
    later = admit(Update(made.id, listing), overlay, catalog(THERE)).thing
    assert later.definitions == {definition("sec.fpe", "b" * 64)}
    assert admit(Update(made.id, POLICY), overlay, catalog(THERE)).thing.definitions == later.definitions


def test_a_policy_whose_row_was_altered_remembers_nothing(overlay: Overlay):
    overlay.put(StoredObject(Kind.MASKING_POLICY, "fpe", "mine", None, claimed=POLICY))
    assert admit(Update("mine", POLICY), overlay, catalog(THERE)).thing.definitions == frozenset()


def test_a_policy_that_calls_no_function_any_more_forgets_it(overlay: Overlay):
    made = admit(Create(POLICY), overlay, catalog(THERE))
    assert (
        admit(Update(made.id, replace(POLICY, mask=Null())), overlay, catalog(THERE)).thing.definitions == frozenset()
    )


def test_a_function_that_is_named_first_and_is_not_there_is_refused(overlay: Overlay):
    with pytest.raises(GovernanceError) as caught:
        admit(
            Create(replace(POLICY, mask=Null(), otherwise=Function("sec.gone"), for_everyone_who="@isInGroups('a')")),
            overlay,
            catalog(THERE),
        )
    assert caught.value.summary == "No such function" and caught.value.path == ("otherwise", "function", "name")
    assert "There is no function sec.gone in the database of the integration" in caught.value.detail


@pytest.mark.parametrize(
    ("there", "problem"),
    [
        (THERE, ""),
        (replace(THERE, schema_owners={"sec": "root"}), ""),
        (replaced(owner="root"), ""),
        (replaced(owner="bob"), "belongs to bob, who is neither the provider's account nor a superuser"),
        (replace(THERE, schema_owners={"sec": "bob"}), "is in the schema sec of bob"),
        (replace(THERE, schema_owners={}), "is in the schema sec of ''"),
        (replace(THERE, schema_privileges={"sec": (Grant(PUBLIC, "CREATE"),)}), "where PUBLIC may create"),
        (granted(Grantee("user", "bob"), "CREATE"), "is in the schema sec, where the user bob may create"),
        (granted(Grantee("group", "analysts"), "CREATE"), "is in the schema sec, where the group analysts may create"),
        (granted(Grantee("role", "analysts"), "CREATE"), "is in the schema sec, where the role analysts may create"),
        (granted(Grantee("role", "root"), "CREATE"), "is in the schema sec, where the role root may create"),
        (granted(Grantee("user", "bob"), "ALTER"), "is in the schema sec, which the user bob may alter"),
        (granted(Grantee("user", "bob"), "DROP"), "is in the schema sec, which the user bob may drop"),
        (
            anywhere(Grant(Grantee("user", "bob"), "CREATE", "SCHEMAS")),
            "is in the schema sec, where the user bob may create",
        ),
        (anywhere(Grant(Grantee("user", "bob"), "CREATE")), ""),
        (granted(Grantee("user", "root"), "CREATE"), ""),
        (granted(Grantee("user", "admin"), "CREATE"), ""),
        (replace(THERE, schema_privileges={"other": (Grant(PUBLIC, "CREATE"),)}), ""),
        (replace(THERE, schema_privileges={"sec": (Grant(PUBLIC, "USAGE"),)}), ""),
        (replaced(attributes=replace(ATTRIBUTES, returns_set=True)), "gives rows and not a value"),
    ],
)
def test_a_function_that_others_could_replace_must_not_be_called(there: FunctionsThere, problem: str):
    ((found,),) = judged(there, "admin", [("sec", "fpe")]).values()
    assert problem in found.problem and bool(problem) == bool(found.problem)


def test_the_account_that_asks_is_trusted_only_while_no_owner_is_known():
    ((asking,),) = judged(THERE, "", [("sec", "fpe")]).values()
    ((other,),) = judged(THERE, "veil", [("sec", "fpe")]).values()
    assert asking.problem == ""
    assert "belongs to admin" in other.problem


def test_procedures_and_functions_of_other_names_are_none_of_it():
    procedure = {replace(SIGNATURE, kind="PROCEDURE"): STATE, replace(SIGNATURE, name="other"): STATE}
    assert judged(replace(THERE, routines=procedure), "admin", [("sec", "fpe")]) == {}


@pytest.mark.parametrize(
    "state",
    [
        replace(STATE, body="SELECT $1"),
        replace(STATE, returns="integer"),
        replace(STATE, security_definer=True),
        replace(STATE, attributes=replace(ATTRIBUTES, language="exfunc")),
        replace(STATE, attributes=replace(ATTRIBUTES, volatility="v")),
        replace(STATE, attributes=replace(ATTRIBUTES, strict=True)),
    ],
)
def test_another_definition_has_another_fingerprint(state: RoutineState):
    first = fingerprint(SIGNATURE, {SIGNATURE: STATE})
    assert fingerprint(SIGNATURE, {SIGNATURE: state}) != first
    assert fingerprint(SIGNATURE, {SIGNATURE: replace(STATE, public_execute=False, owner="root")}) == first


OUTER = replace(STATE, body="SELECT sec.helper($1)")
HELPER, INNER = replace(SIGNATURE, name="helper"), replace(SIGNATURE, name="inner_one")
CALLS_INNER = replace(STATE, body="SELECT SEC.INNER_ONE($1)")
CHAIN = {SIGNATURE: OUTER, HELPER: CALLS_INNER, INNER: STATE}


def judged_fpe(routines: Mapping[Signature, RoutineState]) -> UserFunction:
    ((found,),) = judged(replace(THERE, routines=routines), "admin", [("sec", "fpe")]).values()
    return found


def test_a_function_is_fingerprinted_with_all_that_it_calls_however_deep():
    first = judged_fpe(CHAIN)
    assert first.problem == "" and first.steady
    assert judged_fpe(CHAIN | {INNER: replace(STATE, body="SELECT $1")}).fingerprint != first.fingerprint
    overload = {replace(INNER, arguments=("integer",)): STATE}
    assert judged_fpe(CHAIN | overload).fingerprint != first.fingerprint
    unrelated = {replace(SIGNATURE, name="other"): replace(STATE, body="SELECT other_schema.f($1)")}
    assert judged_fpe(CHAIN | unrelated) == first


def test_functions_that_call_each_other_are_fingerprinted_as_well():
    looped = CHAIN | {INNER: replace(STATE, body="SELECT sec.fpe($1)")}
    assert judged_fpe(looped).problem == ""
    assert judged_fpe(looped).fingerprint != judged_fpe(CHAIN).fingerprint


def test_a_function_promises_no_more_than_what_it_calls():
    assert not judged_fpe(CHAIN | {INNER: replace(STATE, attributes=replace(ATTRIBUTES, volatility="s"))}).steady


@pytest.mark.parametrize(
    ("routines", "problem"),
    [
        ({SIGNATURE: OUTER}, "calls sec.helper, which is not there"),
        (CHAIN | {INNER: replace(STATE, owner="bob")}, "calls sec.inner_one, which belongs to bob"),
        (
            {SIGNATURE: replace(STATE, body="SELECT upper($1)")},
            "calls upper without its schema, so that the search_path",
        ),
        (CHAIN | {INNER: replace(STATE, body="SELECT upper($1)")}, "calls sec.inner_one, which calls upper without"),
        ({SIGNATURE: replace(STATE, body="SELECT crypt.f($1)")}, "calls crypt.f, which is in another schema"),
        ({SIGNATURE: replace(STATE, body="SELECT dev.sec.f($1)")}, "calls dev.sec.f, which is in another schema"),
        ({SIGNATURE: replace(STATE, body="SELECT 'a\\' || $1")}, "has a backslash in a string of its body"),
        ({SIGNATURE: replace(STATE, body="SELECT pg_catalog.upper($1)")}, ""),
        (
            {SIGNATURE: replace(STATE, body="helper", attributes=replace(ATTRIBUTES, language="exfunc"))},
            "",
        ),
    ],
)
def test_a_function_that_calls_what_nobody_watches_must_not_be_called(
    routines: Mapping[Signature, RoutineState], problem: str
):
    found = judged_fpe(routines)
    assert problem in found.problem and bool(problem) == bool(found.problem)
