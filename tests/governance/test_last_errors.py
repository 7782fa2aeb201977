"""What is recorded of changes that fail, when it is forgotten, and what is never in it."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.engine import connect
from veil.errors import VeilError
from veil.governance.errors import GovernanceError
from veil.governance.last_errors import STATUSES, errors_of, last_error, status_of_source, words_recorded
from veil.governance.requests import Create, DeclaredColumn, Delete, SourceDraft, Update
from veil.governance.service import Governance
from veil.local import Engine
from veil.model import DataSource, Kind
from veil.warehouse import SCHEMA_VERSION, WarehouseError

PEOPLE = SourceDraft("raw", "people", columns={"secret": DeclaredColumn()})
KEY = "raw.people"


@pytest.fixture(scope="module")
def governance(engine: Engine, new_governance: Callable[..., Governance]) -> Governance:
    made = new_governance()
    run(made, engine, "CREATE VIEW governed.taken AS SELECT 1 AS one")
    made.submit(Create(PEOPLE))
    return made


def run(governance: Governance, engine: Engine, *statements: str) -> None:
    with connect(engine.address(), database=governance.database) as admin, admin.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def status(governance: Governance) -> str:
    governance.reload()
    deployed = governance.require()
    source = deployed.world.data_sources[KEY]
    assert isinstance(source, DataSource)
    return status_of_source(deployed, source)


def update(governance: Governance, **more: object) -> None:
    token = governance.require().stored[Kind.DATA_SOURCE, KEY].id
    draft = SourceDraft("raw", "people", columns={"secret": DeclaredColumn()}, **more)  # type: ignore[arg-type]
    governance.submit(Update(token, draft))


def test_an_edit_that_fails_is_recorded_until_one_succeeds(governance: Governance) -> None:
    assert status(governance) == "enabled"
    with pytest.raises(VeilError) as refused:
        update(governance, view_name="taken")
    known = governance.require()
    assert status(governance) == "editError"
    failed = last_error(governance.require(), Kind.DATA_SOURCE, KEY)
    assert failed is not None and failed.error.startswith(refused.value.summary)
    told_at_once = last_error(known, Kind.DATA_SOURCE, KEY)
    assert told_at_once is not None and told_at_once.error == failed.error
    assert governance.errors_check().status == "warning"
    update(governance)
    assert last_error(governance.require(), Kind.DATA_SOURCE, KEY) is None
    assert status(governance) == "enabled"
    assert governance.errors_check().status == "passed"


def test_a_source_that_cannot_be_made_is_recorded_by_its_name(governance: Governance, engine: Engine) -> None:
    draft = SourceDraft("raw", "missing", columns={"secret": DeclaredColumn()})
    with pytest.raises(VeilError):
        governance.submit(Create(draft))
    assert "data source raw.missing: createError" in governance.errors_check().message
    run(governance, engine, 'CREATE TABLE "raw".missing (id INTEGER, secret VARCHAR(9))')
    governance.reload()
    governance.submit(Create(draft))
    assert governance.errors_check().status == "passed"


def test_what_failed_and_was_given_up_is_forgotten_by_the_statement_that_the_check_names(
    governance: Governance, engine: Engine
) -> None:
    with pytest.raises(VeilError):
        governance.submit(Create(SourceDraft("raw", "it's gone", columns={})))
    again, forget = governance.errors_check().advice
    assert again.startswith("Apply again")
    run(governance, engine, forget.partition("forgets it: ")[2])
    governance.reload()
    assert governance.errors_check().status == "passed"


def test_who_may_not_have_a_name_leaves_nothing_to_be_told_of_who_has_it(governance: Governance) -> None:
    with pytest.raises(VeilError):
        governance.submit(Create(SourceDraft("raw", "people", description="another", columns={})))
    assert status(governance) == "enabled"


def test_a_source_that_was_switched_off_or_lost_its_table_says_so(governance: Governance, engine: Engine) -> None:
    update(governance, enabled=False)
    assert status(governance) == "disabled"
    update(governance)
    run(governance, engine, 'ALTER TABLE "raw".people RENAME TO gone')
    assert status(governance) == "recurringValidationError"
    run(governance, engine, 'ALTER TABLE "raw".gone RENAME TO people')
    assert status(governance) == "enabled"


def test_a_destroy_that_is_refused_is_recorded_of_the_integration(governance: Governance) -> None:
    main = governance.require().integration
    assert main is not None and main.thing is not None
    with pytest.raises(GovernanceError):
        governance.uninstall(main.id, force=False)
    failed = last_error(governance.require(), Kind.INTEGRATION, main.key)
    assert failed is not None and failed.status == "deleteError"
    governance.submit(Update(main.id, main.thing))  # type: ignore[arg-type]
    assert last_error(governance.require(), Kind.INTEGRATION, main.key) is None


def test_where_nothing_can_be_recorded_the_error_is_told_all_the_same(governance: Governance, engine: Engine) -> None:
    run(governance, engine, "DROP PROCEDURE immuta_procedures.record_error(VARCHAR, VARCHAR, VARCHAR, VARCHAR)")
    with pytest.raises(VeilError, match="taken"):
        update(governance, view_name="taken")
    assert status(governance) == "enabled"
    main = governance.require().integration
    assert main is not None and main.thing is not None
    governance.submit(Update(main.id, main.thing))  # type: ignore[arg-type]
    governance.submit(
        Delete(Kind.DATA_SOURCE, "raw.missing", governance.require().stored[Kind.DATA_SOURCE, "raw.missing"].id)
    )


def test_a_change_that_was_to_upgrade_the_schemas_has_failed_as_a_migration(governance: Governance) -> None:
    deployed = governance.require()
    main = deployed.integration
    assert main is not None and main.thing is not None
    older = replace(deployed, snapshot=replace(deployed.snapshot, schema_version=SCHEMA_VERSION - 1))
    for known, status in ((older, "migrateError"), (deployed, "editError")):
        (row,) = errors_of(known, [Update(main.id, main.thing)], [GovernanceError("The view cannot be made", "")])  # type: ignore[arg-type]
        assert (row.kind, row.status) == ("integration", status)
        assert row.status in STATUSES


SECRET = 'invalid input syntax for type numeric: "123-45-6789".'


def test_nothing_that_the_warehouse_said_is_recorded() -> None:
    said = WarehouseError("The warehouse refuses a value", SECRET, sqlstate="22P02")
    assert words_recorded(said) == "The warehouse refuses a value (SQLSTATE 22P02)"
    try:
        raise GovernanceError("The view cannot be made", f"It says: {SECRET}") from said
    except GovernanceError as problem:
        assert words_recorded(problem) == "The view cannot be made (SQLSTATE 22P02)"
    try:
        try:
            raise said
        except WarehouseError:
            raise GovernanceError("The view cannot be made", f"It says: {SECRET}") from None
    except GovernanceError as problem:
        assert "123-45-6789" not in words_recorded(problem)
    assert "123-45-6789" not in words_recorded(ValueError(SECRET))


def test_what_is_recorded_is_one_line_of_at_most_a_thousand_bytes() -> None:
    words = words_recorded(GovernanceError("Title", "é\u202e\x1b" + "ü" * 2000 + "\nsecond line"))
    assert len(words.encode()) <= 1000
    assert words.startswith("Title. é\\u202e\\x1bü")
