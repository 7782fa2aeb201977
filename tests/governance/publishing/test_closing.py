"""A policy that fails closes the data sources that it would have covered: what closes, what opens,
and what neither does.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.engine import connect
from tests.governance.publishing.test_isolation import submitted
from veil.governance.closing import closing, words_of
from veil.governance.drift import drift_of
from veil.governance.errors import CancelledError, GovernanceError
from veil.governance.metadata.deployed import DeployedState
from veil.governance.requests import Create, DeclaredColumn, Delete, SourceDraft, Update
from veil.governance.service import Governance
from veil.local import Engine
from veil.model import AppliesTo, Function, Kind, MaskingPolicy, Null, Profile, RowPolicy, SubscriptionPolicy, Where
from veil.model.closings import EVERYWHERE
from veil.warehouse import Settings
from veil.warehouse import connect as connect_session

USER, PASSWORD = f"closing_{os.getpid()}", "Analyst1pass"
PII = AppliesTo(column_tags=frozenset({"pii"}))
MISSING = "id IN (SELECT id FROM raw.missing)"
"""A condition that is refused in the transaction: its lookup is not there."""
PATIENCE = 2
"""Seconds that a statement may wait for a lock. What is to succeed beside it has them too, and takes
a tenth of that on a busy machine.
"""


def source(table: str, tag: str = "pii", **more: Any) -> SourceDraft:
    return SourceDraft("raw", table, columns={"secret": DeclaredColumn(frozenset({tag}))}, **more)


def mask(name: str = "m", where: str | None = None, scope: AppliesTo = PII) -> MaskingPolicy:
    return MaskingPolicy(name, scope, Null(), where=where)


class Place:
    """An integration with a grant for everybody, and what a user of it sees."""

    def __init__(self, governance: Governance, engine: Engine) -> None:
        self.governance, self.engine = governance, engine
        everyone = SubscriptionPolicy("all", AppliesTo(all_data_sources=True), "everyone")
        for each in (everyone, Profile(USER)):
            governance.submit(Create(each))

    def run(self, *statements: str, user: str | None = None) -> list[tuple[Any, ...]]:
        address = self.engine.address()
        password = PASSWORD if user else None
        with connect(address, user, password, self.governance.database) as there, there.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            return [tuple(row) for row in cursor.fetchall()] if cursor.description else []

    def sees(self, table: str) -> list[Any]:
        return [row[0] for row in self.run(f"SELECT secret FROM governed.{table}", user=USER)]

    def shows_bare(self, table: str, column: str) -> bool:
        """Whether the view has the column as it stands in the table."""
        ((text,),) = self.run(f"SELECT pg_get_viewdef('governed.{table}'::regclass)")
        return f't."{column}" AS "{column}"' in str(text)

    def closed(self) -> set[tuple[str, str]]:
        """The data sources and the names of the policies that close them, as the warehouse holds
        it.
        """
        return set(self.run("SELECT source, name FROM immuta_system.closed"))

    def make(self, draft: Any, owner: str | None = None) -> str:
        stored = self.governance.submit(Create(draft, owner))
        assert stored is not None
        return stored.id

    def fail(self, request: Create | Update) -> BaseException:
        """Submit what is to be refused."""
        with pytest.raises(Exception) as caught:
            self.governance.submit(request)
        return caught.value

    def another(self, **settings: Any) -> Governance:
        """What another process knows and does."""
        address = self.engine.address()
        assert address is not None
        there = Settings(
            address.host, self.governance.database, address.username, address.password, port=address.port, ssl=False
        )
        return Governance(self.governance.database, lambda: connect_session(replace(there, **settings)))

    def fresh(self) -> DeployedState:
        """What the warehouse holds, as another process reads it."""
        other = self.another()
        try:
            return other.require()
        finally:
            other.close()


@pytest.fixture(scope="module", autouse=True)
def analyst(engine: Engine) -> None:
    with connect(engine.address()) as admin, admin.cursor() as cursor:
        cursor.execute(f"CREATE USER {USER} PASSWORD '{PASSWORD}'")


@pytest.fixture
def place(governance: Governance, engine: Engine) -> Place:
    return Place(governance, engine)


@pytest.fixture(scope="module")
def shared(new_governance: Callable[[], Governance], engine: Engine) -> Place:
    """For tests that leave nothing behind."""
    return Place(new_governance(), engine)


@pytest.fixture
def clean(shared: Place) -> Iterator[Place]:
    yield shared
    deployed = shared.governance.require()
    for each in list(deployed.stored.values()):
        if each.kind in (Kind.DATA_SOURCE, Kind.MASKING_POLICY, Kind.ROW_POLICY):
            shared.governance.submit(Delete(each.kind, each.key, each.id))
    for each in list(shared.governance.require().world.closings.values()):
        shared.governance.submit(Delete(Kind.MASKING_POLICY, None, each.owner))
    assert shared.closed() == set()


def test_on_a_closed_data_source_no_column_stands_bare(clean: Place):
    clean.make(RowPolicy("rows", PII, Where("@isInGroups('none')")))
    clean.make(source("people", filter_columns=frozenset({"id", "secret"})))
    assert clean.shows_bare("people", "id") and clean.shows_bare("people", "secret")
    clean.fail(Create(mask(where=MISSING), "owner"))
    assert not clean.shows_bare("people", "id") and not clean.shows_bare("people", "secret")
    clean.make(mask(), "owner")
    assert clean.shows_bare("people", "id") and not clean.shows_bare("people", "secret")


def test_a_failure_closes_what_it_would_have_covered_and_success_opens_it(clean: Place):
    clean.make(source("people"))
    clean.make(source("orders", "money"))
    problem = clean.fail(Create(mask(where=MISSING), "owner"))
    assert isinstance(problem, GovernanceError) and problem.summary == "No such lookup table"
    assert (clean.sees("people"), clean.sees("orders")) == ([], ["orders secret"])
    assert clean.closed() == {("raw.people", "m")}
    # Another change of the data source opens nothing, whatever tags it leaves.
    stored = clean.fresh().stored[Kind.DATA_SOURCE, "raw.people"]
    clean.governance.submit(Update(stored.id, source("people", "plain", description="as ever")))
    assert clean.sees("people") == []
    clean.governance.submit(Update(stored.id, source("people")))
    clean.make(mask())
    assert (clean.sees("people"), clean.closed()) == ([None], set())


def test_others_of_the_group_go_on_and_nothing_that_is_published_after_it_shows(clean: Place):
    outcomes = submitted(
        clean.governance,
        [Create(mask(where=MISSING), "owner"), Create(source("people")), Create(source("orders", "money"))],
    )
    assert [isinstance(each, BaseException) for each in outcomes] == [True, False, False]
    assert (clean.sees("people"), clean.sees("orders")) == ([], ["orders secret"])
    # A process that read before the failure publishes by what is there now.
    other = clean.another()
    other.require()
    clean.fail(Create(RowPolicy("r", AppliesTo(data_source_tags=frozenset({"late"})), Where(MISSING)), "other owner"))
    other.submit(Create(source("visits", "plain", tags=frozenset({"late.born"}))))
    other.close()
    assert clean.sees("visits") == []
    assert clean.closed() == {("raw.people", "m"), ("raw.visits", "r")}


def test_a_failed_update_closes_until_its_owner_succeeds_or_goes(clean: Place):
    clean.make(source("people"))
    mine, other = clean.make(mask()), clean.make(mask("other", scope=AppliesTo(column_tags=frozenset({"x"}))))
    for _ in range(2):
        clean.fail(Update(mine, mask(where=MISSING)))
        (held,) = clean.fresh().world.closings.values()
        assert (held.owner, held.sources) == (mine, {"raw.people"})
    deployed = clean.fresh()
    (line,) = drift_of(deployed, deployed.by_id[Kind.MASKING_POLICY, mine], mask())
    assert line.startswith("its last change failed (No such lookup table. ") and "raw.people show no rows" in line
    # The success of somebody else says nothing, under the same name neither.
    clean.governance.submit(Update(other, mask("other")))
    assert clean.sees("people") == []
    clean.governance.submit(Update(mine, mask()))
    assert clean.sees("people") == [None]
    clean.fail(Update(mine, mask(where=MISSING)))
    clean.governance.submit(Delete(Kind.MASKING_POLICY, "m", "somebody else"))
    assert clean.sees("people") == []
    clean.governance.submit(Delete(Kind.MASKING_POLICY, "m", mine))
    clean.governance.submit(Delete(Kind.MASKING_POLICY, "other", other))
    assert clean.sees("people") == ["people secret"]


def test_what_is_replaced_stays_closed_until_the_new_one_is_there(clean: Place):
    clean.make(source("people"))
    failed = clean.fail(Create(mask(where=MISSING), "owner"))
    assert failed and clean.sees("people") == []
    clean.governance.submit(Delete(Kind.MASKING_POLICY, None, "owner", replaced_by="renamed"))
    assert clean.sees("people") == []
    made = clean.make(mask("renamed"))
    assert clean.sees("people") == [None]
    # One that is in force leaves no gap either.
    clean.governance.submit(Delete(Kind.MASKING_POLICY, "renamed", made, replaced_by="again"))
    assert clean.sees("people") == [] and clean.closed() == {("raw.people", "again")}
    clean.make(mask("again"))
    assert clean.sees("people") == [None]


def test_a_failed_create_may_be_made_up_for_by_an_update(clean: Place):
    clean.make(source("people"))
    clean.fail(Create(mask(where=MISSING), "owner"))
    stored = clean.governance.submit(Update("owner", mask()))
    assert stored is not None and (stored.id, clean.sees("people")) == ("owner", [None])


def test_a_data_source_opens_by_its_own_update_for_this_one_failure(clean: Place):
    owner = clean.make(source("people"))
    clean.make(source("orders"))
    clean.fail(Create(mask(where=MISSING), "owner"))
    (failure,) = clean.fresh().world.closings
    opened = source("people", reopen=frozenset({failure, "of another time"}))
    clean.governance.submit(Update(owner, opened))
    assert (clean.sees("people"), clean.sees("orders")) == (["people secret"], [])
    clean.governance.submit(Update(owner, replace(opened, description="still open")))
    assert clean.sees("people") == ["people secret"]
    # What is no longer said no longer counts, and a later failure is another one.
    clean.governance.submit(Update(owner, source("people")))
    assert clean.sees("people") == []
    clean.governance.submit(Update(owner, opened))
    assert clean.sees("people") == ["people secret"]
    clean.fail(Create(mask(where=MISSING), "owner"))
    assert clean.sees("people") == []


def test_a_policy_whose_place_cannot_be_told_closes_everything(clean: Place):
    clean.make(source("people"))
    wanted = closing("owner", Kind.ROW_POLICY, "r\0", "It failed.\nReally.", (EVERYWHERE, frozenset()))
    assert clean.governance.close_sources(wanted).sources == {"raw.people"}
    clean.make(source("orders", "money"))
    assert (clean.sees("people"), clean.sees("orders")) == ([], [])
    assert clean.closed() == {("raw.people", "r\\x00"), ("raw.orders", "r\\x00")}
    (held,) = clean.fresh().world.closings.values()
    assert held.reason == "It failed. Really."


def test_whoever_reads_a_view_does_not_keep_it_open(clean: Place):
    clean.make(source("people"))
    made = clean.make(mask("m", "id = 0"))
    impatient = clean.another(statement_timeout=PATIENCE)
    address = clean.engine.address()
    with connect(address, USER, PASSWORD, clean.governance.database) as reader, reader.cursor() as cursor:
        reader.autocommit = False
        cursor.execute("SELECT secret FROM governed.people")
        assert [row[0] for row in cursor.fetchall()] == ["people secret"]
        with pytest.raises(GovernanceError, match="Waited too long for a lock"):
            impatient.submit(Update(made, mask("m")))
        assert clean.sees("people") == []
        cursor.execute("SELECT COUNT(*) FROM governed.people")
        assert cursor.fetchall() == ([0],)
        reader.rollback()
    impatient.submit(Update(made, mask("m")))
    impatient.close()
    assert clean.sees("people") == [None]


def test_a_function_that_was_replaced_meanwhile_does_not_keep_it_open_either(clean: Place):
    function = "FUNCTION own_code.f(VARCHAR) RETURNS VARCHAR IMMUTABLE AS $$ SELECT {} || $1 $$ LANGUAGE sql"
    clean.run("CREATE SCHEMA own_code", "CREATE " + function.format("'a '"))
    clean.make(source("people"))
    calling = MaskingPolicy("m", PII, Function("own_code.f"))
    made = clean.make(calling)
    assert clean.sees("people") == ["a people secret"]
    impatient = clean.another(statement_timeout=PATIENCE)
    impatient.require()
    clean.run("CREATE OR REPLACE " + function.format("'b '"))
    address = clean.engine.address()
    with connect(address, USER, PASSWORD, clean.governance.database) as reader, reader.cursor() as cursor:
        reader.autocommit = False
        cursor.execute("SELECT secret FROM governed.people")
        with pytest.raises(GovernanceError, match="Waited too long for a lock"):
            impatient.submit(Update(made, replace(calling, mask=Null())))
        assert clean.sees("people") == []
        reader.rollback()
    impatient.submit(Update(made, replace(calling, mask=Null())))
    impatient.close()
    clean.run("DROP SCHEMA own_code CASCADE")
    assert clean.sees("people") == [None]


def test_that_it_could_not_be_closed_is_told_and_soon(clean: Place):
    clean.make(source("people"))
    impatient = clean.another(statement_timeout=PATIENCE)
    impatient.require()
    address = clean.engine.address()
    with connect(address, database=clean.governance.database) as blocking, blocking.cursor() as cursor:
        blocking.autocommit = False
        cursor.execute("LOCK TABLE immuta_system.writer")
        for owner in ("first", "second"):
            with pytest.raises(GovernanceError, match="Waited too long for a lock"):
                impatient.submit(Create(mask(), owner))
            sent = impatient._state.session().statements
            with pytest.raises(GovernanceError, match="Waited too long for a lock"):
                impatient.close_sources(closing(owner, Kind.MASKING_POLICY, "m", "", (PII, frozenset())))
            assert impatient._state.session().statements == sent
        blocking.rollback()
    impatient.close()
    assert clean.closed() == set()


def test_what_could_not_be_closed_is_closed_before_anything_else_is_written(clean: Place):
    clean.make(source("people"))
    impatient = clean.another(statement_timeout=PATIENCE)
    impatient.require()
    address = clean.engine.address()
    with connect(address, database=clean.governance.database) as blocking, blocking.cursor() as cursor:
        blocking.autocommit = False
        cursor.execute("LOCK TABLE immuta_system.writer")
        for owner in ("first", "second"):
            with pytest.raises(GovernanceError, match="Waited too long for a lock"):
                impatient.submit(Create(mask(owner), owner))
        with pytest.raises(GovernanceError, match=r'Held back.*the masking policy "first" of the same apply'):
            impatient.submit(Create(source("orders")))
        blocking.rollback()
    impatient.submit(Create(source("visits")))
    assert (clean.sees("people"), clean.sees("visits")) == ([], [])
    assert clean.closed() == {(table, owner) for table in ("raw.people", "raw.visits") for owner in ("first", "second")}
    impatient.close()


def test_what_could_not_be_closed_stays_open_once_its_policy_is_made(clean: Place):
    clean.make(source("people"))
    impatient = clean.another(statement_timeout=PATIENCE)
    impatient.require()
    address = clean.engine.address()
    with connect(address, database=clean.governance.database) as blocking, blocking.cursor() as cursor:
        blocking.autocommit = False
        cursor.execute("LOCK TABLE immuta_system.writer")
        with pytest.raises(GovernanceError, match="Waited too long for a lock"):
            impatient.submit(Create(mask(), "owner"))
        blocking.rollback()
    impatient.submit(Create(mask(), "another"))
    impatient.submit(Create(source("visits")))
    impatient.close()
    assert (clean.sees("people"), clean.sees("visits"), clean.closed()) == ([None], [None], set())


def test_a_view_that_does_not_look_for_closings_is_made_anew(clean: Place):
    clean.make(source("people"))
    clean.run(
        'CREATE OR REPLACE VIEW governed.people AS SELECT p.id, p.secret FROM "raw".people AS p WITH NO SCHEMA BINDING',
        "UPDATE immuta_system.published SET compiler_version = 3",
    )
    assert clean.sees("people") == ["people secret"]
    other = clean.another()
    with pytest.raises(GovernanceError):
        other.submit(Create(mask(where=MISSING), "owner"))
    other.close()
    assert clean.sees("people") == []


def test_rows_that_were_tampered_with_are_found_and_put_right(place: Place):
    owner = place.make(source("people"))
    place.fail(Create(mask(where=MISSING), "owner"))
    place.run(
        "DELETE FROM immuta_system.closed",
        "INSERT INTO immuta_system.closed VALUES ('raw.people', 'row_policy', 'forged', 'x', GETDATE())",
    )
    deployed = place.fresh()
    assert drift_of(deployed, deployed.by_id[Kind.DATA_SOURCE, owner], source("people")) == {
        "the row that closes it for the masking policy m was removed",
        "a row that closes it for the row policy forged was added: the repair opens it",
    }
    # Any write puts back what closes; what opens waits for the data source's own update, whose plan
    # has said so.
    other = place.another()
    other.submit(Create(Profile("somebody")))
    assert place.closed() == {("raw.people", "m"), ("raw.people", "forged")}
    other.submit(Update(owner, source("people")))
    assert place.closed() == {("raw.people", "m")}
    place.run("UPDATE immuta_system.object SET body = '{}' WHERE kind = 'closing'")
    other.reload()
    other.submit(Create(source("visits", "plain")))
    assert place.closed() == {("raw.people", "m"), ("raw.visits", "m")}
    (held,) = place.fresh().world.closings.values()
    assert (held.owner, "altered outside veil" in held.reason) == ("owner", True)
    other.submit(Delete(Kind.MASKING_POLICY, None, "owner"))
    other.close()
    assert place.sees("people") == ["people secret"] and place.closed() == set()


def test_a_bug_closes_like_a_refusal(clean: Place, monkeypatch: pytest.MonkeyPatch):
    from veil.governance.publishing import write_group

    clean.make(source("people"))
    real = write_group.make_views

    def failing(session: Any, deployed: DeployedState, published: Any, *rest: Any) -> Any:
        if published.views:
            raise ZeroDivisionError
        return real(session, deployed, published, *rest)

    monkeypatch.setattr(write_group, "make_views", failing)
    assert isinstance(clean.fail(Create(mask(), "owner")), ZeroDivisionError)
    assert clean.sees("people") == []
    (held,) = clean.fresh().world.closings.values()
    assert held.reason == "An internal error of veil, which the failed apply tells of."


@pytest.mark.parametrize("staged", [True, False])
def test_a_policy_that_covers_nothing_closes_nothing(clean: Place, staged: bool):
    clean.make(source("people"))
    policy = (
        replace(mask(where=MISSING), staged=staged)
        if staged
        else mask(where=MISSING, scope=AppliesTo(column_tags=frozenset({"elsewhere"})))
    )
    clean.fail(Create(policy, "owner"))
    assert clean.sees("people") == ["people secret"]
    assert [each.sources for each in clean.fresh().world.closings.values()] == ([] if staged else [frozenset()])


def test_an_integration_is_destroyed_whatever_is_closed(place: Place):
    owner = place.make(source("people"))
    place.fail(Create(mask(where=MISSING), "owner"))
    place.governance.submit(Delete(Kind.DATA_SOURCE, "raw.people", owner))
    (held,) = place.fresh().world.closings.values()
    assert (held.sources, place.closed()) == (frozenset(), set())
    for each in list(place.governance.require().stored.values()):
        if each.kind not in (Kind.INTEGRATION, Kind.CLOSING):
            place.governance.submit(Delete(each.kind, each.key, each.id))
    integration = place.governance.require().integration
    assert integration is not None
    place.governance.uninstall(integration.id, force=False)
    assert place.governance.deployed() is None


class Killed(BaseException):
    """The process is no more: nothing catches this."""


def dying(governance: Governance, statement: int) -> None:
    """Have the governance's process die before this statement of its next transaction, counted from
    one.
    """
    session = governance._state.session()
    execute, sent = session.execute, 0

    def executing(sql: str) -> None:
        nonlocal sent
        sent += 1
        if sent >= statement:
            raise Killed
        execute(sql)

    session.execute = executing  # type: ignore[method-assign]


def test_a_process_that_dies_while_it_closes_has_closed_or_has_not(clean: Place):
    clean.make(source("people"))
    mine = clean.make(mask())
    deaths = 0
    for statement in range(2, 60, 4):
        doomed = clean.another()
        doomed.require()
        dying(doomed, statement)
        try:
            doomed.submit(Update(mine, mask(where=MISSING)))
        except Killed:
            deaths += 1
        except GovernanceError:
            break
        finally:
            doomed.close()
        # What failed left nothing, and what died before it had closed is as it was. Its error is
        # recorded once it has.
        if clean.closed():
            break
        assert clean.sees("people") == [None]
    assert deaths > 1
    assert (clean.sees("people"), clean.closed()) == ([], {("raw.people", "m")})
    assert clean.fresh().world.masking_policies == {"m": mask()}
    clean.governance.reload()
    clean.governance.submit(Update(mine, mask()))
    assert (clean.sees("people"), clean.closed()) == ([None], set())


def test_what_is_stopped_before_it_is_sent_closes_all_the_same(clean: Place):
    clean.make(source("people"))
    stopped = clean.another()
    stopped.require()
    stopped.stop()
    with pytest.raises(CancelledError) as caught:
        stopped.submit(Create(mask(), "owner"))
    wanted = closing("owner", Kind.MASKING_POLICY, "m", words_of(caught.value), (PII, frozenset()))
    assert stopped.close_sources(wanted).sources == {"raw.people"}
    stopped.close()
    assert (clean.sees("people"), clean.closed()) == ([], {("raw.people", "m")})
    clean.governance.reload()
    clean.make(mask(), "owner")
    assert clean.sees("people") == [None]


def test_a_policy_that_is_renamed_goes_on_closing_until_it_succeeds_under_whatever_name(clean: Place):
    clean.make(source("people"))
    nowhere = AppliesTo(column_tags=frozenset({"x"}))
    mine, other = clean.make(mask()), clean.make(mask("other", scope=nowhere))
    clean.fail(Update(mine, mask(where=MISSING)))
    clean.fail(Update(mine, mask("second", where=MISSING)))
    assert clean.closed() == {("raw.people", "second")}
    # Who takes the name that the policy was to get opens nothing, nor does the end of another one
    # that failed under its own.
    clean.governance.submit(Update(other, mask("second", scope=nowhere)))
    clean.fail(Create(mask(scope=nowhere), "another"))
    clean.governance.submit(Delete(Kind.MASKING_POLICY, None, "another"))
    assert clean.sees("people") == []
    # Two change their names, in one group and with a failure between them.
    first, _ = submitted(
        clean.governance, [Update(mine, mask("second", where=MISSING)), Update(other, mask("m", scope=nowhere))]
    )
    assert isinstance(first, GovernanceError)
    assert clean.sees("people") == []
    done = submitted(clean.governance, [Update(mine, mask("second")), Update(other, mask("m", scope=nowhere))])
    assert not any(isinstance(each, BaseException) for each in done), done
    assert (clean.sees("people"), clean.closed()) == ([None], set())
    assert clean.fresh().world.masking_policies == {"second": mask("second"), "m": mask("m", scope=nowhere)}
