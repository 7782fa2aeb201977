"""Rendering the fixed SQL."""

import re
from dataclasses import replace

import pytest

from veil.warehouse import (
    PUBLIC_ROUTINES,
    Layout,
    expected_routines,
    expected_views,
    install_pieces,
    install_statements,
)
from veil.warehouse.templates import files, render

LAYOUT = Layout("immuta", 'odd "views" $$;\\')


def test_an_odd_view_schema_is_quoted_as_an_identifier_and_as_a_literal() -> None:
    statements = install_statements(LAYOUT)
    assert 'CREATE SCHEMA IF NOT EXISTS "odd ""views"" $$;\\"' in statements
    assert any(r"""'odd "views" $$;\\'""" in statement for statement in statements)


def test_no_placeholder_and_no_closing_semicolon_is_left() -> None:
    for statement in install_statements(LAYOUT):
        assert not re.search(r"\{\w+\}", statement)
        assert not statement.endswith(";")


def test_each_table_view_function_and_procedure_is_closed_to_public_in_the_statement_after_it() -> None:
    statements = install_statements(LAYOUT)
    made = [number for number, each in enumerate(statements) if re.match(r"CREATE (TABLE|OR REPLACE)", each)]
    assert len(made) == 26 + 6 + 32 + 10
    for number in made:
        begins = statements[number].partition("\n")[0]
        kind = next((each for each in ("PROCEDURE", "FUNCTION") if f" {each} " in begins), "TABLE")
        # Of a function AWS documents no ALL: there is one privilege on it.
        closing = f"REVOKE {'EXECUTE' if kind == 'FUNCTION' else 'ALL'} ON {kind}"
        assert re.match(rf"{closing} \S+ FROM PUBLIC|{closing} .*\) FROM PUBLIC", statements[number + 1])


def test_public_is_granted_this_and_nothing_else() -> None:
    grants = {each for each in install_statements(Layout("p", "v")) if each.startswith("GRANT")}
    assert grants == {
        'GRANT USAGE ON SCHEMA "p_system" TO PUBLIC',
        'GRANT USAGE ON SCHEMA "p_functions" TO PUBLIC',
        'GRANT USAGE ON SCHEMA "p_procedures" TO PUBLIC',
        'GRANT USAGE ON SCHEMA "v" TO PUBLIC',
        'GRANT SELECT ON TABLE "p_system".user_profile TO PUBLIC',
        'GRANT EXECUTE ON PROCEDURE "p_procedures".switch_project(VARCHAR) TO PUBLIC',
        'GRANT EXECUTE ON PROCEDURE "p_procedures".acknowledge_purpose(VARCHAR, VARCHAR) TO PUBLIC',
        'GRANT EXECUTE ON PROCEDURE "p_procedures".request_access(VARCHAR, VARCHAR) TO PUBLIC',
        'GRANT EXECUTE ON PROCEDURE "p_procedures".withdraw_request(VARCHAR) TO PUBLIC',
        'GRANT EXECUTE ON PROCEDURE "p_procedures".approve_request(VARCHAR, VARCHAR) TO PUBLIC',
        'GRANT EXECUTE ON FUNCTION "p_functions".f_mask_bucket_denominator(NUMERIC) TO PUBLIC',
        'GRANT EXECUTE ON FUNCTION "p_functions".f_mask_digest(VARCHAR, VARCHAR) TO PUBLIC',
        'GRANT EXECUTE ON FUNCTION "p_functions".f_mask_email(VARCHAR, VARCHAR) TO PUBLIC',
        'GRANT EXECUTE ON FUNCTION "p_functions".f_mask_grid(DOUBLE PRECISION, DOUBLE PRECISION, DOUBLE PRECISION) TO PUBLIC',
        'GRANT EXECUTE ON FUNCTION "p_functions".f_mask_partial(VARCHAR, INTEGER, INTEGER, VARCHAR) TO PUBLIC',
        'GRANT EXECUTE ON FUNCTION "p_functions".f_mask_regex(VARCHAR, VARCHAR, VARCHAR) TO PUBLIC',
        'GRANT EXECUTE ON FUNCTION "p_functions".f_mask_round(BIGINT, BIGINT) TO PUBLIC',
        'GRANT EXECUTE ON FUNCTION "p_functions".f_mask_round_double(DOUBLE PRECISION, NUMERIC) TO PUBLIC',
        'GRANT EXECUTE ON FUNCTION "p_functions".f_mask_round_numeric(NUMERIC, NUMERIC) TO PUBLIC',
        'GRANT EXECUTE ON FUNCTION "p_functions".f_mask_truncate_date(TIMESTAMP, VARCHAR) TO PUBLIC',
    }


def test_every_procedure_is_a_definer_with_a_pinned_search_path() -> None:
    made = [statements[0] for (kind, _), statements in install_pieces(LAYOUT).items() if kind == "procedure"]
    assert len(made) == len(files("procedures"))
    for each in made:
        assert each.endswith("$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog, pg_temp")


def test_only_where_somebody_may_act_as_another_is_a_variable_asked_for_that_was_perhaps_never_set() -> None:
    asking = {layout: [name for name, body in expected_routines(layout).items() if "CURRENT_SETTING" in body]
              for layout in (LAYOUT, replace(LAYOUT, impersonation_group="acting"))}  # fmt: skip
    alone, with_group = asking.values()
    assert alone == []
    procedures = {each.name for each in expected_routines(LAYOUT) if each.kind == "PROCEDURE"}
    assert {each.name for each in with_group} == procedures - {"impersonate_user"}
    assert not [each for each in expected_views(LAYOUT).values() if "CURRENT_SETTING" in each]


def test_every_writer_lets_in_nobody_but_the_system_account() -> None:
    for each, body in expected_routines(LAYOUT).items():
        checks = body.count("IF SESSION_USER <> CURRENT_USER THEN")
        assert checks == (0 if each.name in (*PUBLIC_ROUTINES, "impersonate_user") else 1), each


def test_every_function_in_our_views_is_qualified() -> None:
    for text in expected_views(LAYOUT).values():
        calls = re.findall(r"(\S*?)\b([A-Za-z_]+)\(", text)
        unqualified = {name for before, name in calls if not before.endswith("pg_catalog.")}
        assert unqualified <= {"CAST", "VARCHAR", "IN", "COALESCE", "DATEDIFF"}


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        render("reads/objects", {})
