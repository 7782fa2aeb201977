"""A plan over what a warehouse holds: what of it opens or shows more that no attribute of the plan
tells.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.cli.diff.plans import INTEGRATION, masking, people, plan, resource, same, saved, source
from veil.cli.diff.command import compared, deployment_of, functions_not_known
from veil.cli.diff.plan_file import read_plan
from veil.cli.diff.planned import Deployment, Planned, planned_alone, planned_over
from veil.cli.diff.report import GAINED, Report, exit_code
from veil.cli.errors import CliError
from veil.compiler import COMPILER_VERSION, compile_view
from veil.diff import Verdict
from veil.errors import VeilError
from veil.governance import DeployedState, Governance, StoredObject
from veil.model import (
    AppliesTo,
    Closing,
    Column,
    ColumnType,
    DataSource,
    Exceptions,
    Family,
    Function,
    Hash,
    Integration,
    Kind,
    MaskingPolicy,
    Profile,
    Put,
    SubscriptionPolicy,
    World,
    key_of,
    kind_of,
)
from veil.model.change import apply
from veil.resources.people.user_file import digest as digest_of_users
from veil.resources.people.user_file import read_users
from veil.warehouse import SCHEMA_VERSION, ClosedRow, Layout, PublishedRow, Snapshot, digest

NOW = datetime(2026, 5, 17, 12, 30, tzinfo=UTC)
TEXT = ColumnType(Family.VARCHAR, 50)
CUSTOMERS = DataSource(
    "raw",
    "customers",
    "governed",
    "customers",
    (Column("id", TEXT), Column("email", TEXT, frozenset({"pii.email"}))),
)
EVERYWHERE = AppliesTo(all_data_sources=True)
EMAILS = MaskingPolicy(
    "emails", AppliesTo(column_tags=frozenset({"pii"})), Hash(), exceptions=Exceptions(groups=frozenset({"hr"}))
)
DEPLOYED = (
    CUSTOMERS,
    SubscriptionPolicy("open", EVERYWHERE, "everyone"),
    Profile("ann", frozenset({"hr"})),
    Profile("bob", frozenset({"contractors"})),
    Profile("cid", frozenset({"contractors"})),
)
IDS = {
    (Kind.DATA_SOURCE, "veil_data_source.customers"): CUSTOMERS.key,
    (Kind.SUBSCRIPTION_POLICY, "veil_subscription_policy.open"): "open",
    (Kind.MASKING_POLICY, "veil_masking_policy.emails"): "emails",
}
POLICY = "veil_masking_policy.emails"
DRIFTED = {"drift": ["it was altered"]}


def world(*things: Any) -> World:
    return apply(World(Integration("main", "analytics", "governed")), *(Put(each) for each in (*DEPLOYED, *things)))


def with_table(found: World, *added: str, **more: Any) -> Deployment:
    """What is deployed, over a table that got columns since."""
    table = [*((each.name, each.type) for each in CUSTOMERS.columns), *((name, TEXT) for name in added)]
    return Deployment(found, "analytics/1", IDS, lambda *_: table, lambda _: (), **more)


class Diff:
    """What a plan makes of what is deployed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def planned(self, deployed: Deployment, told: Mapping[str, Any]) -> Planned:
        return planned_over(read_plan(saved(self._folder, told)), deployed)

    def found(self, deployed: Deployment, told: Mapping[str, Any]) -> list[tuple[str, str | None, tuple[str, ...]]]:
        findings = compared(self.planned(deployed, told), NOW).findings
        return [(each.verdict.value, each.column, tuple(each.users)) for each in findings]


@pytest.fixture
def diff(tmp_path: Path) -> Diff:
    return Diff(tmp_path)


def altering(before: Mapping[str, Any], after: Mapping[str, Any] = INTEGRATION) -> dict[str, Any]:
    """A plan that changes the integration alone."""
    told = plan(*people())
    told["resource_changes"][0] = resource("veil_integration.main", before, after)
    return told


EVERYBODY = ("ann", "bob", "cid")
OPENS = [("gains", None, EVERYBODY)]


def closing(owner: str, kind: str = "masking_policy", name: str = "emails") -> Closing:
    return Closing("c1", owner, kind, name, "It failed.", sources=frozenset({CUSTOMERS.key}))


def test_what_an_integration_closes_opens_when_it_is_put_right(diff: Diff):
    deployed = with_table(world(closing("analytics/1", "integration", "main")))
    assert diff.found(deployed, altering({**INTEGRATION, **DRIFTED})) == OPENS
    assert diff.found(deployed, altering(INTEGRATION)) == []


def test_a_policy_that_is_made_ends_what_an_earlier_create_of_it_closes(diff: Diff):
    told = plan(*people(), resource(POLICY, None, masking("hr")))
    left_over = with_table(world(closing("a token that nothing came of")))
    assert diff.found(left_over, told) == OPENS
    another = with_table(world(closing("a token that nothing came of", name="another")))
    assert diff.found(another, told) == []


def test_a_closing_of_the_same_name_whose_policy_is_there_stays(diff: Diff):
    deployed = with_table(world(replace(EMAILS, name="old"), closing("old's token")))
    deployed = replace(deployed, ids={**IDS, (Kind.MASKING_POLICY, "old's token"): "old"})
    assert diff.found(deployed, plan(*people(), resource(POLICY, None, masking("hr")))) == []


EXPOSING = source(new_columns="expose")


def test_a_data_source_that_is_put_exposes_the_columns_that_its_table_got(diff: Diff):
    deployed = with_table(world(replace(CUSTOMERS, new_columns="expose")), "dna")
    drifted = resource("veil_data_source.customers", {**EXPOSING, **DRIFTED}, EXPOSING)
    assert diff.found(deployed, plan(drifted, *people()[1:])) == [("gains", "dna", EVERYBODY)]


@pytest.mark.parametrize(("new_columns", "verdict"), [("expose", "gains"), ("null", "changes"), ("hide", None)])
def test_a_policy_that_publishes_a_source_anew_brings_the_columns_that_its_table_got(
    diff: Diff, new_columns: str, verdict: str | None
):
    deployed = with_table(world(replace(CUSTOMERS, new_columns=new_columns), EMAILS), "dna")
    unchanged = same("veil_data_source.customers", source(new_columns=new_columns))
    told = plan(unchanged, *people()[1:], resource(POLICY, masking("hr"), masking("hr", mask="null")))
    found = [each for each in diff.found(deployed, told) if each[1] == "dna"]
    assert found == ([] if verdict is None else [(verdict, "dna", EVERYBODY)])


def test_a_policy_that_publishes_nothing_anew_brings_no_column(diff: Diff):
    deployed = with_table(world(replace(CUSTOMERS, new_columns="expose"), EMAILS), "dna")
    elsewhere = masking("hr", name="elsewhere", applies_to=masking()["applies_to"] | {"column_tags": ["other"]})
    told = plan(same("veil_data_source.customers", EXPOSING), *people()[1:], resource(POLICY, None, elsewhere))
    assert diff.found(deployed, told) == []


def test_a_table_that_cannot_be_asked_is_a_gap(diff: Diff):
    def refused(*_: str) -> Any:
        raise VeilError("Not allowed", "Nobody may look.")

    deployed = replace(with_table(world(replace(CUSTOMERS, new_columns="expose"), EMAILS)), table_of=refused)
    unchanged = same("veil_data_source.customers", EXPOSING)
    told = plan(unchanged, *people()[1:], resource(POLICY, masking("hr"), masking("hr", mask="null")))
    assert [each.reason for each in diff.planned(deployed, told).gaps] == ["Not allowed. Nobody may look"]


def test_offline_new_columns_that_would_come_are_a_gap(tmp_path: Path):
    changed = resource(POLICY, masking("hr"), masking("hr", mask="null"))
    gaps = {}
    for new_columns in ("expose", "hide"):
        unchanged = same("veil_data_source.customers", source(new_columns=new_columns))
        told = saved(tmp_path, plan(unchanged, *people()[1:], changed))
        gaps[new_columns] = [(each.subject, each.reason) for each in planned_alone(read_plan(told)).gaps]
    assert gaps["hide"] == []
    ((subject, reason),) = gaps["expose"]
    assert subject == "data source raw.customers"
    assert reason.startswith('new_columns = "expose" decides about columns that the table got since')


REPAIRING = resource(POLICY, {**masking("hr"), **DRIFTED}, masking("hr"))


def test_who_sees_rows_again_once_an_altered_row_is_put_right_gains(diff: Diff):
    broken = frozenset({(Kind.MASKING_POLICY, "emails")})
    deployed = with_table(world(), broken=broken)
    planned = diff.planned(deployed, plan(*people(), REPAIRING))
    comparison = compared(planned, NOW)
    first, *others = comparison.findings
    assert (first.verdict.value, first.before, tuple(first.users)) == ("gains", "closed", EVERYBODY)
    assert first.because.reasons == (
        'masking policy "emails" was altered outside veil, and all that is published until the apply puts that right shows no rows',
    )
    assert [(each.verdict.value, each.column) for each in others] == [("loses", "email")]
    assert exit_code(Report(comparison), frozenset()) == GAINED


def test_nobody_gains_while_an_altered_row_stays_as_it_is(diff: Diff):
    broken = frozenset({(Kind.MASKING_POLICY, "emails"), (Kind.ROW_POLICY, "own")})
    assert [each[0] for each in diff.found(with_table(world(), broken=broken), plan(*people(), REPAIRING))] == ["loses"]


def test_a_stray_row_that_closes_a_source_goes_when_the_source_is_repaired(diff: Diff):
    strays = [ClosedRow(CUSTOMERS.key, "row_policy", "own", "stray")]
    deployed = with_table(world(), closed_rows=strays)
    drifted = resource("veil_data_source.customers", {**source(), **DRIFTED}, source())
    assert diff.found(deployed, plan(drifted, *people()[1:])) == OPENS
    wider = plan(*people(), resource("veil_user_profile.dan", None, {"user": "dan", "groups": [], "attributes": {}}))
    assert diff.found(deployed, wider) == []


def test_a_row_too_many_of_a_closing_of_ours_goes_with_any_change(diff: Diff):
    mine = replace(closing("another's token", name="own"), sources=frozenset())
    deployed = with_table(world(mine), closed_rows=[ClosedRow(CUSTOMERS.key, "masking_policy", "own", "c1")])
    wider = plan(*people(), resource("veil_user_profile.dan", None, {"user": "dan", "groups": [], "attributes": {}}))
    assert diff.found(deployed, wider) == [*OPENS, ("gains", None, ("dan",))]
    assert diff.found(deployed, plan(*people())) == []


def deployed_state(found: World, compiled: str = "") -> DeployedState:
    things: Iterable[Any] = (*found.data_sources.values(), *found.masking_policies.values())
    stored = {(kind_of(each), key_of(each)): StoredObject(kind_of(each), key_of(each), "1", each) for each in things}
    record = PublishedRow("governed", "customers", "", digest(compiled), COMPILER_VERSION)
    closed = frozenset({ClosedRow(CUSTOMERS.key, "row_policy", "own", "stray")})
    snapshot = Snapshot(1, "", SCHEMA_VERSION, "0", "veil", published={CUSTOMERS.key: record}, closed=closed)
    return DeployedState(Layout("immuta", "governed", owner="veil"), snapshot, stored, found)


def test_a_view_that_may_come_to_call_a_function_is_a_gap():
    calling = world(replace(EMAILS, mask=Function("sec.encrypt")))
    (gap,) = functions_not_known(deployed_state(calling), [CUSTOMERS.key])
    assert gap.subject == "data source raw.customers" and "sec.encrypt" in gap.reason
    as_published = deployed_state(calling, compile_view(calling, CUSTOMERS))
    assert list(functions_not_known(as_published, [CUSTOMERS.key])) == []
    assert list(functions_not_known(deployed_state(calling), [])) == []
    assert list(functions_not_known(deployed_state(world(EMAILS)), [CUSTOMERS.key])) == []


def test_what_closes_and_what_is_broken_is_taken_from_the_warehouse():
    state = deployed_state(world())
    altered = StoredObject(Kind.MASKING_POLICY, "emails", "2", None)
    found = deployment_of(replace(state, stored={(Kind.MASKING_POLICY, "emails"): altered}), None)  # type: ignore[arg-type]
    assert found.broken == {(Kind.MASKING_POLICY, "emails")}
    assert list(found.closed_rows) == [ClosedRow(CUSTOMERS.key, "row_policy", "own", "stray")]


@pytest.mark.parametrize("values", [{"name": 7}, {"database": None}, {"baseline": {}}])
def test_an_integration_of_another_version_is_told_so(tmp_path: Path, values: dict[str, Any]):
    told = plan(*people())
    told["resource_changes"][0] = resource("veil_integration.main", {**INTEGRATION, **values}, INTEGRATION)
    with pytest.raises(CliError, match="A plan of another version"):
        planned_alone(read_plan(saved(tmp_path, told)))


def test_rows_are_counted_by_the_account_that_may_read_them_alone(monkeypatch: pytest.MonkeyPatch):
    governance = Governance("analytics", lambda: pytest.fail("nothing is asked"))
    state = deployed_state(world())
    for account, refused in (("veil", False), ("veil_planner", True)):
        known = replace(state, snapshot=replace(state.snapshot, account=account))
        monkeypatch.setattr(governance, "deployed", lambda known=known: known)
        if not refused:
            governance.require_reading_rows()
            continue
        with pytest.raises(VeilError, match=r"reads no governed table\. Sign in as the system account, veil"):
            governance.require_reading_rows()


def of_file(path: Path, users: str) -> dict[str, Any]:
    """The attributes of many profiles from a file, which says this now."""
    path.write_text(users)
    read = read_users(str(path)).values()
    return {
        "users": None,
        "file": str(path),
        "columns": None,
        "file_hash": digest_of_users(read),
        "user_count": len(read),
    }


@pytest.mark.parametrize("renamed", [False, True])
def test_offline_a_user_file_that_changes_is_a_gap_and_makes_nobody_new(tmp_path: Path, renamed: bool):
    before = of_file(tmp_path / "old.csv", "user,groups\nann,hr\n")
    after = of_file(tmp_path / ("new.csv" if renamed else "old.csv"), "user,groups\nann,hr\nbob,contractors\n")
    (tmp_path / "old.csv").unlink(missing_ok=True) if renamed else None
    told = plan(
        *people()[:2],
        resource("veil_user_profiles.all", before, after),
        resource("veil_masking_policy.emails", masking("hr"), masking("hr", "contractors")),
    )
    planned = planned_alone(read_plan(saved(tmp_path, told)))
    assert planned.before.profiles == planned.after.profiles
    assert sorted(planned.before.profiles) == ["ann", "bob"]
    (gap,) = planned.gaps
    assert gap.subject == "veil_user_profiles.all"
    assert "who gains and who loses by another file is not known offline" in gap.reason
    (gained,) = compared(planned, datetime.now(UTC)).findings
    assert (gained.verdict, list(gained.users)) == (Verdict.GAINS, ["bob"])


def test_offline_a_user_file_that_takes_the_place_of_users_in_the_configuration_is_compared_with_them(tmp_path: Path):
    before = {
        "users": {"ann": {"groups": ["hr"], "attributes": {}, "expires": None}},
        "file": None,
        "columns": None,
        "file_hash": None,
        "user_count": 1,
    }
    after = of_file(tmp_path / "users.csv", "user,groups\nann,hr\nbob,hr\n")
    told = plan(*people()[:2], resource("veil_user_profiles.all", before, after))
    planned = planned_alone(read_plan(saved(tmp_path, told)))
    assert planned.gaps == []
    assert (sorted(planned.before.profiles), sorted(planned.after.profiles)) == (["ann"], ["ann", "bob"])
