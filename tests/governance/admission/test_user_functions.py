"""What a policy remembers of the functions that it calls, and when."""

from dataclasses import replace

import pytest

from veil.governance.admission.admit import Catalog, admit
from veil.governance.admission.overlay import Overlay
from veil.governance.errors import GovernanceError
from veil.governance.metadata.deployed import StoredObject
from veil.governance.metadata.user_functions import fingerprint, judged
from veil.governance.requests import Create, Update
from veil.model import AppliesTo, Function, Integration, Kind, MaskingPolicy, Null, definition
from veil.warehouse import PUBLIC, FunctionsThere, Grant, Grantee, RoutineAttributes, RoutineState, Signature

SIGNATURE = Signature("FUNCTION", "sec", "fpe", ("character varying",))
ATTRIBUTES = RoutineAttributes(language="sql", volatility="i")
STATE = RoutineState("SELECT 'x'", "admin", True, False, attributes=ATTRIBUTES, returns="character varying")
THERE = FunctionsThere({SIGNATURE: STATE}, {"sec": "admin"}, {}, frozenset({"root"}), "admin")
POLICY = MaskingPolicy("fpe", AppliesTo(all_columns=True), Function("sec.fpe"))
FIRST = definition("sec.fpe", fingerprint(SIGNATURE, STATE))


def catalog(there: FunctionsThere) -> Catalog:
    return Catalog(columns=lambda *_: None, relations=lambda _: {}, functions=lambda _: there)


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
    assert fingerprint(SIGNATURE, state) != fingerprint(SIGNATURE, STATE)
    assert fingerprint(SIGNATURE, replace(STATE, public_execute=False, owner="root")) == fingerprint(SIGNATURE, STATE)
