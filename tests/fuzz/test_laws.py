"""Laws of the interpreter on random worlds; no engine needed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.drawing import pick, shrinking
from tests.fuzz.monotone import positive, removals, shown, with_policy, without_waiting
from tests.fuzz.policies import masking_policy, row_policy, subscription_policy
from tests.fuzz.pools import USERS
from tests.fuzz.rows import lookups_of, rows_of
from tests.fuzz.stage import salts_of
from tests.fuzz.worlds import Case, cases
from veil.model import Closing, MaskingPolicy, Put, RowPolicy, Runtime, SubscriptionPolicy, World
from veil.model.change import apply
from veil.oracle import effective, see
from veil.oracle.sight import SeenRow

NOW = datetime(2026, 5, 17, 12, 30, tzinfo=UTC)
quick = settings(
    max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


@st.composite
def restrictions(draw: Callable[..., Any]) -> MaskingPolicy | RowPolicy | SubscriptionPolicy:
    """A policy of a new name that can only take away."""
    numbers = shrinking(draw)
    kind: Callable[..., Any] = pick(numbers, (masking_policy, row_policy, subscription_policy))
    found: MaskingPolicy | RowPolicy | SubscriptionPolicy = kind(numbers, "0 new")
    return replace(found, mode="guardrail") if isinstance(found, SubscriptionPolicy) else found


@quick
@given(cases(NOW, most_sources=2), restrictions())
def test_one_more_mask_row_policy_or_guardrail_shows_nobody_more(
    case: Case, policy: MaskingPolicy | RowPolicy | SubscriptionPolicy
) -> None:
    before = replace(case, world=without_waiting(case.world))
    after = replace(before, world=with_policy(before.world, policy))
    assert shown(after, NOW) <= shown(before, NOW)


@quick
@given(cases(NOW, most_sources=2), st.data())
def test_one_grant_group_or_attribute_less_shows_nobody_more(case: Case, data: st.DataObject) -> None:
    before = replace(case, world=positive(case.world))
    poorer = list(removals(before.world))
    if poorer:
        after = replace(before, world=data.draw(st.sampled_from(poorer)))
        assert shown(after, NOW) <= shown(before, NOW)


@quick
@given(cases(NOW, most_sources=2), st.data())
def test_a_failed_policy_closes_its_data_sources_and_no_others(case: Case, data: st.DataObject) -> None:
    keys = data.draw(st.frozensets(st.sampled_from(sorted(case.world.data_sources))))
    failed = Closing("new", "owner", "row_policy", "failed", sources=keys)
    after = replace(case, world=apply(case.world, Put(failed)))
    assert shown(after, NOW) == {each for each in shown(case, NOW) if each[1] not in keys}


@quick
@given(cases(NOW, most_sources=2))
def test_members_of_an_equalized_project_see_the_same_and_none_more_than_alone(case: Case) -> None:
    for project in case.world.projects.values():
        runtimes = {
            user: replace(case.world.runtimes.get(user, Runtime(user)), current_project=project.name) for user in USERS
        }
        alone = replace(case.world, runtimes=runtimes, projects={project.name: replace(project, equalized=False)})
        together = replace(alone, projects={project.name: replace(project, equalized=True)})
        members = sorted(project.members & case.world.profiles.keys())
        for key in project.data_sources:
            seen = [_seen(case, together, member, key) for member in members]
            assert all(each == seen[0] for each in seen)
            for member in sorted(project.members) if seen else ():
                assert _clear(seen[0]) <= _clear(_seen(case, alone, member, key))


def _seen(case: Case, world: World, user: str, key: str) -> tuple[SeenRow, ...]:
    source = world.data_sources[key]
    rows, lookups = rows_of(source, case.seed, NOW), lookups_of(case.seed, NOW)
    return see(world, user, key, rows, now=NOW, salts=salts_of(world), lookups=lookups).rows


def _clear(rows: tuple[SeenRow, ...]) -> set[tuple[int, str | None]]:
    """Which rows show, and which cells in the clear."""
    shows: set[tuple[int, str | None]] = {(row.index, None) for row in rows}
    clear = {(row.index, name) for row in rows for name, each in row.decisions.items() if each.outcome == "clear"}
    return shows | clear


@quick
@given(cases(NOW, most_sources=3))
def test_effective_access_agrees_with_every_row(case: Case) -> None:
    for key, source in case.world.data_sources.items():
        rows, lookups = rows_of(source, case.seed, NOW), lookups_of(case.seed, NOW)
        for user in USERS:
            seen = see(case.world, user, key, rows, now=NOW, salts=salts_of(case.world), lookups=lookups).rows
            access = effective(case.world, user, key, now=NOW)
            assert not seen or (access.admitted and access.rows != "none")
            for name, column in access.columns.items():
                outcomes = {row.decisions[name].outcome for row in seen}
                assert outcomes <= {"masked": {"masked"}, "clear": {"clear"}}.get(column.state, {"masked", "clear"})
