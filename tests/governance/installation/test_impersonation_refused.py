"""Impersonation on warehouses that read session variables and memberships otherwise."""

from collections.abc import Iterator
from functools import partial

import pytest
import redshift_connector

from tests.governance.conftest import governances
from veil.governance.errors import GovernanceError
from veil.governance.installation.drift import alterations
from veil.governance.requests import Batch, Create, SourceDraft, Update
from veil.governance.service import Governance
from veil.local import Engine
from veil.local.refusals import MEMBERSHIP_EARLY, UNDEFINED_SETTINGS
from veil.model import AppliesTo, Integration, Profile, Project, Purpose, SubscriptionPolicy
from veil.warehouse import Session, literal

GROUP = "acting"


@pytest.fixture(scope="module")
def undefined(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Governance]:
    yield from _governance(tmp_path_factory, UNDEFINED_SETTINGS)


@pytest.fixture(scope="module")
def early(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Governance]:
    yield from _governance(tmp_path_factory, MEMBERSHIP_EARLY)


def _governance(folders: pytest.TempPathFactory, refused: str) -> Iterator[Governance]:
    engine = Engine(folders.mktemp("refusing") / "local")
    address = engine.up(progress=lambda line: None, refuse=[refused])
    try:
        with governances(engine) as make:
            governance = make()
            governance.submit(Create(SourceDraft("raw", "people")))
            governance.submit(Create(SubscriptionPolicy("everyone", AppliesTo(all_data_sources=True), "everyone")))
            governance.submit(Create(Profile(address.username)))
            yield governance
    finally:
        engine.reset()


def _put(governance: Governance, group: str | None) -> None:
    stored = governance.require().integration
    assert stored is not None
    integration = Integration("main", governance.database, "governed", impersonation_group=group)
    governance.submit(Update(stored.id, integration))


def _seen(governance: Governance) -> list[list[object]]:
    settings = governance.connect()
    with redshift_connector.connect(
        host=settings.host,
        port=settings.port,
        database=settings.database,
        user=settings.username,
        password=settings.password,
        ssl=False,
    ) as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT secret FROM governed.people")
        return [list(row) for row in cursor.fetchall()]


def test_where_a_variable_that_nobody_set_is_an_error_nobody_is_to_act_as_another(undefined: Governance):
    assert _seen(undefined) == [["people secret"]]
    with pytest.raises(GovernanceError) as refused:
        _put(undefined, GROUP)
    assert refused.value.summary == "Impersonation does not work here"
    assert refused.value.path == ("impersonation",)
    assert "app.veil_never_set" in refused.value.detail
    assert _seen(undefined) == [["people secret"]], "nothing was written"
    with pytest.raises(GovernanceError, match="Impersonation does not work here"):
        undefined.plan_place(Integration("main", undefined.database, "governed", impersonation_group=GROUP))
    _put(undefined, None)


def test_where_a_variable_that_nobody_set_is_an_error_projects_are_switched_and_purposes_agreed_to(
    undefined: Governance,
):
    user, words = undefined.connect().username, "I look for fraud only."
    undefined.submit(
        Batch(
            (
                Create(Purpose("fraud", words)),
                Create(Project("team", frozenset({user}), frozenset({"raw.people"}), frozenset({"fraud"}))),
            )
        )
    )
    undefined.look(partial(Session.execute, sql="CALL immuta_procedures.switch_project('team')"))
    undefined.look(
        partial(Session.execute, sql=f"CALL immuta_procedures.acknowledge_purpose('fraud', {literal(words)})")
    )
    undefined.reload()
    runtime = undefined.require().world.runtimes[user]
    assert (runtime.current_project, set(runtime.acknowledgements)) == ("team", {"fraud"})


def test_where_the_group_is_asked_for_early_its_loss_shows_nothing_to_anybody_until_an_apply(early: Governance):
    _put(early, GROUP)
    assert _seen(early) == [["people secret"]]
    for statement in (
        f"REVOKE ALL ON PROCEDURE immuta_procedures.impersonate_user(VARCHAR) FROM GROUP {GROUP}",
        f"DROP GROUP {GROUP}",
    ):
        early.look(partial(Session.execute, sql=statement))
    with pytest.raises(redshift_connector.ProgrammingError, match="acting"):
        _seen(early)
    early.reload()
    assert f"the group {GROUP} is missing" in set(alterations(early.require()))
    _put(early, GROUP)
    assert _seen(early) == [["people secret"]]
