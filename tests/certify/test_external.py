"""External tables in a run: one is looked at where the database has one, nothing is made beside it,
and nothing of it is told.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from tests.certify.test_run import LEFT, Ask, silent
from tests.certify.test_trouble import kill_once, signed_in
from veil.certify import Options, Outcome, Place, Report, StatementLog, as_json, as_markdown, clean, external, run
from veil.certify.external import MOST_ROWS
from veil.certify.scratch import Scratch
from veil.cli import certify as command
from veil.local import Engine
from veil.warehouse import Settings, connect

ROLE = "arn:aws:iam::123456789012:role/secretrole"
ROWS = """\
1,Oslostrasse,ann@secret.example,10.50,true
2,Oslostrasse,,-3.00,false
3,Bernweg,cid@secret.example,0.00,\\N
4,\\N,\\N,\\N,\\N
"""
COLUMNS = "secret_id INTEGER, secret_street VARCHAR(40), secret_mail VARCHAR(60), secret_pay DECIMAL(8,2), secret_flag BOOLEAN"
SECRETS = ("secret", "Oslostrasse", "Bernweg", "123456789012", "10.50")
"""What is in the tables, in their names and columns and in the role: some of it would be in a
report that told any of it.
"""

_NUMBERS = count(1)


@dataclass(frozen=True)
class Lake:
    """An external schema of somebody's, and the bucket of its tables."""

    bucket: Path
    catalog: str
    settings: Settings

    def make(self, table: str, text: str | None = ROWS, *, columns: str = COLUMNS, more: str = "") -> None:
        """An external table; without a text, over a file that cannot be read as it."""
        folder = self.bucket / table
        folder.mkdir(parents=True)
        stored = (
            "ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' STORED AS TEXTFILE"
            if text is not None
            else "STORED AS PARQUET"
        )
        (folder / "1").write_text("no such thing" if text is None else text)
        with connect(self.settings) as session:
            session.execute(
                f"CREATE EXTERNAL TABLE secretlake.{table} ({columns}) {stored} LOCATION 's3://{self.bucket.name}/{table}/' {more}"
            )


@pytest.fixture
def lake(engine: Engine, settings: Settings) -> Iterator[Lake]:
    name = f"secretbucket{next(_NUMBERS)}"
    found = Lake(engine.storage / name, name, settings)
    with connect(settings) as session:
        session.execute(
            f"CREATE EXTERNAL SCHEMA secretlake FROM DATA CATALOG DATABASE '{name}' IAM_ROLE '{ROLE}' "
            "CREATE EXTERNAL DATABASE IF NOT EXISTS"
        )
    yield found
    with connect(settings) as session:
        session.execute("DROP SCHEMA secretlake DROP EXTERNAL DATABASE CASCADE")


def look(settings: Settings, log: StatementLog | None = None) -> Report:
    return run(settings, Options(quick=True, only=frozenset({"spectrum"})), log or StatementLog(), silent)


def outcomes(settings: Settings, table: str | None = None, log: StatementLog | None = None) -> list[Outcome]:
    """Of the examination alone, without a run around it."""
    log = log or StatementLog()
    with connect(settings, log.watch) as session:
        named = ("secretlake", table) if table else None
        place = Place(settings, session, Scratch(session), log, quick=True, external_table=named)
        place.prepare()
        try:
            return list(external.examine(place))
        finally:
            place.close()
            assert clean(session, only=place.scratch.token).left == ()


def told(report: Report) -> str:
    return as_markdown(report) + as_json(report)


def the_catalog(asked: Ask) -> dict[str, list[tuple[object, ...]]]:
    """All that is in the external schema, and who may use it."""
    return {
        "schemas": asked("SELECT schemaname, databasename, esoptions FROM svv_external_schemas"),
        "tables": asked("SELECT schemaname, tablename, location FROM svv_external_tables ORDER BY 2"),
        "rights": asked("SELECT nspname, nspacl FROM pg_catalog.pg_namespace WHERE nspname = 'secretlake'"),
    }


def test_an_external_table_is_looked_at_and_nothing_is_made_beside_it_or_told_of_it(
    lake: Lake, settings: Settings, asked: Ask
):
    lake.make("secret_people")
    before, log = the_catalog(asked), StatementLog()
    report = look(settings, log)
    assert report.certified, report.differences
    assert report.absent == []
    assert the_catalog(asked) == before
    assert asked("SELECT COUNT(*) FROM secretlake.secret_people") == [(4,)]
    assert asked(LEFT) == []
    views = [each.sql for each in log.sent if '"looked_at"' in each.sql and each.sql.lstrip().startswith("CREATE")]
    assert views and all("WITH NO SCHEMA BINDING" in each for each in views)
    assert not [each.sql for each in log.sent if '"secretlake"' in each.sql]
    assert not [each for each in SECRETS if each in told(report)]


def test_what_differs_on_an_external_table_is_told_in_numbers_and_types(
    lake: Lake, settings: Settings, asked: Ask, monkeypatch: pytest.MonkeyPatch
):
    """The interpreter stands for what is right; here it hashes with other salts than the
    warehouse.
    """
    lake.make("secret_people")
    monkeypatch.setattr("veil.certify.place.Place.salts", lambda place: {})
    report = look(settings)
    ((_, outcome),) = report.differences
    assert outcome.detail == (
        "2 rows were expected and not seen, 2 were seen and not expected; values differ in columns of the types "
        "character varying(60)."
    )
    assert "CREATE" in outcome.statement
    assert not [each for each in SECRETS if each in told(report)]
    assert asked(LEFT) == []


def test_an_examination_of_an_external_table_that_ends_early_tells_no_name_of_it(
    lake: Lake, settings: Settings, asked: Ask, monkeypatch: pytest.MonkeyPatch
):
    lake.make("secret_people")

    def broken(session: object, schema: str, name: str, *rest: object) -> None:
        assert isinstance(session, type(session))
        session.query(f'SELECT "secret_gone" FROM "{schema}"."{name}"')  # type: ignore[attr-defined]

    monkeypatch.setattr(external, "_governed", lambda place, schema, table: broken(place.session, schema, table.name))
    report = look(settings)
    ((_, outcome),) = report.differences
    assert outcome.subject.endswith("it came to an end")
    assert outcome.detail == "A column is not there (SQLSTATE 42703)."
    assert outcome.statement == "SELECT ? FROM ?.?"
    assert not [each for each in SECRETS if each in told(report)]
    assert asked(LEFT) == []


def test_a_database_without_external_schemas_is_certified_and_the_report_says_what_was_not_there(settings: Settings):
    report = look(settings)
    assert report.certified
    ((_, outcome),) = report.absent
    assert outcome.subject in as_markdown(report)
    assert "no external schema" in outcome.subject


def test_tables_that_cannot_be_looked_at_are_counted_and_a_table_after_them_is_found(
    lake: Lake, settings: Settings, asked: Ask
):
    lake.make("a_broken", None)
    lake.make("b_empty", "")
    lake.make("c_large", "1,x,y,1,true\n" * (MOST_ROWS + 1))
    lake.make("d_large_by_its_own_account", more=f"TABLE PROPERTIES ('numRows'='{MOST_ROWS + 1}')")
    (outcome,) = outcomes(settings)
    assert outcome.status == "absent"
    assert outcome.subject == (
        "no external table was looked at: of the external tables, cannot be read (SQLSTATE XX000): 1; hold more rows by the data "
        "catalog's account: 1; hold more than 1000 rows: 1; hold no rows: 1"
    )
    lake.make("e_people")
    assert [each.status for each in outcomes(settings)] == ["passed"] * 4
    assert asked(LEFT) == []


LAKE_MADE = "SELECT 1 FROM pg_catalog.pg_database WHERE datname LIKE 'vc%' AND datname LIKE '%lake'"
LAKE_USED = (
    "SELECT 1 FROM pg_catalog.svv_all_schemas WHERE database_name LIKE 'vc%lake' AND schema_name LIKE 'vc%procedures'"
)


@pytest.mark.parametrize("there", [LAKE_MADE, LAKE_USED], ids=["its database is made", "its integration is made"])
def test_what_a_run_left_that_was_killed_over_an_external_table_is_removed_and_nothing_else(
    there: str, lake: Lake, settings: Settings, asked: Ask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    lake.make("secret_people")
    before = the_catalog(asked)
    options = signed_in(settings, monkeypatch)
    kill_once(asked, there, "--report", str(tmp_path / "report"), *options, only="spectrum")
    assert [name for (name,) in asked(LEFT) if str(name).endswith("_lake")]
    assert command.main(["--clean", *options]) == 0
    assert asked(LEFT) == []
    assert the_catalog(asked) == before
    assert asked("SELECT COUNT(*) FROM secretlake.secret_people") == [(4,)]


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ("a_broken", "cannot be read (SQLSTATE XX000): 1"),
        ("nowhere", "there is none"),
    ],
)
def test_a_table_that_was_named_and_cannot_be_looked_at_keeps_the_run_from_certifying(
    lake: Lake, settings: Settings, table: str, why: str
):
    lake.make("a_broken", None)
    lake.make("e_people")
    (outcome,) = outcomes(settings, table)
    assert outcome.status == "not tried"
    assert why in outcome.detail


def test_the_table_that_was_named_is_the_one_that_is_looked_at(lake: Lake, settings: Settings):
    lake.make("a_people")
    lake.make("z_numbers", "1,2\n3,4\n", columns="a INTEGER, b INTEGER")
    log = StatementLog()
    assert [each.status for each in outcomes(settings, "z_numbers", log)] == ["passed"] * 4
    assert not [each.sql for each in log.sent if "a_people" in each.sql]
    assert [each.sql for each in log.sent if 'FROM "' in each.sql and "z_numbers" in each.sql]


def test_a_schema_whose_role_is_not_told_is_left_out(lake: Lake, settings: Settings, monkeypatch: pytest.MonkeyPatch):
    lake.make("e_people")
    monkeypatch.setattr(external, "_IN_CATALOG", external._IN_CATALOG.replace("esoptions", "'{}'", 1))
    (outcome,) = outcomes(settings)
    assert "in a schema whose role is not told" in outcome.subject


def test_the_role_and_region_of_another_schema_are_quoted():
    schema = external._Schema("s", "it's", json.dumps({"IAM_ROLE": "a'b", "REGION": "eu'1"}))
    assert schema.again("mine") == (
        "CREATE EXTERNAL SCHEMA \"mine\" FROM DATA CATALOG DATABASE 'it''s' REGION 'eu''1' IAM_ROLE 'a''b'"
    )
