"""What others made in veil's schemas is told apart from veil's own, and never dropped."""

from dataclasses import replace
from typing import Any

import pytest

from tests.governance.installation.test_drift import SOURCE, deployed
from veil.compiler import compile_view
from veil.governance.access.bypass import Person
from veil.governance.access.effective_access import access_of
from veil.governance.checks.validation import Check, CheckInputs, validate
from veil.governance.installation.drift import alterations
from veil.governance.installation.others import Other, others
from veil.governance.installation.repairing import taking_back
from veil.governance.metadata.deployed import DeployedState
from veil.model import Column, ColumnType, Family, Integration
from veil.warehouse import Account, Grantee, RelationKind, Rights, RoutineState, Signature, ViewState

PLACE = {"system": "immuta_system", "views": "governed"}
AUTOMATIC = Integration("main", "analytics", "governed")
BODY = RoutineState("BEGIN NULL; END", "bob", public_execute=False, security_definer=False)
OVERLOAD = Signature("PROCEDURE", "immuta_procedures", "switch_project", ("integer",))


def found(deployed: DeployedState, **facts: Any) -> DeployedState:
    return replace(deployed, snapshot=replace(deployed.snapshot, **facts))


def with_view(schema: str, name: str, text: str, owner: str = "bob") -> DeployedState:
    place = (schema, name)
    return found(
        deployed(AUTOMATIC),
        views={place: ViewState(text, owner)},
        kinds={place: RelationKind.VIEW},
        owners={place: owner},
    )


def with_table(schema: str, name: str, kind: RelationKind = RelationKind.TABLE) -> DeployedState:
    return found(deployed(AUTOMATIC), kinds={(schema, name): kind}, owners={(schema, name): "bob"})


def with_routine(signature: Signature, state: RoutineState) -> DeployedState:
    return found(deployed(AUTOMATIC), routines={signature: state})


def check(deployed: DeployedState) -> Check:
    return next(each for each in validate(deployed, CheckInputs(Account("veil", False, True))) if each.name == "others")


@pytest.mark.parametrize("schema", ["immuta_system", "immuta_functions", "immuta_procedures", "governed"])
@pytest.mark.parametrize("kind", RelationKind)
def test_a_relation_of_others_is_named_with_its_owner(schema: str, kind: RelationKind):
    (told,) = others(with_table(schema, "notes", kind))
    assert told.what.endswith(f"{schema}.notes of bob")
    assert not told.danger
    assert check(with_table(schema, "notes", kind)).status == "warning"


def test_what_is_veils_is_no_others():
    names = ("profile", "salt", "object")
    tables = {("immuta_system", name): RelationKind.TABLE for name in names}
    views = {("immuta_system", "user_profile"): RelationKind.VIEW, ("governed", "customers"): RelationKind.VIEW}
    kinds = {**tables, **views, ("raw", "customers"): RelationKind.TABLE, ("elsewhere", "x"): RelationKind.TABLE}
    assert others(found(deployed(AUTOMATIC), kinds=kinds)) == []
    assert check(found(deployed(AUTOMATIC), kinds=kinds)).status == "passed"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("SELECT salt FROM immuta_system.salt", "immuta_system.salt"),
        ('SELECT "salt" FROM "immuta_system" . "salt" t', "immuta_system.salt"),
        ("select * from dev.IMMUTA_SYSTEM.Salt", "immuta_system.salt"),
        ("SELECT 1 FROM immuta_system.user_entry", "immuta_system.user_entry"),
        ("SELECT 1 FROM immuta_system.possible_entry", "immuta_system.possible_entry"),
        ('SELECT * FROM "raw"."customers" c JOIN public.x USING (id)', "raw.customers"),
        ("SELECT * FROM immuta_system/* a */.--\nsalt", "immuta_system.salt"),
        ("SELECT $$x$$, 1 FROM immuta_system.salt", "immuta_system.salt"),
        ("SELECT * FROM /* a /* b */ immuta_system./**/salt", "immuta_system.salt"),
    ],
)
@pytest.mark.parametrize("schema", ["immuta_system", "governed"])
def test_a_view_that_reads_what_veil_guards_is_dangerous(schema: str, text: str, read: str):
    one = with_view(schema, "shortcut", text)
    (told,) = others(one)
    assert told.danger == f"reads {read} with the rights of bob"
    assert told.ending.startswith(f'DROP VIEW "{schema}"."shortcut"')
    assert ("DELETE FROM" in told.ending) == read.endswith(".salt")
    assert check(one).status == "failed"


def test_a_view_that_reads_anything_else_is_not():
    for text in (
        "SELECT 1",
        "SELECT * FROM immuta_system.user_profile",
        'SELECT * FROM "raw".others',
        "SELECT * FROM x.salt",
        "SELECT 'immuta_system.salt' -- immuta_system.salt\n/* immuta_system.salt */",
    ):
        (told,) = others(with_view("governed", "theirs", text))
        assert not told.danger


def test_an_overload_of_a_procedure_is_dangerous_and_says_who_may_call_it():
    state = replace(BODY, public_execute=True, grantees=frozenset({Grantee("role", "outsiders")}))
    (told,) = others(with_routine(OVERLOAD, state))
    assert str(told) == (
        "the procedure immuta_procedures.switch_project(integer) of bob has the name of one of veil's: whoever calls "
        "switch_project with arguments of other types gets that one, and PUBLIC and role outsiders may call it"
    )
    assert told.ending == 'DROP PROCEDURE "immuta_procedures"."switch_project"(integer)'


def test_a_routine_with_the_accounts_rights_is_dangerous():
    signature = Signature("PROCEDURE", "governed", "let_me_in")
    (told,) = others(with_routine(signature, replace(BODY, owner="veil", security_definer=True, public_execute=True)))
    assert told.danger == "runs with the rights of veil, which reads every governed table, and PUBLIC may call it"
    assert not others(with_routine(signature, replace(BODY, security_definer=True)))[0].danger


def test_a_routine_that_no_statement_may_name_is_told_all_the_same():
    (told,) = others(with_routine(replace(OVERLOAD, arguments=('raw."x"); DROP',)), BODY))
    assert told.danger and "by hand" in told.ending


@pytest.mark.parametrize(
    "one",
    [
        with_view("immuta_system", "salts", "SELECT * FROM immuta_system.salt", "veil"),
        with_view("governed", "mine", "SELECT * FROM immuta_system.user_profile", "veil"),
        with_table("immuta_system", "notes"),
        with_routine(OVERLOAD, BODY),
        with_routine(replace(OVERLOAD, kind="FUNCTION", schema="immuta_functions", name="f"), BODY),
    ],
)
def test_no_repair_touches_any_of_it(one: DeployedState):
    assert not [each for each in taking_back(one) if "DROP" in each]
    before = set(alterations(deployed(AUTOMATIC)))
    assert set(alterations(one)) == before


def test_a_governed_view_under_another_name_is_veils_and_goes():
    text = compile_view(deployed(AUTOMATIC).world, replace(SOURCE, columns=(Column("id", ColumnType(Family.INTEGER)),)))
    one = with_view("governed", "clients", text, "veil")
    assert 'DROP VIEW "governed"."clients"' in list(taking_back(one))
    assert others(one) == []
    # Somebody else's copy runs with their rights.
    (told,) = others(with_view("governed", "clients", text))
    assert isinstance(told, Other)


def test_what_lets_people_around_veil_is_a_problem_of_what_they_see():
    def problems(one: DeployedState) -> str:
        return " ".join(access_of(one, Person("alice"), SOURCE, None, lambda database, schemas: Rights()).problems)

    assert "The procedure immuta_procedures.switch_project(integer)" in problems(with_routine(OVERLOAD, BODY))
    assert "notes" not in problems(with_table("immuta_system", "notes"))
