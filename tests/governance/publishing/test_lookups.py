"""Tables that policies look up in, made anew after the views were made that look there."""

from collections.abc import Callable

import pytest

from veil.governance.drift import drift_of
from veil.governance.requests import Create, SourceDraft, Update
from veil.governance.service import Governance
from veil.model import AppliesTo, RowPolicy, Where

WHERE = Where("@columnReference('secret') NOT IN (SELECT m.owner FROM raw.listed AS m WHERE m.since >= m.until)")
SOURCE = SourceDraft("raw", "people")


def run(governance: Governance, *statements: str) -> None:
    for statement in statements:
        governance.look(lambda session, sql=statement: session.execute(sql))  # type: ignore[misc]
    governance.reload()


@pytest.fixture
def look_up(governance: Governance) -> Callable[[], tuple[str, list[str]]]:
    """A data source whose policy looks up; what its view says now, and its drift."""
    run(governance, 'CREATE TABLE "raw".listed (owner VARCHAR(40), since TIMESTAMP, until TIMESTAMP)')
    stored = governance.submit(Create(SOURCE))
    assert stored is not None
    governance.submit(Create(RowPolicy("listed", AppliesTo(all_data_sources=True), WHERE)))

    def looked() -> tuple[str, list[str]]:
        governance.reload()
        deployed = governance.require()
        text = deployed.snapshot.views["governed", "people"].text
        return text, sorted(drift_of(deployed, deployed.by_id[stored.kind, stored.id], SOURCE))

    def repaired() -> tuple[str, list[str]]:
        governance.submit(Update(stored.id, SOURCE))
        return looked()

    looked.repaired = repaired  # type: ignore[attr-defined]
    return looked


def test_another_type_is_drift_that_the_apply_puts_right(governance: Governance, look_up) -> None:
    made, drift = look_up()
    assert drift == []
    assert 'pg_catalog.max(l."since")' in made.replace("pg_catalog.max(l.since)", 'pg_catalog.max(l."since")')
    run(
        governance,
        'DROP TABLE "raw".listed',
        'CREATE TABLE "raw".listed (owner VARCHAR(40), since DATE, until TIMESTAMP)',
    )
    (told,) = look_up()[1]
    assert "the columns of raw.listed, in which policies on raw.people look up, are not as when the view" in told
    anew, drift = look_up.repaired()
    assert drift == [] and anew != made


def test_a_table_that_is_gone_is_no_drift_and_one_that_is_back_is(governance: Governance, look_up) -> None:
    made, _ = look_up()
    run(governance, 'ALTER TABLE "raw".listed RENAME TO elsewhere')
    assert look_up()[1] == []
    closed, drift = look_up.repaired()
    assert drift == [] and "listed" not in closed
    run(governance, 'ALTER TABLE "raw".elsewhere RENAME TO listed')
    assert len(look_up()[1]) == 1
    again, drift = look_up.repaired()
    assert drift == [] and again == made
