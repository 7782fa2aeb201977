"""The wire protocol: what drivers, psql and tools send, and what they get back."""

from __future__ import annotations

import os
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import redshift_connector

from tests.engine import connect
from tests.local.conftest import Client, ServerError
from veil.local import Engine
from veil.local.cluster.binaries import psql as psql_program
from veil.local.gateway import wire

LONG = "pg_class AS a, pg_class AS b, pg_class AS c, pg_class AS d, pg_class AS e, pg_class AS f"
"""What nobody waits for who counts its rows."""


def psql(engine: Engine, sql: str, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Runs psql, which uses the simple protocol."""
    address = engine.address()
    assert address is not None
    command = [
        str(psql_program()),
        "-X",
        "-A",
        "-t",
        "-q",
        "-h",
        address.host,
        "-p",
        str(address.port),
        "-U",
        address.username,
        *arguments,
    ]
    environment = os.environ | {"PGPASSWORD": address.password}
    return subprocess.run(
        [*command, "-d", address.database, "-c", sql],
        env=environment,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_version_is_redshift_s_and_says_what_it_really_is(admin: Client) -> None:
    version = admin.one("SELECT version()")
    assert version.startswith("PostgreSQL 8.0.2 on ")
    assert "Redshift 1.0." in version
    assert version.endswith("(veil local engine)")
    assert admin.one("SHOW server_version") == "8.0.2"


def test_clients_learn_at_sign_in_that_this_is_a_redshift_and_of_which_version(admin: Client) -> None:
    told = dict(admin.connection.parameter_statuses)
    assert told[b"server_version"] == b"8.0.2"
    assert told[b"padb_version"] == told[b"padb_revision"]
    assert f"Redshift {told[b'padb_version'].decode()} " in admin.one("SELECT version()")


def test_both_protocols_rewrite(admin: Client, engine: Engine) -> None:
    statement = "SELECT NVL(NULL, 'a'), DECODE(1, 1, 'b')"
    assert admin(statement) == [("a", "b")]
    assert psql(engine, statement).stdout == "a|b\n"


def test_parameters_pass_through_rewritten_statements(admin: Client) -> None:
    assert admin("SELECT NVL(%s, 'none'), %s::int + 1, DATEADD(day, %s, '2024-01-01'::date)::varchar", None, 4, 2) == [
        ("none", 5, "2024-01-03 00:00:00")
    ]


def test_a_prepared_statement_can_be_run_again_and_again(admin: Client) -> None:
    assert [admin.one("SELECT NVL(%s, 0)", number) for number in range(5)] == [0, 1, 2, 3, 4]


def test_one_message_may_hold_several_statements_and_each_has_its_own_tag(engine: Engine, schema: str) -> None:
    script = f"CREATE VIEW {schema}.v AS SELECT 1 AS a WITH NO SCHEMA BINDING; SELECT NVL(a, 0) FROM {schema}.v; ; DROP VIEW {schema}.v"
    address = engine.address()
    assert address is not None
    done = subprocess.run(
        [str(psql_program()), "-X", "-A", "-t", "-h", address.host, "-p", str(address.port), "-U", address.username, "-d", address.database, "-c", script],
        env=os.environ | {"PGPASSWORD": address.password}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.splitlines() == ["CREATE VIEW", "1", "DROP VIEW"], done.stderr


def test_several_statements_in_one_prepared_message_are_refused(admin: Client) -> None:
    with pytest.raises(ServerError, match="multiple commands"):
        admin("SELECT 1; SELECT 2")


def test_a_statement_may_end_with_a_semicolon_or_be_only_a_comment(admin: Client, engine: Engine) -> None:
    assert admin("SELECT NVL(1, 2);") == [(1,)]
    assert psql(engine, "-- nothing").returncode == 0
    assert psql(engine, ";").returncode == 0


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("SELECT 1 / 0", "22012"),
        ("SELECT * FROM no_such_table", "42P01"),
        ("SELECT no_such_column", "42703"),
        ("SELEC 1", "42601"),
        ("SELECT 'abc'::int", "22P02"),
        ("SELECT 'open", "42601"),
        ('SELECT "open', "42601"),
        ("SELECT $$open", "42601"),
        ("SELECT 1 /* open", "42601"),
        ("CREATE VIEW", "42601"),
        ("GRANT", "42601"),
    ],
)
def test_errors_keep_their_sqlstate_and_the_session_goes_on(admin: Client, statement: str, code: str) -> None:
    with pytest.raises(ServerError) as error:
        admin(statement)
    assert error.value.code == code
    assert admin.one("SELECT 1") == 1


def test_an_error_ends_the_transaction_and_a_refusal_does_too(admin: Client, schema: str) -> None:
    for failing in ("SELECT 1 / 0", "CREATE INDEX i ON t (id)"):
        admin("BEGIN")
        admin(f"CREATE TABLE {schema}.t (id INTEGER)")
        with pytest.raises(ServerError):
            admin(failing)
        with pytest.raises(ServerError) as aborted:
            admin("SELECT 1")
        assert aborted.value.code == "25P02"
        admin("ROLLBACK")
        assert admin(f"SELECT 1 FROM svv_tables WHERE table_schema = '{schema}'") == []


@pytest.mark.parametrize(
    ("statement", "code", "said"),
    [
        ("SELECT 1 FROM pg_range WHERE rngtypid = %s", "42P01", 'relation "pg_range" does not exist'),
        ("SELECT 1 WHERE 1 = ANY(%s::integer[])", "0A000", "An array type is not supported"),
    ],
)
def test_a_refusal_comes_when_a_statement_is_prepared_so_that_its_parameters_are_not_counted(
    admin: Client, statement: str, code: str, said: str
) -> None:
    with pytest.raises(ServerError) as error:
        admin(statement, 1)
    assert (error.value.code, said in error.value.message) == (code, True), error.value.message
    assert admin.one("SELECT 1") == 1


def test_a_refusal_quotes_what_was_written_whatever_that_is(admin: Client) -> None:
    written = """'it''s a \\\\ {t}, "größe"'"""
    with pytest.raises(ServerError) as error:
        admin(f"SHOW TABLES FROM SCHEMA public {written}")
    assert error.value.message == f'syntax error at or near "{written}"'


def test_an_error_names_none_of_our_workings(admin: Client, schema: str) -> None:
    with pytest.raises(ServerError) as error:
        admin(f"CREATE VIEW {schema}.v AS SELECT 1 FROM nowhere.t WITH NO SCHEMA BINDING")
    assert "pg_veil" not in str(error.value)


def test_notices_reach_the_client(admin: Client, schema: str) -> None:
    admin(f"CREATE PROCEDURE {schema}.p(n INTEGER) AS $$ BEGIN RAISE INFO 'hello %', n; END $$ LANGUAGE plpgsql")
    admin(f"CALL {schema}.p(1)")
    assert any(notice[b"M"] == b"hello 1" for notice in admin.connection.notices)


def test_a_running_statement_can_be_cancelled(engine: Engine) -> None:
    address = engine.address()
    assert address is not None
    command = [
        str(psql_program()),
        "-X",
        "-h",
        address.host,
        "-p",
        str(address.port),
        "-U",
        address.username,
        "-d",
        address.database,
        "-c",
        f"SELECT COUNT(*) FROM {LONG}",
    ]
    process = subprocess.Popen(
        command, env=os.environ | {"PGPASSWORD": address.password}, stderr=subprocess.PIPE, text=True
    )
    with connect(address) as connection, connection.cursor() as cursor:
        for _ in range(500):
            cursor.execute(
                "SELECT COUNT(*) FROM stv_inflight WHERE text LIKE 'SELECT COUNT(*) FROM pg_class%' AND pid <> pg_backend_pid()"
            )
            if cursor.fetchone()[0]:
                break
            time.sleep(0.01)
    process.send_signal(2)  # psql asks the server to cancel
    _, stderr = process.communicate(timeout=120)
    assert "canceling statement due to user request" in stderr


def test_statement_timeout_is_kept(sign_in: Callable[..., Client]) -> None:
    client = sign_in()
    client("SET statement_timeout TO 50")
    with pytest.raises(ServerError) as error:
        client(f"SELECT COUNT(*) FROM {LONG}")
    assert error.value.code == "57014"


@pytest.mark.parametrize(
    ("statement", "code", "message"),
    [
        ("COPY {t} FROM STDIN WITH (FORMAT csv)", "42601", 'syntax error at or near "STDIN"'),
        ("COPY {t} (id, name) FROM stdin", "42601", 'syntax error at or near "stdin"'),
        ("COPY {t} TO STDOUT", "42601", 'syntax error at or near "STDOUT"'),
        ("COPY {t} TO '/tmp/t.csv'", "42601", "syntax error at or near \"'/tmp/t.csv'\""),
        ("COPY {t} TO PROGRAM 'cat'", "42601", 'syntax error at or near "PROGRAM"'),
        ("COPY (SELECT * FROM {t}) TO STDOUT", "42601", 'syntax error at or near "("'),
        ("COPY {t} FROM 's3://bucket/t.csv' IAM_ROLE default", "0A000", "COPY is not supported"),
    ],
)
def test_copy_is_refused_at_once(admin: Client, schema: str, statement: str, code: str, message: str) -> None:
    admin(f"CREATE TABLE {schema}.t (id INTEGER, name VARCHAR(20))")
    with pytest.raises(ServerError) as error:
        admin(statement.format(t=f"{schema}.t"))
    assert (error.value.code, error.value.message) == (code, message)
    assert "INSERT" in error.value.hint
    assert admin("SELECT 1") == [(1,)]


def test_copy_is_refused_in_psql_and_in_procedures_too(engine: Engine, admin: Client, schema: str) -> None:
    psql(engine, f"CREATE TABLE {schema}.t (id INTEGER)")
    done = psql(engine, f"\\copy {schema}.t FROM STDIN", stdin="1\n")
    assert done.returncode == 1 and 'syntax error at or near "STDIN"' in done.stderr
    for number, body in enumerate((f"COPY {schema}.t TO STDOUT", f"EXECUTE 'COPY {schema}.t TO STDOUT'")):
        with pytest.raises(ServerError, match="syntax error at or near"):
            admin(f"CREATE PROCEDURE {schema}.p{number}() AS $$ BEGIN {body}; END $$ LANGUAGE plpgsql")
            admin(f"CALL {schema}.p{number}()")


def test_large_results_and_large_statements_pass(admin: Client) -> None:
    rows = admin("SELECT n, repeat('x', 1000) FROM generate_series(1, 20000) AS s(n)")
    assert len(rows) == 20000 and rows[-1] == (20000, "x" * 1000)
    big = "y" * 2_000_000
    assert admin.one(f"SELECT LEN('{big}')") == 2_000_000


def test_many_connections_work_at_once(engine: Engine) -> None:
    address = engine.address()
    assert address is not None

    def work(number: int) -> int:
        with connect(address) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT NVL(NULL, %s) + SUM(n) FROM generate_series(1, 100) AS s(n)", (number,))
            return int(cursor.fetchone()[0])

    with ThreadPoolExecutor(20) as pool:
        assert list(pool.map(work, range(60))) == [5050 + number for number in range(60)]


def test_a_wrong_password_a_wrong_user_and_a_wrong_database_are_errors(engine: Engine) -> None:
    address = engine.address()
    assert address is not None
    for arguments in ({"password": "Wrong1234"}, {"user": "nobody_of_that_name"}, {"database": "no_such_database"}):
        with pytest.raises((redshift_connector.InterfaceError, redshift_connector.ProgrammingError)):
            connect(address, **arguments)


def raw(engine: Engine) -> socket.socket:
    address = engine.address()
    assert address is not None
    return socket.create_connection((address.host, address.port), timeout=10)


def test_encryption_is_declined(engine: Engine) -> None:
    with raw(engine) as connection:
        for request in (wire.SSL_REQUEST, wire.GSS_REQUEST):
            connection.sendall(struct.pack(">II", 8, request))
            assert connection.recv(1) == b"N"


def test_the_parameters_of_amazon_s_drivers_are_accepted(engine: Engine) -> None:
    unknown = dict.fromkeys(
        ("client_protocol_version", "driver_version", "os_version", "plugin_name", "anything_else"), "1"
    )
    with raw(engine) as connection:
        connection.sendall(wire.startup_message({"user": "awsuser", "database": "dev"} | unknown))
        assert connection.recv(9)[:9] == b"R" + struct.pack(">II", 12, 5)  # asks for an MD5 password


@pytest.mark.parametrize(
    "garbage",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        struct.pack(">II", 4, 0),
        struct.pack(">II", 100_000_000, 196608),
        struct.pack(">II", 8, 131072),
        struct.pack(">II", 12, 196608) + b"user",
    ],
)
def test_a_malformed_beginning_ends_that_connection_only(engine: Engine, admin: Client, garbage: bytes) -> None:
    with raw(engine) as connection:
        connection.sendall(garbage)
        answer = connection.recv(1000)
        assert answer[:1] == b"E"
        assert connection.recv(1) == b""
    assert admin.one("SELECT 1") == 1


def test_a_client_that_vanishes_leaves_nothing_behind(engine: Engine, admin: Client) -> None:
    address = engine.address()
    assert address is not None
    connection = connect(address)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    connection._usock.shutdown(socket.SHUT_RDWR)
    for _ in range(500):
        if not admin(f"SELECT 1 FROM stv_sessions WHERE process = {pid}"):
            return
        time.sleep(0.01)
    pytest.fail("the server's session is still there")


def test_a_slow_reader_does_not_fill_the_gateway_s_memory_nor_block_others(engine: Engine, admin: Client) -> None:
    address = engine.address()
    assert address is not None

    def memory() -> int:
        found = subprocess.run(["ps", "-o", "rss=", "-p", str(address.pid)], capture_output=True, text=True, check=True)
        return int(found.stdout)

    slow = connect(address)
    before = memory()
    done = threading.Event()

    def read_slowly() -> None:
        with slow.cursor() as cursor:
            cursor.execute("SELECT repeat('x', 60000) FROM generate_series(1, 5000)")
        done.set()

    original = slow._read
    gate = threading.Event()

    def gated(size: int) -> bytes:
        gate.wait(60)
        return bytes(original(size))

    slow._read = gated
    reader = threading.Thread(target=read_slowly)
    reader.start()
    for _ in range(20):
        assert admin.one("SELECT 1") == 1
        time.sleep(0.02)
    assert memory() - before < 100_000  # kB; the result has 300 MB
    gate.set()
    reader.join(120)
    assert done.is_set()


def test_the_initial_database_and_the_default_one_are_there(sign_in: Callable[..., Client]) -> None:
    assert sign_in(database="dev").one("SELECT current_database()") == "dev"
    assert sign_in().one("SELECT current_database()") == "analytics"


def test_a_new_database_has_everything_too(admin: Client, sign_in: Callable[..., Client]) -> None:
    if not admin("SELECT 1 FROM svv_redshift_databases WHERE database_name = 'another'"):
        admin("CREATE DATABASE another WITH OWNER awsuser CONNECTION LIMIT UNLIMITED ISOLATION LEVEL SNAPSHOT")
    client = sign_in(database="another")
    client("DROP TABLE IF EXISTS t")
    client("CREATE TABLE t (id INTEGER, doc SUPER)")
    client("CREATE OR REPLACE VIEW public.v AS SELECT NVL(id, 1) AS id FROM public.t WITH NO SCHEMA BINDING")
    assert client("SELECT * FROM v") == []
