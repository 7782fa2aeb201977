"""CREATE EXTERNAL FUNCTION: functions that Python files in the engine's folder answer, as Lambda
answers Redshift.
"""

from __future__ import annotations

import pytest

from tests.local.conftest import Client, ServerError
from veil.local import Engine

ROLE = "IAM_ROLE 'arn:aws:iam::123456789012:role/any'"

TELLING = """
import json

def lambda_handler(event, context):
    told = {key: event[key] for key in ("user", "database", "external_function", "num_records")}
    return json.dumps({"success": True, "results": [json.dumps([told, *each]) for each in event["arguments"]]})
"""
DOUBLING = """
def lambda_handler(event, context):
    return {"success": True, "results": [None if each[0] is None else 2 * each[0] for each in event["arguments"]]}
"""


def put(engine: Engine, name: str, text: str) -> None:
    engine.functions.mkdir(exist_ok=True)
    (engine.functions / f"{name}.py").write_text(text, encoding="utf-8")


def refused(client: Client, sql: str) -> tuple[str, str]:
    with pytest.raises(ServerError) as error:
        client(sql)
    return error.value.code, error.value.message


def test_a_lambda_function_gets_what_redshift_sends_and_its_result_is_the_value(
    admin: Client, user: Client, schema: str, engine: Engine
) -> None:
    put(engine, "telling", TELLING)
    admin(f"GRANT USAGE ON SCHEMA {schema} TO u_{schema}")
    admin(f"CREATE EXTERNAL FUNCTION {schema}.f(VARCHAR, INT) RETURNS VARCHAR VOLATILE LAMBDA 'telling' {ROLE}")
    told = user.one(f"SELECT {schema}.f('a''b', 7)")
    assert told == (
        f'[{{"user": "u_{schema}", "database": "analytics", "external_function": "{schema}.f", "num_records": 1}}, "a\'b", 7]'
    )


def test_a_lambda_function_is_called_for_rows_of_tables_and_gets_null(
    admin: Client, schema: str, engine: Engine
) -> None:
    put(engine, "doubling", DOUBLING)
    admin(f"CREATE EXTERNAL FUNCTION {schema}.twice(BIGINT) RETURNS BIGINT STABLE LAMBDA 'doubling:1' IAM_ROLE default")
    admin(f"CREATE TABLE {schema}.t (n BIGINT)")
    admin(f"INSERT INTO {schema}.t VALUES (1), (NULL), (21)")
    assert admin(f"SELECT {schema}.twice(n) FROM {schema}.t ORDER BY n") == [(2,), (42,), (None,)]


def test_a_changed_file_answers_the_next_call(admin: Client, schema: str, engine: Engine) -> None:
    put(engine, "changing", DOUBLING)
    admin(f"CREATE EXTERNAL FUNCTION {schema}.f(INT) RETURNS INT STABLE LAMBDA 'changing' {ROLE}")
    assert admin.one(f"SELECT {schema}.f(4)") == 8
    put(engine, "changing", DOUBLING.replace("2 *", "300 *"))
    assert admin.one(f"SELECT {schema}.f(4)") == 1200


def test_a_function_that_fails_or_is_not_there_ends_the_query(admin: Client, schema: str, engine: Engine) -> None:
    put(engine, "failing", "def lambda_handler(event, context):\n    raise ValueError(event['arguments'])\n")
    put(engine, "refusing", "lambda_handler = lambda event, context: {'success': False, 'error_msg': 'not today'}\n")
    for name in ("failing", "refusing", "absent", "../s3/x"):
        admin(f"CREATE OR REPLACE EXTERNAL FUNCTION {schema}.f(INT) RETURNS INT STABLE LAMBDA '{name}' {ROLE}")
        code, message = refused(admin, f"SELECT {schema}.f(4)")
        assert code == ("22023" if "/" in name else "XX000")
        assert {
            "failing": "Lambda function failing failed: ValueError",
            "refusing": "Lambda function refusing failed: not today",
            "absent": "Lambda function absent does not exist",
            "../s3/x": '"../s3/x" is no name of a Lambda function',
        }[name] == message


def test_the_catalog_shows_language_and_clauses_of_a_lambda_function(admin: Client, schema: str) -> None:
    clauses = f"LAMBDA 'x' {ROLE} RETRY_TIMEOUT 0 MAX_BATCH_ROWS 10 MAX_BATCH_SIZE 5 MB"
    admin(f"CREATE EXTERNAL FUNCTION {schema}.f(DECIMAL(10,2)) RETURNS TIMESTAMP STABLE {clauses};")
    found = admin(
        "SELECT l.lanname, p.prosrc, p.provolatile, p.prokind FROM pg_proc_info p JOIN pg_language l ON l.oid = p.prolang "
        f"JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = '{schema}'"
    )
    assert found == [("exfunc", clauses, "s", "f")]
    admin(f"DROP FUNCTION {schema}.f(DECIMAL)")


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("(INT) RETURNS INT IMMUTABLE LAMBDA 'x' " + ROLE, 'syntax error at or near "IMMUTABLE"'),
        ("(INT) RETURNS INT LAMBDA 'x' " + ROLE, "the function needs VOLATILE or STABLE"),
        ("(VARBYTE) RETURNS INT STABLE LAMBDA 'x' " + ROLE, 'type "VARBYTE" is not supported for Lambda functions'),
        ("(INT) RETURNS SUPER STABLE LAMBDA 'x' " + ROLE, 'type "SUPER" is not supported for Lambda functions'),
        ("(INT) RETURNS INT STABLE LAMBDA 'x'", "CREATE EXTERNAL FUNCTION needs an IAM_ROLE"),
        ("(INT) RETURNS INT STABLE LAMBDA x " + ROLE, 'syntax error at or near "x"'),
        ("(INT) RETURNS INT STABLE LAMBDA 'x' " + ROLE + " MAX_BATCH_ROWS 0", "MAX_BATCH_ROWS is at least 1"),
        ("(INT) RETURNS INT STABLE LAMBDA 'x' " + ROLE + " COST 1", 'syntax error at or near "COST"'),
        (
            "(INT) RETURNS INT STABLE SAGEMAKER 'x' " + ROLE,
            "An external function of anything but LAMBDA is not supported",
        ),
    ],
)
def test_what_is_no_lambda_function_of_redshift_is_refused(
    admin: Client, schema: str, statement: str, message: str
) -> None:
    assert refused(admin, f"CREATE EXTERNAL FUNCTION {schema}.f{statement}")[1] == message


def test_only_superusers_make_lambda_functions(admin: Client, user: Client, schema: str) -> None:
    admin(f"GRANT USAGE, CREATE ON SCHEMA {schema} TO u_{schema}")
    statement = f"CREATE EXTERNAL FUNCTION {schema}.f(INT) RETURNS INT STABLE LAMBDA 'x' {ROLE}"
    assert refused(user, statement)[0] == "42501"
