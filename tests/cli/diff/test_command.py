"""`veil diff --offline`, on plans written by hand: what it says, how it ends, and what it
refuses.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cli.diff.plans import masking, people, plan, profile, resource, same, saved, source
from veil.cli.diff.documents import MARK, MOST_CHARACTERS
from veil.cli.main import main


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str

    @property
    def told(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.out)
        return found


Diff = Callable[..., Said]


@pytest.fixture
def diff(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Diff:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")

    def run(told: object, *arguments: str) -> Said:
        code = main(["diff", saved(tmp_path, told), "--offline", *arguments])
        return Said(code, *capsys.readouterr())

    return run


OPENING = plan(*people(), resource("veil_masking_policy.emails", masking("hr"), masking("hr", "contractors")))
CLOSING = plan(*people(), resource("veil_masking_policy.emails", masking("hr", "contractors"), masking("hr")))
MASKING = plan(*people(), resource("veil_masking_policy.emails", masking("hr"), masking("hr", mask="null")))
WEAKENING = plan(
    *people(),
    resource(
        "veil_masking_policy.emails",
        masking("hr"),
        {**masking("hr"), "mask": {"partial": {"keep_first": 2, "keep_last": 0, "replacement": "*"}}},
    ),
)
NOTHING = plan(*people(), same("veil_masking_policy.emails", masking("hr")))
UNKNOWN = plan(*people(), resource("veil_masking_policy.emails", masking("hr"), masking("hr"), {"applies_to": True}))


@pytest.mark.parametrize(
    ("told", "code"), [(OPENING, 3), (CLOSING, 2), (MASKING, 2), (WEAKENING, 2), (UNKNOWN, 4), (NOTHING, 0)]
)
def test_the_exit_code_says_what_becomes_of_access(diff: Diff, told: object, code: int):
    said = diff(told)
    assert (said.code, said.err) == (code, "")


def test_fail_on_ends_in_0_for_whatever_it_does_not_name(diff: Diff):
    asked = [(OPENING, "gap", 0), (OPENING, "gain", 3), (OPENING, "any", 3), (CLOSING, "gain", 0), (UNKNOWN, "gap", 4)]
    for told, name, code in asked:
        assert diff(told, "--fail-on", name).code == code


def test_a_weaker_mask_ends_in_2_where_it_is_named_and_is_no_gain(diff: Diff):
    codes = [diff(WEAKENING, "--fail-on", name).code for name in ("gain", "weaker", "any", "gap")]
    assert codes == [0, 2, 2, 0]


@pytest.mark.parametrize(
    ("form", "word"),
    [
        ("table", "WEAKENS  2 users (without group hr)  governed.customers.email  hash -> partial(2)"),
        ("json", '"verdict": "weakens"'),
        ("markdown", "#### Weaker masks: more can be read"),
        ("sarif", '"ruleId": "weakens"'),
        ("html", '<section class="weakens"><h2>Weaker masks: more can be read</h2>'),
    ],
)
def test_a_weaker_mask_has_a_word_of_its_own_in_every_format(diff: Diff, form: str, word: str):
    assert word in diff(WEAKENING, "--format", form).out


def other_words() -> dict[str, Any]:
    """A plan that says the same of rows in other words."""
    sides = [
        masking("hr", **{"where": text})
        for text in ("@columnReference('email') = 'a'", "'a' = @columnReference('email')")
    ]
    return plan(*people(), resource("veil_masking_policy.emails", *sides))


@pytest.mark.parametrize(
    ("form", "word"),
    [
        ("table", "MAY GAIN 2 users (without group hr)  governed.customers.email  "),
        ("json", '"verdict": "may_gain"'),
        ("markdown", "#### May gain: no row was found that shows it"),
        ("sarif", '"ruleId": "may_gain"'),
        ("html", '<section class="may_gain"><h2>May gain: no row was found that shows it</h2>'),
    ],
)
def test_what_may_be_a_gain_has_a_word_of_its_own_in_every_format_and_ends_as_a_gain(diff: Diff, form: str, word: str):
    said = diff(other_words(), "--format", form, "--fail-on", "gain")
    assert word in said.out
    assert said.code == 3


def test_a_line_says_who_where_what_and_why(diff: Diff):
    assert diff(OPENING).out.splitlines()[:3] == [
        "GAINS    2 users (group contractors)  governed.customers.email  hash -> clear",
        '         because masking policy "emails" now excepts group contractors  [veil_masking_policy.emails]',
        "         decided by emails, then by no policy",
    ]


def test_users_names_everybody(diff: Diff):
    assert "         users: bob, cid" in diff(OPENING, "--users").out.splitlines()


def test_an_unknown_attribute_is_a_gap_and_never_no_change(diff: Diff):
    said = diff(UNKNOWN, "--format", "json")
    assert said.told["gaps"] == [{"subject": "veil_masking_policy.emails", "reason": "applies_to is known after apply"}]
    assert said.told["findings"] == []


def test_a_plan_that_terraform_could_not_finish_is_a_gap(diff: Diff):
    for flaw, word in (({"errored": True}, "error"), ({"complete": False}, "-target")):
        said = diff({**NOTHING, **flaw}, "--format", "json")
        assert said.code == 4
        assert word in said.told["gaps"][0]["reason"]


def test_a_deferred_resource_is_a_gap(diff: Diff):
    deferred = [{"reason": "provider_config_unknown", "resource_change": OPENING["resource_changes"][-1]}]
    said = diff({**NOTHING, "deferred_changes": deferred}, "--format", "json")
    assert [each["subject"] for each in said.told["gaps"]] == ["veil_masking_policy.emails"]


def test_a_subscription_to_a_data_source_of_the_same_plan_finds_it_by_its_reference(diff: Diff):
    subscription = resource(
        "veil_subscription.bob", None, {"user": "bob", "expires_at": None}, {"data_source": True, "id": True}
    )
    new = resource("veil_data_source.new", None, source(table="orders", view_name="orders"), {"id": True})
    del new["change"]["after"]["id"]
    configuration = [
        {
            "address": "veil_subscription.bob",
            "expressions": {"data_source": {"references": ["veil_data_source.new.id", "veil_data_source.new"]}},
        }
    ]
    told = plan(same("veil_user_profile.bob", profile("bob")), new, subscription, configuration=configuration)
    found = diff(told, "--format", "json").told
    assert found["gaps"] == []
    assert [(each["verdict"], each["data_source"]) for each in found["findings"]] == [("gains", "raw.orders")]


@pytest.mark.parametrize(
    ("tables", "found", "gap"),
    [
        (
            ("orders",),
            [("gains", "raw.orders")],
            "what local.it is a plan does not tell: veil_data_source.orders, the only new data source, is compared",
        ),
        (
            ("orders", "other"),
            [],
            "data_source is known after apply, and a plan does not tell what local.it is: name the resource itself, and it is "
            "compared",
        ),
    ],
)
def test_a_data_source_that_comes_out_of_a_local_value_is_a_gap_that_says_what_to_write(
    diff: Diff, tables: tuple[str, ...], found: list[tuple[str, str]], gap: str
):
    made = []
    for table in tables:
        new = resource(f"veil_data_source.{table}", None, source(table=table, view_name=table), {"id": True})
        del new["change"]["after"]["id"]
        made.append(new)
    to_it = {"user": "bob", "expires_at": None}
    bound = resource("veil_subscription.bob", None, to_it, {"data_source": True, "id": True})
    configuration = [{"address": "veil_subscription.bob", "expressions": {"data_source": {"references": ["local.it"]}}}]
    told = plan(same("veil_user_profile.bob", profile("bob")), *made, bound, configuration=configuration)
    said = diff(told, "--format", "json").told
    assert [(each["verdict"], each["data_source"]) for each in said["findings"]] == found
    assert said["gaps"] == [{"subject": "veil_subscription.bob", "reason": gap}]


def planned_with_all_sources(**more: Any) -> dict[str, Any]:
    """Two new data sources of one block, a subscription to each, and a project of all of them."""
    made = []
    for key in ("a", "b"):
        new = resource(f'veil_data_source.all["{key}"]', None, source(table=key, view_name=key), {"id": True})
        to_it = {"user": "bob", "expires_at": None}
        bound = resource(f'veil_subscription.s["{key}"]', None, to_it, {"data_source": True, "id": True})
        for each in (new, bound):
            each["type"] = each["address"].split(".")[0]
            del each["change"]["after"]["id"]
        made += [new, bound]
    configuration = [
        {
            "address": "veil_subscription.s",
            "expressions": {"data_source": {"references": ["veil_data_source.all", "each.key"]}},
            "for_each_expression": {},
        },
        {
            "address": "veil_project.p",
            "expressions": {"data_sources": {"references": ["veil_data_source.all"]}},
        },
    ]
    return plan(same("veil_user_profile.bob", profile("bob")), *made, configuration=configuration, **more)


def test_the_instances_of_a_for_each_find_each_other(diff: Diff):
    found = diff(planned_with_all_sources(), "--format", "json").told
    assert found["gaps"] == []
    assert [(each["verdict"], each["data_source"]) for each in found["findings"]] == [
        ("gains", "raw.a"),
        ("gains", "raw.b"),
    ]


def test_an_expression_over_all_instances_is_compared_with_all_of_them_and_told_as_a_gap(diff: Diff):
    told = planned_with_all_sources()
    values = {"name": "p", "members": ["bob"], "purposes": [], "masked_joins": False, "equalized": False}
    project = resource("veil_project.p", None, {**values, "description": None}, {"data_sources": True, "id": True})
    del project["change"]["after"]["id"]
    told["resource_changes"].append(project)
    found = diff(told, "--format", "json").told
    reason = "which of veil_data_source.all it names is not told by the plan: all are compared"
    assert found["gaps"] == [{"subject": "veil_project.p", "reason": reason}]


def test_a_profile_that_goes_takes_all_access(diff: Diff):
    told = plan(*people()[:-1], resource("veil_user_profile.cid", profile("cid", "contractors"), None))
    (found,) = diff(told, "--format", "json").told["findings"]
    assert (found["verdict"], found["users"]["names"], found["own_change"]) == ("loses", ["cid"], True)


@pytest.mark.parametrize("form", ["table", "markdown", "html", "sarif"])
def test_who_changes_by_a_change_of_their_own_is_told_so_in_every_format(diff: Diff, form: str):
    joining = resource("veil_user_profile.cid", profile("cid", "contractors"), profile("cid", "contractors", "hr"))
    said = diff(plan(*people()[:-1], joining, same("veil_masking_policy.emails", masking("hr"))), "--format", form)
    assert "because by a change of their own: user profile" in said.out


def test_markdown_is_a_comment_that_is_found_again_and_mentions_nobody(diff: Diff):
    told = plan(
        *people(),
        same("veil_user_profile.x", profile("@everyone|<b>")),
        resource("veil_masking_policy.emails", masking(), None),
    )
    out = diff(told, "--format", "markdown").out
    assert out.startswith(MARK + "\n")
    assert "| Who | Where | What |" in out
    assert "<code>governed.<wbr>customers.<wbr>email</code>" in out
    assert "@everyone" not in diff(told, "--format", "markdown", "--users").out
    assert "<b>" not in diff(told, "--format", "html").out


def test_a_long_name_in_a_table_of_markdown_may_be_broken_after_each_part_and_is_no_markup(diff: Diff):
    long = resource("veil_data_source.t", source(table="t", view_name="daily_|*<i>_" + "x" * 60), None)
    out = diff(plan(*people()[1:], long), "--format", "markdown").out
    parts = "<wbr>".join(("x" * 24, "x" * 24, "x" * 12))
    assert rf'<code>governed."<wbr>daily\_<wbr>\|\*&lt;i&gt;\_<wbr>{parts}"</code>' in out


def test_markdown_says_how_much_does_not_fit_into_a_comment(diff: Diff):
    many = [
        resource(f"veil_data_source.t{at}", source(table=f"t{at}", view_name=f"t{at}" * 40), None) for at in range(400)
    ]
    told = plan(*people()[1:], *many)
    out = diff(told, "--format", "markdown").out
    assert len(out) < MOST_CHARACTERS + 500
    assert out.rstrip().endswith("more lines do not fit here. `veil diff` prints them all._")


def test_sarif_points_to_where_the_resource_is_declared(diff: Diff, tmp_path: Path):
    (tmp_path / "policies.tf").write_text('\n\nresource "veil_masking_policy" "emails" {\n}\n')
    (run,) = diff(OPENING, "--format", "sarif").told["runs"]
    (result,) = run["results"]
    assert (result["ruleId"], result["level"]) == ("gains", "warning")
    place = result["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "policies.tf"}, "region": {"startLine": 3}}


def test_sarif_names_a_file_as_a_uri(diff: Diff, tmp_path: Path):
    (tmp_path / "mask #1.tf").write_text('resource "veil_masking_policy" "emails" {\n}\n')
    (run,) = diff(OPENING, "--format", "sarif").told["runs"]
    (place,) = (each["physicalLocation"] for each in run["results"][0]["locations"])
    assert place["artifactLocation"] == {"uri": "mask%20%231.tf"}


def test_a_broken_rule_fails_by_its_name_whatever_is_watched(diff: Diff, tmp_path: Path):
    (tmp_path / "veil.rules.toml").write_text(
        '[[deny]]\nname = "no personal data"\ncolumn_tags = ["pii"]\nunless_group = "privacy"\n'
    )
    said = diff(OPENING, "--fail-on", "gap")
    assert (said.code, said.err) == (1, "veil: The rule 'no personal data' is broken\n")
    (tmp_path / "veil.rules.toml").write_text(
        '[[deny]]\nname = "no personal data"\ncolumn_tags = ["pii"]\nunless_group = "contractors"\n'
    )
    assert diff(OPENING).code == 3


def test_what_is_required_is_asked_of_the_world_after(diff: Diff, tmp_path: Path):
    (tmp_path / "veil.rules.toml").write_text(
        '[[require]]\nname = "masked but for hr"\ncolumn_tags = ["pii"]\nunless_group = "hr"\n'
    )
    assert diff(NOTHING).code == 0
    said = diff(OPENING, "--format", "json")
    assert said.code == 1
    assert said.told["rules"] == [
        {
            "rule": "masked but for hr",
            "users": {"count": 2, "names": ["bob", "cid"]},
            "places": ["governed.customers.email"],
        }
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('[[deny]]\ncolum_tags = ["pii"]', "deny 1: there is no 'colum_tags'. Did you mean column_tags?"),
        ('[[deny]]\ngains = "all"', 'deny 1: gains is "all". It is "clear", "weaker" or "any".'),
        ("[[deny]]\ngains = true", 'deny 1: gains is true. It is "clear", "weaker" or "any".'),
        ("[[deny]]\ngains = 2026-05-17", 'deny 1: gains is 2026-05-17. It is "clear", "weaker" or "any".'),
        ('[[require]]\ncolumn_tags = ["pii"]\nshows = false', 'require 1: shows is false. It is "masked".'),
        ('[[require]]\ncolumn_tags = ["pii"]\nshows = ["a", true]', 'shows is ["a", true]. It is "masked".'),
        ("[[require]]\n", "require 1: column_tags says of which columns it holds, and is missing."),
        ("[deny]\n", "write [[deny]] above each rule."),
        ("[[deny]", "is not TOML"),
    ],
)
def test_a_rule_that_is_misspelt_is_refused(diff: Diff, tmp_path: Path, text: str, found: str):
    (tmp_path / "veil.rules.toml").write_text(text)
    said = diff(OPENING)
    assert (said.code, said.out) == (1, "")
    assert found in said.err


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ([], "is JSON, and not that of a plan"),
        ({"format_version": "1.0", "values": {}}, "is JSON, and not that of a plan"),
        ({"format_version": "2.0", "planned_values": {}}, "has the format version '2.0'"),
    ],
)
def test_what_is_no_plan_is_refused_with_the_way_to_make_one(diff: Diff, told: object, found: str):
    said = diff(told)
    assert (said.code, said.out) == (1, "")
    assert found in said.err


def test_a_plan_with_several_integrations_asks_which_one(diff: Diff):
    second = {**NOTHING["resource_changes"][0]["change"]["after"], "name": "second", "id": "other/1"}
    told = plan(*people(), resource("veil_integration.second", second, second))
    assert "Say which is meant with --integration." in diff(told).err
    assert diff(told, "--integration", "main").code == 0
