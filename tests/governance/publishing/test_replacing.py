"""Views whose columns change, on a warehouse that does not replace a view by one of other
columns.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import redshift_connector

from tests.engine import connect, running_engine
from tests.governance.conftest import TABLES, governances
from veil.governance.drift import drift_of
from veil.governance.errors import GovernanceError
from veil.governance.installation.drift import alterations
from veil.governance.requests import Create, Delete, SourceDraft, Update
from veil.governance.service import Governance
from veil.local import Engine
from veil.local.refusals import OTHER_COLUMNS
from veil.model import AppliesTo, Hash, Kind, MaskingPolicy, Profile, SubscriptionPolicy
from veil.warehouse import EVERYBODY_READS

Ask = Callable[[str], list[list[Any]]]


@pytest.fixture(scope="module")
def refusing() -> Iterator[Engine]:
    with running_engine(refuse=[OTHER_COLUMNS]) as engine:
        yield engine


@pytest.fixture(scope="module")
def place(refusing: Engine) -> Iterator[Governance]:
    with governances(refusing) as make:
        yield make()


@pytest.fixture(scope="module")
def ask(refusing: Engine, place: Governance) -> Iterator[Ask]:
    """Asks as the administrator, whose views the governed ones are."""
    address = refusing.address()
    assert address is not None
    with connect(address, database=place.database) as connection, connection.cursor() as cursor:

        def run(sql: str) -> list[list[Any]]:
            cursor.execute(sql)
            return [list(row) for row in cursor.fetchall()] if cursor.description else []

        place.submit(Create(Profile(address.username)))
        yield run


def length(ask: Ask, table: str) -> int:
    """How long the texts of a governed view's column may be."""
    ((found,),) = ask(
        "SELECT character_maximum_length FROM svv_columns WHERE column_name = 'secret' AND table_schema = 'governed' "
        f"AND table_name = '{table}'"
    )
    return int(found)


def test_the_engine_can_be_told_to_refuse_what_redshift_may_refuse(ask: Ask):
    ask("CREATE VIEW \"raw\".late AS SELECT 1 AS a, 'x'::VARCHAR(5) AS b WITH NO SCHEMA BINDING")
    ask("CREATE OR REPLACE VIEW \"raw\".late AS SELECT 2 AS a, 'yz'::VARCHAR(5) AS b WITH NO SCHEMA BINDING")
    for columns in (
        "2 AS a",
        "2 AS a, 'y'::VARCHAR(5) AS c",
        "2 AS a, 'y'::VARCHAR(6) AS b",
        "2 AS a, 'y'::VARCHAR(5) AS b, 3",
    ):
        with pytest.raises(redshift_connector.ProgrammingError) as refused:
            ask(f'CREATE OR REPLACE VIEW "raw".late AS SELECT {columns} WITH NO SCHEMA BINDING')
        assert refused.value.args[0]["C"] == "42P16"
    assert ask('SELECT a, b FROM "raw".late') == [[2, "yz"]]


def test_a_view_of_other_columns_is_made_in_place_of_the_one_that_was(place: Governance, ask: Ask):
    sources = [place.submit(Create(SourceDraft("raw", table))) for table in TABLES]
    place.submit(Create(SubscriptionPolicy("everyone", AppliesTo(all_data_sources=True), "everyone")))
    assert [length(ask, table) for table in TABLES] == [40] * 3
    ask("CREATE USER bob PASSWORD 'Analyst1pass'")
    ask("GRANT SELECT ON governed.orders TO bob")

    # A hashed text is longer, in all three views at once.
    hashed = place.submit(Create(MaskingPolicy("hashed", AppliesTo(all_columns=True), Hash())))
    assert hashed is not None
    assert [length(ask, table) for table in TABLES] == [64] * 3
    assert ask("SELECT secret FROM governed.people") != [["people secret"]]
    place.reload()
    deployed = place.require()
    state = deployed.snapshot.views["governed", "orders"]
    assert {each for each in state.grants if each.grantee.name != state.owner} == {EVERYBODY_READS}
    for source, table in zip(sources, TABLES, strict=True):
        assert source is not None
        assert not drift_of(deployed, source, SourceDraft("raw", table))

    ask("CREATE SCHEMA analytics")
    ask("CREATE VIEW analytics.mine AS SELECT * FROM governed.orders")
    ask("CREATE VIEW analytics.late AS SELECT * FROM governed.orders WITH NO SCHEMA BINDING")
    with pytest.raises(GovernanceError) as refused:
        place.submit(Delete(Kind.MASKING_POLICY, "hashed", hashed.id))
    assert refused.value.summary == "Views of others depend on a governed view"
    for said in (
        "The view governed.orders",
        "analytics.mine",
        'DROP VIEW "analytics"."mine" (of ',
        "WITH NO SCHEMA BINDING",
    ):
        assert said in refused.value.detail
    assert "analytics.late" not in refused.value.detail
    assert [length(ask, table) for table in TABLES] == [64] * 3, "nothing was written"

    ask("DROP VIEW analytics.mine")
    place.submit(Delete(Kind.MASKING_POLICY, "hashed", hashed.id))
    assert [length(ask, table) for table in TABLES] == [40] * 3
    assert ask("SELECT secret FROM analytics.late") == [["orders secret"]]


def test_a_view_of_the_integration_s_that_somebody_replaced_is_made_anew(place: Governance, ask: Ask):
    ask("DROP VIEW immuta_system.user_profile")
    ask("CREATE VIEW immuta_system.user_profile AS SELECT 1 AS one WITH NO SCHEMA BINDING")
    place.reload()
    stored = place.require().integration
    assert stored is not None and stored.thing is not None
    assert "the view immuta_system.user_profile was replaced" in set(alterations(place.require()))
    place.submit(Update(stored.id, stored.thing))  # type: ignore[arg-type]
    place.reload()
    assert not set(alterations(place.require()))
    assert ask("SELECT immuta__userid FROM immuta_system.user_profile") == ask("SELECT CURRENT_USER")
