"""An installation in whose schemas others were busy, put right on the engine: nothing of theirs is
dropped.
"""

import os
from collections.abc import Callable
from dataclasses import replace

from veil.governance.checks.health import health_of
from veil.governance.drift import drift_of
from veil.governance.installation.drift import alterations
from veil.governance.installation.others import others
from veil.governance.requests import Create, SourceDraft, Update, draft_of
from veil.governance.service import Governance
from veil.model import AppliesTo, DataSource, Integration, Profile, SubscriptionPolicy
from veil.warehouse import Session

BUSY = (
    "ALTER TABLE immuta_system.salt ALTER COLUMN salt TYPE VARCHAR(100)",
    "ALTER TABLE immuta_system.runtime DROP COLUMN current_project",
    "ALTER TABLE immuta_system.profile ADD COLUMN note INTEGER",
    "DROP TABLE immuta_system.acknowledgement",
    "CREATE VIEW immuta_system.acknowledgement AS SELECT 1 AS theirs",
    "DROP TABLE immuta_system.writer",
    "CREATE VIEW immuta_system.writer AS SELECT 2 AS theirs",
    "DROP VIEW immuta_system.user_entry",
    "CREATE TABLE immuta_system.user_entry AS SELECT 3 AS theirs",
    "CREATE PROCEDURE immuta_procedures.switch_project(a INTEGER) AS $$ BEGIN NULL; END $$ LANGUAGE plpgsql",
    'CREATE VIEW governed.shortcut AS SELECT secret FROM "raw".people',
    "CREATE FUNCTION governed.f(INTEGER) RETURNS INTEGER IMMUTABLE AS $$ SELECT $1 $$ LANGUAGE sql",
    "UPDATE immuta_system.integration SET read_only_role = 'mallory'",
)
TOLD = {
    "the column salt of the table immuta_system.salt is character varying(100) and not character varying(64): it is made anew, "
    "with its rows",
    "the column current_project of the table immuta_system.runtime is missing: it is made anew, without its rows",
}
LEFT = (
    "the procedure immuta_procedures.switch_project(integer) of",
    "the view governed.shortcut of",
    "the column note of the table immuta_system.profile",
    "the table immuta_system.user_entry_aside of",
    "the view immuta_system.acknowledgement_aside of",
    "the view immuta_system.writer_aside of",
    "the function governed.f(integer) of",
)


def test_a_repair_brings_back_what_is_veils_and_drops_nothing_of_others(new_governance: Callable[..., Governance]):
    governance = new_governance()
    made = governance.submit(Create(SourceDraft("raw", "people")))
    governance.submit(Create(SubscriptionPolicy("all", AppliesTo(all_data_sources=True), "everyone")))
    governance.submit(Create(Profile("alice")))
    salts = rows(governance, "SELECT name, salt FROM immuta_system.salt")
    assert made is not None and salts
    for statement in BUSY:
        governance.look(lambda session, statement=statement: session.execute(statement))
    governance.reload()

    found = governance.require()
    lines = set(alterations(found))
    assert lines > TOLD
    assert len([each for each in lines if " stands in the place of the " in each]) == 3
    assert any("the role mallory, which" in each for each in lines)
    integration = found.integration
    assert integration is not None and isinstance(integration.thing, Integration)
    governance.submit(Update(integration.id, integration.thing))

    governance.reload()
    there = governance.require()
    assert list(alterations(there)) == []
    told = [each.what for each in others(there)]
    assert [line for line in LEFT if not any(each.startswith(line) for each in told)] == []
    assert rows(governance, "SELECT name, salt FROM immuta_system.salt") == salts
    assert rows(governance, "SELECT theirs FROM immuta_system.user_entry_aside") == [[3]]
    assert rows(governance, "SELECT theirs FROM immuta_system.acknowledgement_aside") == [[1]]
    assert isinstance(made.thing, DataSource)
    assert drift_of(there, there.by_id[made.kind, made.id], draft_of(made.thing)) == frozenset()
    assert health_of(there, made.thing) == "healthy"
    staying = governance.uninstall(integration.id, force=True)
    assert "The schemas immuta_system, immuta_procedures, governed stay" in staying
    assert "the view immuta_system.writer_aside of" in staying
    assert rows(governance, "SELECT theirs FROM immuta_system.writer_aside") == [[2]]
    # What stays is in nobody's way.
    governance.look(lambda session: session.execute("CREATE USER bystander_of_veil PASSWORD 'Abcdefg1'"))
    governance.look(
        lambda session: session.execute("ALTER TABLE immuta_system.user_entry_aside OWNER TO bystander_of_veil")
    )
    again = governance.install(integration.thing)
    governance.submit(Update(again.id, replace(integration.thing, view_schema="elsewhere")))
    assert list(alterations(governance.require())) == []
    assert rows(governance, "SELECT theirs FROM immuta_system.user_entry_aside") == [[3]]


def rows(governance: Governance, sql: str) -> list[list[object]]:
    def ask(session: Session) -> list[list[object]]:
        return [list(row) for row in session.query(sql)]

    return governance.look(ask)


def test_a_base_table_that_became_a_view_is_told_once_and_taken_for_what_it_is(
    new_governance: Callable[..., Governance],
):
    governance = new_governance()
    made = governance.submit(Create(SourceDraft("raw", "orders")))
    assert made is not None and isinstance(made.thing, DataSource) and made.thing.relation == "table"
    for statement in (
        'ALTER TABLE "raw".orders RENAME TO kept',
        'CREATE VIEW "raw".orders AS SELECT * FROM "raw".kept',
    ):
        governance.look(lambda session, statement=statement: session.execute(statement))
    governance.reload()
    there = governance.require()
    (line,) = drift_of(there, there.by_id[made.kind, made.id], draft_of(made.thing))
    assert line.startswith("raw.orders was a table when it was governed last, and is a view of")
    put = governance.submit(Update(made.id, draft_of(made.thing)))
    assert put is not None and isinstance(put.thing, DataSource) and put.thing.relation == "view"
    governance.reload()
    there = governance.require()
    assert drift_of(there, there.by_id[made.kind, made.id], draft_of(made.thing)) == frozenset()


def test_an_account_that_somebody_put_on_the_list_of_appliers_is_told_and_taken_off(
    new_governance: Callable[..., Governance],
):
    governance = new_governance()
    mallory = f"lists_{os.getpid()}"
    opened = 'PROCEDURE "immuta_procedures".create_view(VARCHAR, VARCHAR, VARCHAR, INTEGER, INTEGER)'
    for statement in (
        f"CREATE USER {mallory} PASSWORD 'Abcdefg1'",
        f"INSERT INTO immuta_system.applier (immuta__userid, view_schema) VALUES ('{mallory}', 'governed')",
        f"GRANT EXECUTE ON {opened} TO {mallory}",
    ):
        governance.look(lambda session, statement=statement: session.execute(statement))
    governance.reload()
    found = governance.require()
    told = {
        f"{mallory} was put on the list of accounts that apply by the procedures",
        f"EXECUTE on the procedure create_view was granted to user {mallory}",
    }
    assert set(alterations(found)) == told
    integration = found.integration
    assert integration is not None and isinstance(integration.thing, Integration)
    by_script = replace(found, world=replace(found.world, integration=replace(integration.thing, bootstrap="manual")))
    assert told.isdisjoint(alterations(by_script)), "an administrator's script lists accounts"
    governance.submit(Update(integration.id, integration.thing))
    governance.reload()
    assert list(alterations(governance.require())) == []
    assert rows(governance, "SELECT COUNT(*) FROM immuta_system.applier") == [[0]]
    governance.look(lambda session: session.execute(f"DROP USER {mallory}"))
