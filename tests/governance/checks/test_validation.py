"""What the checks are called, and that the guide tells of each."""

from dataclasses import replace
from pathlib import Path

import pytest

from veil.governance.checks.probes import PROBES, Failure
from veil.governance.checks.validation import Check, CheckInputs, status_of, validate
from veil.governance.metadata.deployed import DeployedState
from veil.model import Impersonation, Integration, World
from veil.warehouse import SEES_GRANTS, SEES_OBJECTS, Account, Layout, Rights, Snapshot

GUIDE = (Path(__file__).parents[3] / "docs" / "guides" / "operations.md").read_text()
ELSEWHERE = Integration("main", "analytics", "governed", mode="multi_database", source_database="raw_db")
DEPLOYED = DeployedState(
    Layout("immuta", "governed", owner="veil"),
    Snapshot(0, "", 1, "0", "veil", base=Rights(unread="It does not let veil in.")),
    {},
    World(ELSEWHERE),
)
ACCOUNT = Account("veil", False, True)


@pytest.mark.parametrize("name", [each.name for each in validate(DEPLOYED, CheckInputs(ACCOUNT))])
def test_the_guide_tells_of_every_check(name: str):
    assert f"\n| `{name}` | " in GUIDE


@pytest.mark.parametrize("probe", PROBES, ids=lambda each: each.name)
def test_the_guide_tells_of_every_probe_and_its_consequence(probe):
    assert f"\n| {probe.name} | {probe.consequence} |\n" in GUIDE


def test_a_failed_probe_fails_the_integration_with_the_warehouse_s_words():
    checks = {
        each.name: each
        for each in validate(DEPLOYED, CheckInputs(ACCOUNT, failed_probes={PROBES[0].name: "No such function."}))
    }
    assert checks["probes"].status == "failed"
    assert "No such function. Views fail for everybody" in checks["probes"].message
    assert status_of(checks.values()) == "recurringValidationError"


@pytest.mark.parametrize("name", ["probes", "binding"])
def test_a_plan_repeats_what_the_last_apply_found_of_what_it_does_not_try(name: str):
    untried = CheckInputs(ACCOUNT, failed_probes=None)
    found = Check(name, "failed", "No such function.")
    assert found in validate(DEPLOYED, untried, [found])
    (imported,) = (each for each in validate(DEPLOYED, untried) if each.name == name)
    assert imported.status == "warning" and "what the last apply found is not known" in imported.message
    assert imported.advice[0] == "Run `veil doctor`, which tries it now."
    assert imported.advice[1].startswith("Change something of the integration, such as force_destroy, and apply it")


def test_a_plan_tells_of_bound_views_by_what_the_integration_remembers():
    world = World(replace(ELSEWHERE, unresolved=frozenset({"len"})))
    checks = validate(replace(DEPLOYED, world=world), CheckInputs(ACCOUNT, failed_probes=None))
    (binding,) = (each for each in checks if each.name == "binding")
    assert (binding.status, "do not find len under pg_catalog" in binding.message) == ("warning", True)


def test_a_failed_probe_says_which_change_has_an_apply_try_it_again():
    failing = CheckInputs(ACCOUNT, failed_probes={PROBES[0].name: "No such function."})
    (probes,) = (each for each in validate(DEPLOYED, failing) if each.name == "probes")
    assert "Change something of the integration, such as force_destroy, and apply it" in probes.advice[-1]


def test_who_cannot_try_which_functions_views_find_does_not_say_that_they_are_found():
    (binding,) = (each for each in validate(DEPLOYED, CheckInputs(ACCOUNT)) if each.name == "binding")
    assert (binding.status, "is not known here" in binding.message) == ("passed", True)


def test_views_that_do_not_answer_fail_the_integration_at_each_plan():
    failing = CheckInputs(ACCOUNT, failed_probes=None, failing_views=Failure("42883", "No such function."))
    checks = validate(DEPLOYED, failing, [Check("views", "passed", "They answer.")])
    (views,) = (each for each in checks if each.name == "views")
    assert (views.status, "No such function." in views.message) == ("failed", True)
    assert status_of(checks) == "recurringValidationError"


def test_an_account_that_does_not_see_the_grants_of_others_fails_with_the_statements_that_let_it():
    rights = validate(DEPLOYED, CheckInputs(ACCOUNT))[0]
    assert rights.status == "failed"
    assert rights.advice == (
        'CREATE ROLE "veil_catalog"',
        'GRANT ACCESS SYSTEM TABLE TO ROLE "veil_catalog"',
        'GRANT ACCESS CATALOG TO ROLE "veil_catalog"',
        'GRANT ROLE "veil_catalog" TO "veil"',
    )


@pytest.mark.parametrize(
    ("permissions", "status", "told"),
    [
        (set(), "warning", "Who can read the profiles of users is not known."),
        ({SEES_GRANTS}, "warning", "Who can read the profiles of users is not known."),
        ({SEES_GRANTS, "the probe"}, "passed", "Nobody else reads the profiles of users."),
    ],
)
def test_nobody_is_said_to_read_profiles_where_grants_are_hidden(permissions: set[str], status: str, told: str):
    seen = "the probe" in permissions
    found = CheckInputs(replace(ACCOUNT, permissions=frozenset(permissions), sees_relations=seen))
    (profile,) = (each for each in validate(DEPLOYED, found) if each.name == "profile")
    assert (profile.status, profile.message) == (status, told)


def test_an_account_that_does_not_see_the_probe_is_told_what_to_do_and_planners_never_to_read_query_texts():
    account = replace(ACCOUNT, permissions=frozenset({SEES_GRANTS, SEES_OBJECTS}))
    rights = validate(DEPLOYED, CheckInputs(account))[0]
    assert rights.status == "failed"
    assert rights.advice[:2] == (
        'CREATE ROLE "veil_probe"',
        'GRANT SELECT ON TABLE "immuta_system"."writer" TO ROLE "veil_probe"',
    )
    assert 'ALTER USER "veil" SYSLOG ACCESS UNRESTRICTED' in rights.advice[2]
    planner = validate(DEPLOYED, CheckInputs(replace(account, name="planner")))[0]
    assert planner.status == "failed"
    assert not any("SYSLOG" in step for step in planner.advice)


def test_a_superuser_is_a_warning():
    rights = validate(DEPLOYED, CheckInputs(Account("awsuser", True, True)))[0]
    assert (rights.name, rights.status) == ("rights", "warning")
    assert "which veil does not need" in rights.message


def test_who_is_in_the_impersonation_group_and_may_act_as_nobody_is_named():
    layout = replace(DEPLOYED.layout, impersonation_group="actors", read_only_role="planners")
    snapshot = DEPLOYED.snapshot
    world = replace(DEPLOYED.world, impersonations={"bob": Impersonation("bob", frozenset({"alice"}))})
    found = CheckInputs(ACCOUNT, planners=frozenset({"reader", "deputy"}))

    def members(who: frozenset[str]) -> Check:
        seen = replace(DEPLOYED, layout=layout, snapshot=replace(snapshot, impersonators=who), world=world)
        (check,) = (each for each in validate(seen, found) if each.name == "members")
        return check

    strange = members(frozenset({"bob", "mallory"}))
    assert (strange.status, strange.advice) == ("warning", ('ALTER GROUP "actors" DROP USER "mallory"',))
    assert strange.message == "mallory is in the group actors, though no veil_impersonation says whom they may act as"
    layout = replace(layout, impersonation_group=None)  # As while the integration's row is altered, and its mark too.
    assert members(frozenset({"bob", "mallory"})).status == "passed"
    well = members(frozenset({"bob"}))
    assert well.status == "passed"
    assert well.message.endswith("In the role planners, which reads profiles, are: deputy, reader.")


def test_members_of_a_group_that_is_not_known_are_nothing_to_tell_of():
    members = replace(DEPLOYED, snapshot=replace(DEPLOYED.snapshot, impersonators=frozenset({"bob"})))
    (found,) = (each for each in validate(members, CheckInputs(ACCOUNT)) if each.name == "members")
    assert found.status == "passed"


@pytest.mark.parametrize("permissions", [frozenset(), frozenset({SEES_GRANTS, SEES_OBJECTS})])
def test_an_account_with_the_longest_name_is_told_which_role_it_lacks(permissions: frozenset[str]):
    name = "k" * 127
    deployed = replace(DEPLOYED, layout=replace(DEPLOYED.layout, owner=name))
    checks = validate(deployed, CheckInputs(Account(name, False, True, permissions)))
    (rights,) = (each for each in checks if each.name == "rights")
    assert rights.status == "failed"
    made = [each.removeprefix("CREATE ROLE ") for each in rights.advice if each.startswith("CREATE ROLE")]
    assert made and all(len(each.strip('"')) <= 127 for each in made)
