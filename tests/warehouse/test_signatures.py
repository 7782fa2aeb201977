"""What tells routines apart, and how statements name them."""

import pytest

from veil.warehouse import PUBLIC, Grantee, Layout, Signature, expected_routines
from veil.warehouse.catalog import _executing
from veil.warehouse.signatures import from_catalog
from veil.warehouse.templates import files

HOSTILE = "x(); DROP TABLE y; --\n$$ '\""


def test_a_signature_is_read_from_the_catalog_in_parts() -> None:
    found = from_catalog("f", "s", "f_x", "character varying, timestamp without time zone")
    assert found == Signature("FUNCTION", "s", "f_x", ("character varying", "timestamp without time zone"))
    assert found.sql == 'FUNCTION "s"."f_x"(character varying, timestamp without time zone)'
    assert str(found) == "function s.f_x(character varying, timestamp without time zone)"
    assert from_catalog("p", "s", "p", "").sql == 'PROCEDURE "s"."p"()'


def test_names_are_quoted_whatever_is_in_them() -> None:
    quoted = HOSTILE.replace('"', '""')
    assert from_catalog("p", HOSTILE, HOSTILE, "integer").sql == f'PROCEDURE "{quoted}"."{quoted}"(integer)'


@pytest.mark.parametrize(
    "types",
    [
        "character varying), s.g(integer",
        "integer, evil",
        'public."integer, integer"',
        'public."integer"',
        '"x) --"',
        "integer[]",
        "Integer",
        "integer ",
        " ",
    ],
)
def test_a_type_that_is_not_redshifts_own_is_never_written_into_a_statement(types: str) -> None:
    found = from_catalog("f", "s", "f", types)
    assert not found.is_nameable
    with pytest.raises(ValueError, match="no statement of ours may name"):
        _ = found.sql


def test_what_is_neither_a_function_nor_a_procedure_is_not_named() -> None:
    assert not from_catalog("a", "s", "f", "integer").is_nameable


def test_every_procedure_and_function_of_ours_is_expected_and_nameable() -> None:
    found = expected_routines(Layout("immuta", "governed"))
    assert len(found) == len(files("procedures")) + len(files("functions"))
    assert all(each.is_nameable and each.schema in ("immuta_procedures", "immuta_functions") for each in found)


def test_a_privilege_is_on_the_overload_whose_types_it_names_and_on_all_where_it_names_none_of_them() -> None:
    one, two = from_catalog("p", "s", "p", "integer"), from_catalog("p", "s", "p", "bigint, character varying")
    rows = [
        ("s", "p", "bigint, character varying", "EXECUTE", None, "public"),
        ("s", "p", "a IN integer", "EXECUTE", "u", "user"),
        ("s", "other", "integer", "EXECUTE", "v", "user"),
    ]
    user = Grantee("user", "u")
    assert _executing(rows, [one, two]) == {one: {user}, two: {user, PUBLIC}}
