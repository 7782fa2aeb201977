"""What people see where a backslash in a literal is a character like any other: what they see
elsewhere.
"""

from collections.abc import Iterator

import pytest

from tests.engine import connect, running_engine
from tests.governance.conftest import governances
from veil.governance.drift import drift_of
from veil.governance.installation.drift import alterations
from veil.governance.requests import Create, SourceDraft
from veil.governance.service import Governance
from veil.local import Engine
from veil.local.refusals import BACKSLASHES
from veil.model import (
    AppliesTo,
    Constant,
    DataSource,
    MaskingPolicy,
    Profile,
    Purpose,
    Regex,
    RowPolicy,
    SubscriptionPolicy,
    Where,
)

ROWS = {1: "12_34", 2: "12x34", 3: "no digits_", 4: "50_\\"}
AGREED = 'I "agree" that it\'s \\'


@pytest.fixture(scope="module", params=[(), (BACKSLASHES,)], ids=["escapes", "characters"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    with running_engine(refuse=request.param) as found:
        yield found


@pytest.fixture(scope="module")
def governance(engine: Engine) -> Iterator[Governance]:
    address = engine.address()
    assert address is not None
    with governances(engine) as make:
        made = make()
        with connect(address, database=made.database) as admin, admin.cursor() as cursor:
            for number, text in ROWS.items():
                cursor.execute('INSERT INTO "raw".orders VALUES (%s, %s)', (number + 10, text))
        orders = AppliesTo(data_sources=frozenset({"raw.orders"}))
        people = AppliesTo(data_sources=frozenset({"raw.people"}), column_regex="secret")
        for thing in (
            SourceDraft("raw", "orders"),
            SourceDraft("raw", "people"),
            SubscriptionPolicy("everyone", AppliesTo(all_data_sources=True), "everyone"),
            RowPolicy("underscores", orders, Where("secret LIKE '%\\\\_%'")),
            MaskingPolicy(
                "digits", AppliesTo(data_sources=orders.data_sources, column_regex="secret"), Regex("\\d+", "<\\>")
            ),
            MaskingPolicy("fixed", people, Constant(AGREED)),
            Purpose("fraud", AGREED),
            Profile(address.username),
        ):
            made.submit(Create(thing))
        yield made


def seen(engine: Engine, governance: Governance, sql: str) -> list[list[object]]:
    address = engine.address()
    assert address is not None
    with connect(address, database=governance.database) as connection, connection.cursor() as cursor:
        cursor.execute(sql)
        return [list(row) for row in cursor.fetchall()]


def test_patterns_in_policies_mean_the_same(engine: Engine, governance: Governance) -> None:
    found = seen(engine, governance, "SELECT id, secret FROM governed.orders ORDER BY id")
    assert found == [[11, "<\\>_<\\>"], [13, "no digits_"], [14, "<\\>_\\"]]


def test_a_text_that_ends_in_a_backslash_ends_there(engine: Engine, governance: Governance) -> None:
    assert seen(engine, governance, "SELECT DISTINCT secret FROM governed.people") == [[AGREED]]


def test_what_is_stored_is_read_back_and_nothing_is_drift(governance: Governance) -> None:
    governance.reload()
    deployed = governance.require()
    assert deployed.world.purposes["fraud"].acknowledgement == AGREED
    assert not set(alterations(deployed))
    for stored in deployed.stored.values():
        thing = SourceDraft("raw", stored.thing.table) if isinstance(stored.thing, DataSource) else stored.thing
        assert not drift_of(deployed, stored, thing)  # type: ignore[arg-type]
    assert {each.status for each in governance.checks() if each.name in ("probes", "binding", "views")} == {"passed"}
