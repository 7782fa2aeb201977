"""Expressions compiled on their own, for people to look at."""

import pytest

from veil.compiler import CompileError, compile_predicate
from veil.language import Usage, parse


def compiled(text: str) -> str:
    return compile_predicate(parse(text, Usage.ROW))


def test_columns_are_read_over_the_alias_t():
    assert compiled("region = 'US' AND amount > 3") == (
        """(\n  (CAST(t."region" AS VARCHAR(65535)) = 'US')\n  AND (t."amount" > 3)\n)"""
    )


def test_a_test_of_the_user_is_a_sub_select_of_its_own():
    assert compiled("@isInGroups('hr')") == (
        "(SELECT NULLIF(pg_catalog.max(CASE WHEN (e.k = 'group') AND (e.v = 'hr') THEN e.s ELSE 0 END), 1) = 2 AS v\n"
        '  FROM (SELECT e."kind" AS k,\n'
        '      pg_catalog.rtrim(e."name") AS n,\n'
        '      pg_catalog.rtrim(e."value") AS v,\n'
        '      e."strength" AS s,\n'
        '      e."whom" AS w,\n'
        '      e."decided_at" AS t\n'
        '    FROM "immuta_system"."user_entry" AS e) AS e\n'
        "  WHERE e.k IN ('caller', 'group'))"
    )


def test_a_tagged_column_keeps_the_name_of_its_tag():
    text = """CAST(t."@columnTagged('geo.region')" AS VARCHAR(65535))"""
    assert compiled("@columnTagged('Geo.Region') = 'US'") == f"({text} = 'US')"
    assert text in compiled("@attributeValuesContains('territory', @columnTagged('geo.region'))")


def test_what_only_a_data_source_gives_a_meaning_is_refused():
    with pytest.raises(CompileError, match="@database has no meaning without a data source") as refused:
        compile_predicate(parse("@isInGroups('a') OR @database = 'x'", Usage.SUBSCRIPTION))
    assert refused.value.detail.split("\n")[2:4] == [
        "    @isInGroups('a') OR @database = 'x'",
        "                        ^^^^^^^^^",
    ]
    with pytest.raises(CompileError, match="@value has no meaning without a data source"):
        compile_predicate(parse("@value", Usage.MASK))


def test_a_lookup_is_sub_selects_without_a_from_clause_around_it():
    text = compiled("region IN (SELECT region FROM ref.regions)")
    assert text.count('FROM "ref"."regions" AS l') == 4
    assert " d." not in text


def test_a_lookup_that_reaches_the_row_is_taken_apart_into_its_keys():
    text = compiled("@username IN (SELECT u FROM ref.map WHERE region = @columnReference('land'))")
    assert "EXISTS (SELECT 1 FROM (SELECT DISTINCT" in " ".join(text.split())
    assert 'k.x1 = CAST(t."land" AS VARCHAR(65535))' in text


def test_a_negative_number_is_rounded_like_any_other():
    assert compiled("n = ROUND(-2.5)") == '(t."n" = CAST(pg_catalog.round((-2.5), 0) AS NUMERIC(2, 0)))'
