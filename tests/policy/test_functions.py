"""Which function of a user's a mask calls on a column, and what keeps it from being called."""

from dataclasses import replace

import pytest

from tests.policy.building import INTEGER, SUPER, column, numeric, on, source, varchar, world
from veil.language.tree import Number, Text
from veil.model import ColumnType, Family, Function, MaskingPolicy, Null, UserFunction, definition
from veil.policy import lint, resolve
from veil.policy.fitting import fit
from veil.policy.functions import KnownFunctions
from veil.policy.resolved import Called
from veil.policy.typecheck import Environment

TEXT = "character varying"
FOUND = UserFunction((TEXT, TEXT), TEXT, "a" * 64)
CARD = varchar(16)


def bound(mask: Function, kind: ColumnType, *overloads: UserFunction, remembered: str = "a" * 64):
    known = KnownFunctions({"sec.fpe": overloads}, frozenset({definition("sec.fpe", remembered)}))
    return fit(mask, Environment("raw.t", {}, value=kind), known)


def why(mask: Function, kind: ColumnType, *overloads: UserFunction, remembered: str = "a" * 64) -> str:
    fitted, (problem,) = bound(mask, kind, *overloads, remembered=remembered)
    assert fitted == Null()
    return problem.message


def test_the_overload_is_meant_that_takes_the_column_s_type_first_and_the_constants_after_it():
    number = UserFunction((TEXT, "integer"), TEXT, "b" * 64)
    of_integers = UserFunction(("integer", TEXT), "integer", "c" * 64)
    fitted, problems = bound(Function('Sec."fpe"', ("card",)), CARD, FOUND, number, of_integers)
    assert not problems
    assert isinstance(fitted, Called) and (fitted.schema, fitted.name, fitted.steady) == ("sec", "fpe", False)
    assert [(each.value, str(each.type)) for each in fitted.arguments] == [(Text("card"), "character varying(4)")]


def test_constants_are_read_as_what_the_function_takes():
    taking = UserFunction((TEXT, "numeric", "boolean"), TEXT, "a" * 64)
    fitted, _ = bound(Function("sec.fpe", ("1.25", "true")), CARD, taking)
    assert isinstance(fitted, Called)
    assert isinstance(fitted.arguments[0].value, Number) and str(fitted.arguments[0].type) == "numeric(38,2)"
    assert "no sec.fpe takes a character varying" in why(Function("sec.fpe", ("x", "true")), CARD, taking)
    assert "no sec.fpe takes" in why(Function("sec.fpe", ("1",)), CARD, replace(taking, arguments=(TEXT, "real")))


@pytest.mark.parametrize(
    ("mask", "kind", "overloads", "told"),
    [
        (Function("sec.fpe", ("k",)), CARD, (), "there is no function sec.fpe"),
        (Function("sec.fpe"), CARD, (FOUND,), "no sec.fpe takes a character varying alone. There is: sec.fpe("),
        (Function("sec.fpe", ("k",)), INTEGER, (FOUND,), "no sec.fpe takes a integer"),
        (
            Function("sec.fpe", ("a-secret-key", "2")),
            CARD,
            (FOUND,),
            "no sec.fpe takes a character varying and the mask's arguments, 2 in number. There is: sec.fpe(",
        ),
        (Function("sec.fpe", ("k",)), SUPER, (FOUND,), "functions take strings, numbers, booleans"),
        (
            Function("sec.fpe", ("k",)),
            CARD,
            (replace(FOUND, returns="integer"),),
            "gives a integer, and the column is a character varying",
        ),
        (
            Function("sec.fpe", ("1",)),
            CARD,
            (FOUND, replace(FOUND, arguments=(TEXT, "integer"))),
            "its arguments can be read as those of",
        ),
        (Function("sec.fpe", ("k",)), CARD, (replace(FOUND, problem="belongs to bob"),), "belongs to bob"),
        (
            Function("sec.fpe", ("k",)),
            CARD,
            (replace(FOUND, fingerprint="c" * 64),),
            f'add "{"c" * 64}" to definitions of the mask',
        ),
        (Function("sec.fpe", ("k",), frozenset({"b" * 64})), CARD, (FOUND,), "is not the one that was accepted"),
        (Function("pg_catalog.upper"), CARD, (FOUND,), "is no function of a user"),
        (Function("fpe"), CARD, (FOUND,), "does not name a schema and a function"),
    ],
)
def test_what_may_not_be_called_is_null_and_says_why(mask, kind, overloads, told: str):
    assert told in why(mask, kind, *overloads)


def test_what_a_mask_lists_counts_in_the_place_of_what_its_policy_remembers():
    listing = Function("sec.fpe", ("k",), frozenset({"a" * 64}))
    assert isinstance(bound(listing, CARD, FOUND, remembered="b" * 64)[0], Called)


def test_a_definition_remembered_of_another_function_does_not_count():
    known = KnownFunctions({"sec.fpe": (FOUND,)}, frozenset({definition("sec.other", "a" * 64)}))
    fitted, _ = fit(Function("sec.fpe", ("k",)), Environment("raw.t", {}, value=CARD), known)
    assert fitted == Null()


def test_a_plan_says_that_the_function_may_give_its_input_and_needs_a_grant_and_that_it_is_closed():
    table = source(column("card", CARD, "pii"), column("price", numeric(9, 2)), table="cards")
    policy = MaskingPolicy("fpe", on("pii"), Function("sec.fpe", ("k",)))
    found = {each.code: each for each in lint(world(table, policy))}
    assert "may give back the very value that it gets" in found["mask-may-keep-value"].detail
    assert "needs EXECUTE on it" in found["mask-may-keep-value"].detail
    assert found["function-closed"].severity == "warning"
    assert "column 'card': there is no function sec.fpe." in found["function-closed"].detail


def test_the_view_of_a_world_calls_what_its_policies_accepted():
    table = source(column("card", CARD, "pii"), table="cards")
    policy = MaskingPolicy("fpe", on("pii"), Function("sec.fpe", ("k",)))
    found = replace(world(table, policy), functions={"sec.fpe": (FOUND,)})
    assert resolve(found, table).columns[0].masks[0].mask == Null()
    accepting = replace(policy, definitions=frozenset({definition("sec.fpe", "a" * 64)}))
    found = replace(found, masking_policies={"fpe": accepting})
    assert isinstance(resolve(found, table).columns[0].masks[0].mask, Called)
    assert ColumnType(Family.VARCHAR, length=16) == resolve(found, table).columns[0].type
