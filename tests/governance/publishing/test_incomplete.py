"""An integration that lacks something of its own: what needs it is refused, and warned of in a plan
that does not plan the integration too, with what to do.
"""

from contextlib import closing
from dataclasses import replace
from functools import partial

import pytest

from veil.governance.errors import GovernanceError
from veil.governance.requests import Create, Draft, SourceDraft, Update
from veil.governance.service import Governance
from veil.model import AppliesTo, RowPolicy, Where
from veil.policy import Finding
from veil.warehouse import connect

SOURCE = SourceDraft("raw", "people")
NEEDING = RowPolicy("others", AppliesTo(all_data_sources=True), Where("NOT @attributeValuesContains('no', secret)"))
NEEDED = [
    *[("view", f"immuta_system.{name}") for name in ("possible_entry", "user_entry")],
    *[("table", f"immuta_system.{name}") for name in ("salt", "closed", "published")],
    *[("procedure", f"immuta_procedures.{name}") for name in ("upsert_objects", "record_published")],
]
"""What publishing a data source, or this policy, does not do without."""


def lose(governance: Governance, kind: str, name: str) -> None:
    arguments = "(VARCHAR)" if kind == "procedure" else " CASCADE"
    governance.look(lambda session: session.execute(f"DROP {kind} {name}{arguments}"))
    governance.reload()


def planned(governance: Governance, *drafts: Draft) -> list[Finding]:
    """What a plan of these warns of, in a process that has written nothing."""
    with closing(Governance(governance.database, partial(connect, governance.connect()))) as planner:
        findings = [each for draft in drafts for each in planner.plan_put(draft)]
    return [each for each in findings if each.code == "integration-incomplete"]


@pytest.mark.parametrize(("kind", "name"), NEEDED)
def test_what_needs_a_missing_part_says_to_apply_the_integration_first(
    governance: Governance, kind: str, name: str
) -> None:
    lose(governance, kind, name)
    (warning,) = planned(governance, SOURCE, replace(SOURCE, table="orders"))
    assert f"the {kind} {name}" in warning.detail
    assert "Apply its veil_integration first" in warning.detail
    with pytest.raises(GovernanceError) as refusal:
        governance.submit(Create(SOURCE))
        governance.submit(Create(NEEDING))
    assert refusal.value.summary == "Part of the integration is missing"
    assert f"the {kind} {name}" in refusal.value.detail
    assert "Apply its veil_integration first" in refusal.value.detail
    repair(governance)
    if SOURCE.table not in {each.table for each in governance.require().world.data_sources.values()}:
        governance.submit(Create(SOURCE))
    governance.submit(Create(NEEDING))


@pytest.mark.parametrize(
    ("kind", "name"), [("view", "immuta_system.user_profile"), ("table", "immuta_system.own_view")]
)
def test_a_missing_part_that_a_change_does_not_need_keeps_nobody_from_it(
    governance: Governance, kind: str, name: str
) -> None:
    lose(governance, kind, name)
    (warning,) = planned(governance, SOURCE)
    assert f"the {kind} {name}" in warning.detail
    governance.submit(Create(SOURCE))
    governance.submit(Create(NEEDING))


def repair(governance: Governance) -> None:
    integration = governance.require().integration
    assert integration is not None and integration.thing is not None
    governance.submit(Update(integration.id, integration.thing))  # type: ignore[arg-type]
    governance.reload()


def test_a_plan_of_the_integration_warns_of_nothing_that_it_repairs(governance: Governance) -> None:
    lose(governance, "view", "immuta_system.possible_entry")
    assert planned(governance, governance.require().world.integration, SOURCE) == []


def test_a_complete_integration_is_told_nothing_of(governance: Governance) -> None:
    assert planned(governance, SOURCE) == []


def test_what_is_missing_of_others_is_told_as_before(governance: Governance) -> None:
    with pytest.raises(GovernanceError) as refusal:
        governance.submit(Create(SourceDraft("raw", "nobody")))
    assert "integration" not in refusal.value.summary
