"""An analyst's own view over a governed one, on the engine, which freezes it as Redshift does."""

from typing import Any

from tests.engine import connect
from veil.governance.checks.health import HEALTHY, health_of
from veil.governance.checks.validation import Check
from veil.governance.requests import Create, SourceDraft
from veil.governance.service import Governance
from veil.local import Engine
from veil.model import AppliesTo, DataSource, MaskingPolicy, Null, Profile, SubscriptionPolicy

EVERYWHERE = AppliesTo(all_data_sources=True)


def check(governance: Governance) -> Check:
    governance.reload()
    (found,) = [each for each in governance.checks() if each.name == "dependent_views"]
    return found


def test_it_keeps_clear_what_is_masked_later_and_is_told_of_until_it_is_gone(engine: Engine, governance: Governance):
    address = engine.address()
    assert address is not None
    with connect(address, database=governance.database) as connection, connection.cursor() as cursor:

        def ask(sql: str) -> list[list[Any]]:
            cursor.execute(sql)
            return [list(row) for row in cursor.fetchall()]

        source = governance.submit(Create(SourceDraft("raw", "people")))
        assert source is not None and isinstance(source.thing, DataSource)
        governance.submit(Create(SubscriptionPolicy("everyone", EVERYWHERE, "everyone")))
        governance.submit(Create(Profile(address.username)))
        cursor.execute("CREATE SCHEMA analytics")
        cursor.execute("CREATE VIEW analytics.late AS SELECT * FROM governed.people WITH NO SCHEMA BINDING")
        assert check(governance).status == "passed", "a late-binding view follows"
        cursor.execute("CREATE VIEW analytics.mine AS SELECT * FROM analytics.late")
        mask = MaskingPolicy("hidden", AppliesTo(all_columns=True), Null())
        governance.submit(Create(mask))
        assert ask("SELECT secret FROM governed.people") == [[None]]
        assert ask("SELECT secret FROM analytics.late") == [[None]]
        assert ask("SELECT secret FROM analytics.mine") == [["people secret"]], "what Redshift documents"

        told = (
            f"The view analytics.mine of {address.username} is bound to governed.people and keeps what its policies were when "
            "analytics.mine was made. Drop it, or make it WITH NO SCHEMA BINDING."
        )
        found = check(governance)
        assert (found.status, found.message) == ("warning", told)
        assert found.advice == ('DROP VIEW "analytics"."mine"',)
        assert told in health_of(governance.require(), source.thing)
        access = governance.access("nobody", source.thing, None)
        assert not access.enforced and told in access.problems and not access.masked("secret")

        cursor.execute("DROP VIEW analytics.mine")
        assert check(governance).status == "passed"
        assert health_of(governance.require(), source.thing) == HEALTHY
        access = governance.access("nobody", source.thing, None)
        assert access.enforced, access.problems
