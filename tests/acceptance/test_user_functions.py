"""Masks that call functions of users': in SQL and answered by Lambda, replaced and dropped behind
veil's back, and accepted.
"""

import re
from pathlib import Path

import pytest

from tests.acceptance.conftest import Database, header
from tests.acceptance.terraform import Run, Workspace
from veil.local import Engine

EXAMPLE = Path(__file__).parents[2] / "examples" / "format-preserving-encryption"
ROLE = "IAM_ROLE 'arn:aws:iam::123456789012:role/lambda'"
REVERSED = """
def lambda_handler(event, context):
    return {"success": True, "results": [f"{key}:{value[::-1]}"[:16] for value, key in event["arguments"]]}
"""
LAMBDA = f"CREATE OR REPLACE EXTERNAL FUNCTION sec.fpe(VARCHAR, VARCHAR) RETURNS VARCHAR STABLE LAMBDA 'fpe' {ROLE}"
SQL = (
    "CREATE OR REPLACE FUNCTION sec.fpe(VARCHAR, VARCHAR) RETURNS VARCHAR IMMUTABLE AS "
    "$$ SELECT pg_catalog.rpad($2, 4, '#') || pg_catalog.right($1, 4) $$ LANGUAGE sql"
)
LEAKING = (
    "CREATE OR REPLACE FUNCTION sec.fpe(VARCHAR, VARCHAR) RETURNS VARCHAR IMMUTABLE AS $$ SELECT $1 $$ LANGUAGE sql"
)
CONFIGURATION = """
resource "veil_data_source" "customers" {
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "customers"
  columns     = { card = { tags = ["pii.card"] } }
}
resource "veil_masking_policy" "card" {
  integration = veil_integration.main.id
  name        = "card"
  applies_to  = { column_tags = ["pii.card"] }
  mask        = { function = { name = "sec.fpe", arguments = ["card"]%s } }
  exceptions  = { groups = ["fraud"] }
}
resource "veil_row_policy" "rows" {
  integration = veil_integration.main.id
  name        = "rows"
  applies_to  = { data_sources = ["raw.customers"] }
  show        = { where = "territory = 'US' OR @isInGroups('fraud')" }
}
resource "veil_subscription_policy" "all" {
  integration = veil_integration.main.id
  name        = "all"
  applies_to  = { all_data_sources = true }
  access      = "everyone"
}
resource "veil_user_profile" "alice" {
  integration = veil_integration.main.id
  user        = "alice"
}
resource "veil_user_profile" "bob" {
  integration = veil_integration.main.id
  user        = "bob"
  groups      = ["fraud"]
}
"""
CARD, READ = "4000111122223333", "SELECT card FROM governed.customers WHERE id = 1"


def configuration(database: Database, *definitions: str) -> str:
    listed = f", definitions = [{', '.join(map(repr, definitions))}]".replace("'", '"') if definitions else ""
    return header(database) + CONFIGURATION % listed


def said(run: Run) -> str:
    return " ".join(run.text.split())


@pytest.fixture
def place(database: Database, workspace: Workspace) -> tuple[Database, Workspace]:
    database.run("CREATE SCHEMA sec", "GRANT USAGE ON SCHEMA sec TO PUBLIC", SQL)
    workspace.write(configuration(database))
    assert (done := workspace.apply()), done.text
    assert (planned := workspace.plan()).code == 0, planned.text
    return database, workspace


def test_a_lambda_function_masks_and_is_called_for_the_rows_and_users_that_see_its_value_alone(
    database: Database, workspace: Workspace, engine: Engine
):
    log = engine.directory / "called.txt"
    engine.functions.mkdir(exist_ok=True)
    (engine.functions / "fpe.py").write_text(
        REVERSED.replace(
            "    return", f"    open({str(log)!r}, 'a').write(event['arguments'][0][0] + '\\n')\n    return"
        )
    )
    database.run("CREATE SCHEMA sec", LAMBDA)
    workspace.write(configuration(database))
    planned = workspace.plan()
    assert "Warning: Mask that may leave a value as it is" in said(planned), planned.text
    assert (
        "sec.fpe may give back the very value that it gets, and whoever reads the column needs EXECUTE on it"
        in said(planned)
    )
    assert (done := workspace.apply()), done.text
    assert (again := workspace.plan()).code == 0, again.text
    assert not log.exists()
    assert database.query("SELECT id, card FROM governed.customers", "alice") == [(1, "card:33332222111")]
    assert set(log.read_text().split()) == {CARD}
    log.unlink()
    assert database.query(READ, "bob") == [(CARD,)]
    assert not log.exists()


def test_the_example_encrypts_cards_and_keeps_their_form(database: Database, workspace: Workspace, engine: Engine):
    engine.functions.mkdir(exist_ok=True)
    (engine.functions / "fpe.py").write_text((EXAMPLE / "fpe.py").read_text())
    statements = (EXAMPLE / "functions.sql").read_text()
    # RAW is a reserved word of Redshift's, so no example names a schema that.
    database.run('ALTER SCHEMA "raw" RENAME TO src', *(each for each in statements.split(";\n") if each.strip()))
    workspace.write((EXAMPLE / "main.tf").read_text())
    local = f'engine = "local"\n  database = "{database.name}"'
    at = f'resource "veil_integration" "main" {{\n  database = "{database.name}"\n}}'
    workspace.write(f'provider "veil" {{\n  {local}\n}}\n{at}', "local_override.tf")
    assert (done := workspace.apply()), done.text
    cards = [card for (card,) in database.query("SELECT card FROM governed.customers ORDER BY id", "alice")]
    assert cards[3] is None and len(set(cards)) == 4
    for shown, (_, raw) in zip(
        cards[:3], database.query("SELECT id, card FROM src.customers ORDER BY id"), strict=False
    ):
        assert re.fullmatch("[0-9]{16}", shown) and shown != raw


def test_a_function_that_is_replaced_closes_the_column_until_its_definition_is_accepted(
    place: tuple[Database, Workspace],
):
    database, workspace = place
    assert database.query(READ, "alice") == [("card3333",)]
    database.run(LEAKING)
    planned = workspace.plan()
    assert planned.code == 2, planned.text
    told = said(planned)
    assert "sec.fpe, which the masks of raw.customers call, is not as when the view governed.customers was made" in told
    assert "Warning: Function that may not be called" in told
    accepted = re.search(r'add "([0-9a-f]{64})" to definitions of the mask', told)
    assert accepted
    assert (done := workspace.apply()), done.text
    assert database.query(READ, "alice") == [(None,)]
    assert database.query(READ, "bob") == [(CARD,)]
    settled = workspace.plan()
    assert settled.code == 0, settled.text
    assert "A mask shows NULL: the definition of sec.fpe" in workspace.state("veil_data_source.customers")["health"]
    workspace.write(configuration(database, accepted[1]))
    assert (done := workspace.apply()), done.text
    again = workspace.plan()
    assert again.code == 0, again.text
    assert database.query(READ, "alice") == [(CARD,)]
    # What is listed is what counts: neither the first definition nor another one may be called.
    database.run(SQL)
    assert workspace.plan().code == 2
    assert (done := workspace.apply()), done.text
    assert database.query(READ, "alice") == [(None,)]


def test_a_function_that_comes_back_as_it_was_is_called_again(place: tuple[Database, Workspace]):
    database, workspace = place
    database.run("DROP FUNCTION sec.fpe(VARCHAR, VARCHAR)")
    assert "does not exist" in database.refusal(READ, "alice")
    planned = workspace.plan()
    assert planned.code == 2 and "there is no function sec.fpe" in said(planned), planned.text
    assert (done := workspace.apply()), done.text
    assert database.query("SELECT id, card FROM governed.customers", "alice") == [(1, None)]
    assert (planned := workspace.plan()).code == 0, planned.text
    database.run(SQL)
    planned = workspace.plan()
    assert planned.code == 2 and "and may be called. The apply has the view do so" in said(planned), planned.text
    assert (done := workspace.apply()), done.text
    assert database.query(READ, "alice") == [("card3333",)]


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        (
            "ALTER FUNCTION sec.fpe(VARCHAR, VARCHAR) OWNER TO carol",
            "belongs to carol, who is neither the provider's account nor a superuser",
        ),
        ("ALTER SCHEMA sec OWNER TO carol", "is in the schema sec of carol"),
        ("GRANT CREATE ON SCHEMA sec TO PUBLIC", "is in the schema sec, where PUBLIC may create"),
        ("GRANT CREATE ON SCHEMA sec TO carol", "is in the schema sec, where the user carol may create"),
    ],
)
def test_a_function_that_others_could_replace_is_called_no_more(
    place: tuple[Database, Workspace], statement: str, why: str
):
    database, workspace = place
    database.run(statement)
    planned = workspace.plan()
    assert planned.code == 2 and why in said(planned), planned.text
    assert (done := workspace.apply()), done.text
    assert database.query(READ, "alice") == [(None,)]


CALLING = SQL.replace("pg_catalog.rpad($2, 4, '#')", "sec.helper($2)")
HELPER = "CREATE OR REPLACE FUNCTION sec.helper(VARCHAR) RETURNS VARCHAR IMMUTABLE AS $$ SELECT %s $$ LANGUAGE sql"


def test_a_function_that_is_replaced_which_another_one_calls_closes_the_column(place: tuple[Database, Workspace]):
    database, workspace = place
    database.run(HELPER % "$1", CALLING)
    (accepted,) = set(re.findall(r'add "([0-9a-f]{64})" to definitions of the mask', said(workspace.plan())))
    workspace.write(configuration(database, accepted))
    assert (done := workspace.apply()), done.text
    assert database.query(READ, "alice") == [("card3333",)]
    assert (planned := workspace.plan()).code == 0, planned.text
    database.run(HELPER % "$1 || 'unseen'")
    planned = workspace.plan()
    assert planned.code == 2 and "the definition of sec.fpe" in said(planned), planned.text
    assert (done := workspace.apply()), done.text
    assert database.query(READ, "alice") == [(None,)]


def test_a_function_in_whose_body_a_user_could_put_one_of_theirs_is_called_no_more(place: tuple[Database, Workspace]):
    database, workspace = place
    body = SQL.partition("$$")[0] + "$$ SELECT right($1, 4) $$ LANGUAGE sql"
    shadow = "CREATE FUNCTION mine.right(VARCHAR, INTEGER) RETURNS VARCHAR IMMUTABLE AS $$ SELECT $1 $$ LANGUAGE sql"
    database.run(body, "CREATE SCHEMA mine", "GRANT ALL ON SCHEMA mine TO alice")
    database.run(shadow, user="alice")

    def attacked() -> list[tuple[object, ...]]:
        with database.connect("alice") as connection, connection.cursor() as cursor:
            cursor.execute("SET search_path TO mine, pg_catalog")
            cursor.execute(READ)
            return [tuple(row) for row in cursor.fetchall()]

    # Until an apply, the view calls what is there.
    assert attacked() == [(CARD,)]
    planned = workspace.plan()
    assert planned.code == 2 and "calls right without its schema" in said(planned), planned.text
    assert (done := workspace.apply()), done.text
    assert attacked() == [(None,)]


def test_a_function_that_is_not_there_is_an_error_of_the_plan(database: Database, workspace: Workspace):
    workspace.write(configuration(database))
    planned = workspace.plan()
    assert planned.code == 1, planned.text
    assert "Error: No such function" in planned.text and "There is no function sec.fpe" in said(planned)


def test_who_may_not_execute_the_function_gets_an_error_and_no_value(place: tuple[Database, Workspace]):
    database, _ = place
    database.run("REVOKE EXECUTE ON FUNCTION sec.fpe(VARCHAR, VARCHAR) FROM PUBLIC")
    assert "permission denied for function" in database.refusal(READ, "alice")
