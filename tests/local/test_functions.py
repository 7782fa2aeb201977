"""Redshift's functions: results that its documentation gives, and names that resolve in
pg_catalog.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.local.conftest import Client, ServerError

# Expression -> result. Those marked (doc) are examples of the Amazon Redshift Developer Guide.
CASES = {
    # hashes
    "sha2('Amazon Redshift', 256)": hashlib.sha256(b"Amazon Redshift").hexdigest(),
    "sha2('x', 0)": hashlib.sha256(b"x").hexdigest(),
    "sha2('x', 224)": hashlib.sha224(b"x").hexdigest(),
    "sha2('x', 384)": hashlib.sha384(b"x").hexdigest(),
    "sha2('é', 512)": hashlib.sha512("é".encode()).hexdigest(),
    "sha2('x', 7)": "",
    "sha2(NULL, 256)": None,
    "sha1('')": hashlib.sha1(b"").hexdigest(),
    "sha('Amazon Redshift')": hashlib.sha1(b"Amazon Redshift").hexdigest(),
    "func_sha1(repeat('ab', 100))": hashlib.sha1(b"ab" * 100).hexdigest(),
    "md5('x')": hashlib.md5(b"x").hexdigest(),
    "crc32('Amazon Redshift')": "f2726906",  # (doc)
    "fnv_hash(1)": -5968735742475085980,  # (doc)
    "fnv_hash('Amazon Redshift')": 7783490368944507294,  # (doc)
    "fnv_hash('Amazon Redshift', fnv_hash(1))": -2202602717770968555,  # (doc)
    "fnv_hash(1::smallint)": 589727492704079044,  # (doc)
    "fnv_hash(1::bigint)": -8517097267634966620,  # (doc)
    "fnv_hash('abcd')": -281581062704388899,  # (doc)
    "strtol('abcd1234', 16)": 2882343476,  # (doc)
    "strtol('1234567', 10)": 1234567,  # (doc)
    "strtol('110101', 2)": 53,  # (doc)
    "strtol('-0xff', 16)": -255,
    # text
    "len('çé')": 2,
    "len('ab '::char(5))": 2,
    "nvl(NULL, 'b', 'c')": "b",
    "nvl2(1, 'there', 'absent')": "there",
    "nvl2(NULL, 1, 2)": 2,
    "decode(NULL, NULL, 'match', 'other')": "match",
    "decode(3, 1, 'a', 2, 'b')": None,
    "decode(2, 1, 'a', 2, 'b', 'c')": "b",
    "charindex('fish', 'dogfish')": 4,
    "strpos('dogfish', 'fish')": 4,
    "left('Chicago', 3)": "Chi",
    "right('Chicago', 3)": "ago",
    "substring('caterpillar', 6, 4)": "pill",  # (doc)
    "lpad('x', 3, 'ab')": "abx",
    "rpad('x', 3, 'ab')": "xab",
    "repeat('ab', 2)": "abab",
    "replicate('ab', 2)": "abab",
    "replace('aXbX', 'X', 'yy')": "ayybyy",
    "reverse('abc')": "cba",
    "translate('mint tea', 'inea', 'osin')": "most tin",  # (doc)
    "initcap('ab cd')": "Ab Cd",
    "split_part('abc$def$ghi', '$', 2)": "def",  # (doc)
    "btrim('xyzaxyzbxyzcxyz', 'xyz')": "axyzbxyzc",  # (doc)
    "upper('é')": "É",
    "regexp_replace('aXbXc', 'X', '-')": "a-b-c",
    "regexp_replace('aXbXc', 'X')": "abc",
    "regexp_replace('the fox', 'FOX', 'quick brown fox', 1, 'i')": "the quick brown fox",  # (doc)
    "regexp_replace('passwd7 plain A1234 a1234', '(?=[^ ]*[a-z])(?=[^ ]*[0-9])[^ ]+', '[hidden]', 1, 'p')": "[hidden] plain A1234 [hidden]",  # (doc)
    "regexp_replace('passwd7 plain A1234 a1234', '(?=[^ ]*[a-z])(?=[^ ]*[0-9])[^ ]+', '[hidden]', 1, 'ip')": "[hidden] plain [hidden] [hidden]",  # (doc)
    "regexp_replace('a1b2c3', '[0-9]', '#', 3)": "a1b#c#",
    "regexp_replace('x', 'y', NULL)": None,
    "regexp_replace('user@example.com', '@.*\\\\.(org|com)$')": "user",
    "regexp_substr('ab12cd', '[0-9]+')": "12",
    "regexp_substr('ab', '[0-9]+')": "",
    "regexp_instr('ab12', '[0-9]')": 3,
    "regexp_count('a1b2', '[0-9]')": 2,
    "regexp_count('aAa', 'a', 1, 'i')": 3,
    "'abcdef'::varchar(3)": "abc",
    "cast('abcdef' as char(2))": "ab",
    "concat('a', 'b')": "ab",
    "concat('a', NULL)": None,
    "'a' || NULL": None,
    # numbers
    "round(2.5::float8)": 3.0,
    "round(-2.5::float8)": -3.0,
    "round(0.49999999999999994::float8)": 0.0,
    "round(2.675, 2)": Decimal("2.68"),
    "round(1234.5::float8, -2)": 1200.0,
    "trunc(2.789::float8, 1)": 2.7,
    "trunc(-2.7)": Decimal(-2),
    "mod(10, 4)": 2,
    "greatest(1, NULL, 3)": 3,
    "least(NULL, NULL)": None,
    "5.6::numeric": Decimal(6),
    "cast(5.4 as decimal)": Decimal(5),
    "convert(integer, '7')": 7,
    # dates
    "dateadd(month, 1, '2005-04-30')::varchar": "2005-05-30 00:00:00",
    "dateadd(month, 1, '2024-01-31')::varchar": "2024-02-29 00:00:00",
    "dateadd(month, 12, '2016-02-29')::varchar": "2017-02-28 00:00:00",
    "dateadd(year, 1, '2016-02-29')::varchar": "2017-03-01 00:00:00",
    "dateadd(year, 4, '2016-02-29')::varchar": "2020-02-29 00:00:00",
    "dateadd(month, 18, '2008-02-28')::varchar": "2009-08-28 00:00:00",  # (doc)
    "dateadd(day, -1, '2024-03-01'::date)::varchar": "2024-02-29 00:00:00",
    "dateadd(m, 5, '2008-01-01 00:00:00'::timestamp)::varchar": "2008-01-01 00:05:00",
    "dateadd('week', 1, '2024-01-01'::timestamp)::varchar": "2024-01-08 00:00:00",
    "datediff(week, '2009-01-01', '2009-12-31')": 52,  # (doc)
    "datediff(year, '2008-12-31'::date, '2009-01-01'::date)": 1,
    "datediff(qtr, '1998-07-01'::timestamp, '2008-07-01'::timestamp)": 40,  # (doc)
    "datediff(hour, '2019-01-01 01:59:59'::timestamp, '2019-01-01 02:00:00'::timestamp)": 1,
    "datediff(days, '2024-03-01'::date, '2024-02-01'::timestamp)": -29,
    "date_trunc('month', '2024-05-17'::date)::varchar": "2024-05-01 00:00:00",
    "date_trunc('week', '2024-05-19'::timestamp)::varchar": "2024-05-13 00:00:00",
    "date_part(year, '2024-05-17'::timestamp)": 2024.0,
    "last_day('2004-01-31'::date)::varchar": "2004-01-31",
    "trunc('2011-07-21 10:32:38'::timestamp)::varchar": "2011-07-21",  # (doc)
    "add_months('2008-03-31'::date, 1)::varchar": "2008-04-30 00:00:00",  # (doc)
    "to_char('2009-12-31'::date, 'YYYY-MM')": "2009-12",
    "to_date('02 Oct 2001', 'DD Mon YYYY')::varchar": "2001-10-02",
    "convert_timezone('EST', 'PST', '2008-03-05 09:25:29'::timestamp)::varchar": "2008-03-05 06:25:29",
    "current_user_id = (SELECT usesysid FROM pg_user WHERE usename = current_user)": True,
    "getdate() >= sysdate - interval '1 minute' AND getdate() = date_trunc('second', getdate())": True,
}


@pytest.mark.parametrize(("expression", "result"), CASES.items())
def test_a_function_gives_what_redshift_gives(admin: Client, expression: str, result: object) -> None:
    assert admin.one(f"SELECT {expression}") == result


QUALIFIED = """\
abs(1) ascii('a') btrim('a') ceil(1.5) charindex('a','b') coalesce(NULL,1) concat('a','b') convert_timezone('UTC','2024-01-01'::timestamp)
crc32('a') current_setting('timezone') date_trunc('day',getdate()) dateadd('day',1,getdate()) dateadd(day,1,getdate()) datediff(day,getdate(),getdate())
decode(1,1,'a','b') floor(1.5) fnv_hash(1) func_sha1('a') getdate() greatest(1,2) initcap('a') json_extract_path_text('{"a":1}','a') last_day(getdate())
least(1,2) left('a',1) len('a') length('a') lower('a') lpad('a',2) ltrim('a') md5('a') mod(3,2) nullif(1,2) nvl(NULL,1) nvl2(1,2,3) octet_length('a')
regexp_count('a','a') regexp_instr('a','a') regexp_replace('a','a','b') regexp_substr('a','a') repeat('a',2) replace('a','a','b') reverse('ab')
right('a',1) round(1.5) round(1.5::float8) rpad('a',2) rtrim('a') sha('a') sha1('a') sha2('a',256) split_part('a','b',1) strpos('a','a') strtol('a',16)
substring('abc',1,2) to_char(1,'9') to_date('2024','YYYY') translate('a','a','b') trunc(1.5) upper('a') version()
user_is_member_of(current_user,'g_qualified') json_parse('1') json_serialize(json_parse('[1]')) json_size(json_parse('[1]')) is_valid_json('{}') can_json_parse('1')
array_contains(json_parse('[1]'),1) get_array_length(json_parse('[1]')) split_to_array('a,b')"""


@pytest.mark.parametrize("call", QUALIFIED.split())
def test_a_function_can_be_named_with_its_schema(admin: Client, call: str) -> None:
    if "g_qualified" in call and not admin("SELECT 1 FROM pg_group WHERE groname = 'g_qualified'"):
        admin("CREATE GROUP g_qualified")
    ((qualified, plain),) = admin(f"SELECT pg_catalog.{call}::varchar, {call}::varchar")
    assert qualified == plain


def test_listagg_joins_in_the_order_that_it_is_told(admin: Client, schema: str) -> None:
    admin(
        f"CREATE TABLE {schema}.t AS SELECT 2 AS n, 'b'::VARCHAR AS v UNION ALL SELECT 1, 'c' UNION ALL SELECT 3, 'b'"
    )
    assert admin.one(f"SELECT LISTAGG(v, '-') WITHIN GROUP (ORDER BY n) FROM {schema}.t") == "c-b-b"
    assert admin.one(f"SELECT LISTAGG(DISTINCT v, ',') WITHIN GROUP (ORDER BY v DESC) FROM {schema}.t") == "c,b"
    assert admin.one(f"SELECT pg_catalog.LISTAGG(n) WITHIN GROUP (ORDER BY n) FROM {schema}.t") == "123"


def test_top_approximate_minus_and_median_are_understood(admin: Client, schema: str) -> None:
    admin(f"CREATE TABLE {schema}.t AS SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 9")
    assert admin(f"SELECT TOP 1 n FROM {schema}.t ORDER BY n DESC") == [(9,)]
    assert admin(f"SELECT COUNT(*) FROM (SELECT TOP 2 n FROM {schema}.t) AS x") == [(2,)]
    assert admin(f"SELECT APPROXIMATE COUNT(DISTINCT n) FROM {schema}.t") == [(3,)]
    assert admin(f"SELECT n FROM {schema}.t MINUS SELECT 1 ORDER BY 1") == [(2,), (9,)]
    assert admin(f"SELECT MEDIAN(n) FROM {schema}.t") == [(2.0,)]


def test_a_date_part_that_is_none_is_an_error(admin: Client) -> None:
    with pytest.raises(ServerError, match="invalid date part"):
        admin("SELECT DATEADD(fortnight, 1, GETDATE())")


def test_a_bad_digit_or_flag_is_an_error(admin: Client) -> None:
    for expression in ("STRTOL('12x', 10)", "REGEXP_REPLACE('a', 'a', 'b', 1, 'g')"):
        with pytest.raises(ServerError) as error:
            admin(f"SELECT {expression}")
        assert error.value.code == "22023"


def test_membership_counts_direct_and_inherited_groups_and_no_superuser_privilege(
    admin: Client, user: Client, schema: str
) -> None:
    admin(f"CREATE GROUP g_{schema} WITH USER u_{schema}")
    assert user.one(f"SELECT USER_IS_MEMBER_OF(CURRENT_USER, 'g_{schema}')") is True
    assert admin.one(f"SELECT USER_IS_MEMBER_OF(CURRENT_USER, 'g_{schema}')") is False
    for client, question in ((user, "'awsuser', 'g_"), (user, "current_user, 'absent_"), (admin, "'absent', 'g_")):
        with pytest.raises(ServerError):
            client(f"SELECT user_is_member_of({question}{schema}')")


def test_current_setting_with_false_gives_null_for_an_undefined_variable(admin: Client) -> None:
    assert admin.one("SELECT current_setting('app.never', false)") is None
    with pytest.raises(ServerError) as error:
        admin("SELECT current_setting('app.never', true)")
    assert error.value.code == "42704"
    admin("SET app.sometimes TO 'v'")
    assert admin.one("SELECT current_setting('app.sometimes', false)") == "v"


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=200))
def test_hashes_of_any_text_are_those_of_its_utf_8_bytes(admin: Client, text: str) -> None:
    (row,) = admin("SELECT sha1(%s), sha2(%s, 256), md5(%s)", text, text, text)
    data = text.encode()
    assert row == (hashlib.sha1(data).hexdigest(), hashlib.sha256(data).hexdigest(), hashlib.md5(data).hexdigest())


@pytest.mark.parametrize(
    "zone", ["<a>20<b>-20,332/0,352/0", "A0B-20", "EST5EDT4", "<a>-20<b>20", "EST5EDT,M3.2.0,M11.1.0"]
)
def test_the_clock_takes_no_rules_for_summer_time(admin: Client, zone: str):
    with pytest.raises(ServerError, match="invalid value for parameter"):
        admin(f"SET TimeZone TO '{zone}'")
        admin("SELECT GETDATE()")
    admin("SET TimeZone TO 'UTC'")


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "EST5EDT", "<x>100", "Etc/GMT+5", "-08:30", "PST8", "GB"])
def test_the_clock_takes_the_time_zones_of_a_cluster(admin: Client, zone: str):
    try:
        admin(f"SET TimeZone TO '{zone}'")
        read = (
            "SELECT DATEDIFF(second, CAST(GETDATE() AS TIMESTAMPTZ), CAST(SYSDATE AS TIMESTAMPTZ)), GETDATE() IS NULL"
        )
        assert admin(read) == [(0, False)]
    finally:
        admin("SET TimeZone TO 'UTC'")


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "UTC+8", "utc-167", "<UTC>+0:30", "GMT+8", "Etc/UTC+8"])
def test_a_session_does_not_name_its_time_zone_utc(sign_in: Callable[..., Client], zone: str):
    """An abbreviation is a fixed offset from UTC (Amazon Redshift Developer Guide, timezone)."""
    moment = "2026-01-01 12:30:00"
    for name in ("UTC", "utc", "GMT", "Z"):
        session = sign_in()  # A fresh one each: the server remembers what it took a name for.
        session(f"SET TimeZone TO '{zone}'")
        assert session(f"SELECT CAST(TIMESTAMPTZ '{moment}+00' AT TIME ZONE '{name}' AS VARCHAR)") == [(moment,)]
        assert session(f"SELECT TIMESTAMP '{moment}' AT TIME ZONE '{name}' = TIMESTAMPTZ '{moment}+00'") == [(True,)]
        converted = session(f"SELECT CONVERT_TIMEZONE('{name}', 'Asia/Tokyo', TIMESTAMP '{moment}')::VARCHAR")
        assert converted == [("2026-01-01 21:30:00",)]


def test_parameters_of_redshift_are_set_and_read_by_functions_as_by_statements(admin: Client) -> None:
    asked = "SELECT CURRENT_SETTING('navigate_super_null_on_error'), pg_catalog.current_setting('query_group')"
    admin("SET query_group TO 'one'")
    assert admin(asked) == [("true", "one")]
    assert admin.one("SELECT pg_catalog.SET_CONFIG('navigate_super_null_on_error', 'false', FALSE)") == "false"
    assert admin(asked) == [("false", "one")]
    assert admin.one("SHOW navigate_super_null_on_error") == "false"
    admin("SET navigate_super_null_on_error TO true")
    admin("RESET query_group")
