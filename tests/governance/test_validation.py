"""The integration's checks where the tables are external or in another database."""

from dataclasses import replace

import pytest

from veil.governance.deployed import Deployed
from veil.governance.validation import Check, Circumstances, validate
from veil.model import Column, ColumnType, DataSource, Family, Integration, World
from veil.warehouse import SEES_GRANTS, SEES_OBJECTS, Account, Layout, Rights, Snapshot

ID = ColumnType(Family.INTEGER)
SOURCE = DataSource("lake", "events", "governed", "events", (Column("id", ID),))
ACCOUNT = Account("veil", is_superuser=False, creates_schemas=True, permissions=frozenset({SEES_GRANTS, SEES_OBJECTS}))
MULTI = Integration("main", "analytics", "governed", mode="multi_database", source_database="raw_db")


def check(name: str, base: Rights, found: Circumstances, integration: Integration | None = None) -> Check | None:
    world = World(integration or Integration("main", "analytics", "governed"), data_sources={SOURCE.key: SOURCE})
    snapshot = Snapshot(0, "", 1, "0", "veil", columns={("lake", "events"): (("id", ID),)}, base=base)
    checks = validate(Deployed(Layout("immuta", "governed", owner="veil"), snapshot, {}, world), found)
    return next((each for each in checks if each.name == name), None)


def test_a_table_that_the_views_owner_cannot_read_is_told_with_the_grant():
    found = check("rights", Rights(), Circumstances(ACCOUNT, readable=frozenset()))
    assert found is not None and found.status == "failed"
    assert found.advice[-1] == 'GRANT SELECT ON "lake"."events" TO "veil"'


def test_no_grant_is_missed_on_an_external_table():
    base = Rights(external_schemas=frozenset({"lake"}))
    found = check("rights", base, Circumstances(ACCOUNT, readable=frozenset()))
    assert found is not None and found.status == "passed"


@pytest.mark.parametrize(
    ("base", "status", "says"),
    [
        (Rights(), "passed", "The tables of the database raw_db and who may read them are known."),
        (Rights(unread="No."), "warning", "Who may read the tables of the database raw_db is not known. No."),
    ],
    ids=["known", "unknown"],
)
def test_a_source_database_has_a_check_of_its_own(base: Rights, status: str, says: str):
    found = check("source_database", base, Circumstances(ACCOUNT), MULTI)
    assert found is not None and (found.status, found.message) == (status, says)
    assert check("source_database", base, Circumstances(ACCOUNT), replace(MULTI, mode="single_database")) is None
