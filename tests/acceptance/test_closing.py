"""A policy that fails in an apply closes the data sources that it would have covered, until that is
put right.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.acceptance.conftest import Database, header
from tests.acceptance.exporting import export
from tests.acceptance.terraform import Run, Workspace
from tests.acceptance.watching import Watcher
from veil.cli import doctor, explain
from veil.local import Engine
from veil.plugin.testing import reattached
from veil.resources.masking_policy import MaskingPolicy
from veil.resources.policy import PolicyResource
from veil.resources.provider import Veil

PEOPLE = """
resource "veil_subscription_policy" "everyone" {
  integration = veil_integration.main.id
  name        = "everyone"
  applies_to  = { all_data_sources = true }
  access      = "everyone"
}
resource "veil_user_profile" "alice" {
  integration = veil_integration.main.id
  user        = "alice"
}
"""
TABLES = {"customers": 'ssn = { tags = ["pii"] }', "orders": 'total = { tags = ["money"] }'}
SSN = "SELECT ssn FROM governed.customers WHERE id <= 2 ORDER BY id"
TOTAL = "SELECT COUNT(*) FROM governed.orders"
CLEAR, MASKED, CLOSED = [("111-11-1111",), ("222-22-2222",)], [(None,), (None,)], []


def source(table: str, more: str = "") -> str:
    return f"""
resource "veil_data_source" "{table}" {{
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "{table}"
  columns     = {{ {TABLES[table]} }}
  {more}
}}
"""


def late(**values: str) -> str:
    """Values that are known only once another resource has been applied."""
    return f'resource "terraform_data" "late" {{\n  input = {json.dumps(values)}\n}}\n'


def mask(more: str, place: str = 'column_tags = ["pii"]', name: str = "ssn") -> str:
    return f"""
resource "veil_masking_policy" "ssn" {{
  integration = veil_integration.main.id
  name        = "{name}"
  applies_to  = {{ {place} }}
  mask        = {{ null = {{}} }}
  {more}
}}
"""


LATE = "where = terraform_data.late.output.where"
BROKEN, SOUND = late(where="id ="), late(where="id > 0")


def flat(run: Run) -> str:
    return " ".join(run.text.split())


@dataclass(frozen=True)
class Place:
    """A database, and a workspace whose provider runs in this process."""

    database: Database
    workspace: Workspace

    def write(self, *blocks: str) -> None:
        self.workspace.write(header(self.database) + PEOPLE + "".join(blocks))

    def apply(self, *blocks: str) -> Run:
        self.write(*blocks)
        return self.workspace.apply()

    def refused(self, *blocks: str) -> str:
        done = self.apply(*blocks)
        assert done.code == 1, done.text
        return flat(done)

    def applied(self, *blocks: str) -> str:
        done = self.apply(*blocks)
        assert done, done.text
        return flat(done)

    def done(self, *blocks: str) -> str:
        """An apply that succeeds, after which nothing is left to do."""
        done = self.apply(*blocks)
        assert done, done.text
        planned = self.workspace.plan()
        assert planned.code == 0, planned.text
        return flat(done)

    def sees(self, sql: str = SSN) -> list[tuple[object, ...]]:
        return self.database.query(sql, "alice")

    @property
    def closed(self) -> set[tuple[object, ...]]:
        return set(self.database.query("SELECT source, kind, name FROM immuta_system.closed"))

    def state(self, address: str) -> dict[str, object]:
        return self.workspace.state(address)


@pytest.fixture(scope="module")
def place(
    new_database: Callable[[], Database], tmp_path_factory: pytest.TempPathFactory, cli_config: Path, engine: Engine
) -> Iterator[Place]:
    """The tests are the chapters of one story."""
    with pytest.MonkeyPatch.context() as patch, reattached(Veil()) as reattach:
        patch.setenv("VEIL_LOCAL_DIR", str(engine.directory))
        folder = tmp_path_factory.mktemp("closing")
        yield Place(new_database(), Workspace(folder, cli_config, {"TF_REATTACH_PROVIDERS": reattach}))


def test_a_missing_counterpart_is_found_before_anything_is_made(place: Place):
    place.write(source("customers"), mask("for_everyone_who = \"@isInGroups('hr')\""))
    for run in (place.workspace.validate(), place.workspace.plan()):
        assert run.code == 1
        assert "for_everyone_who and otherwise go together: give both or neither." in flat(run)
        assert "for_everyone_who = " in run.text


def test_an_expression_that_turns_out_wrong_closes_what_it_was_to_hide(place: Place):
    done = place.refused(source("customers"), source("orders"), BROKEN, mask(LATE))
    assert "Error: Invalid value for where" in done and "where = terraform_data.late.output.where" in done
    assert 'Data sources closed until the masking policy "ssn" is applied' in done
    # Terraform does not order the two: the data source may come before the failure or after it.
    assert "raw.customers. Correct the policy" in done or "Such as are made later will show no rows. Correct" in done
    assert (place.sees(), place.sees(TOTAL)) == (CLOSED, [(2,)])
    assert place.closed == {("raw.customers", "masking_policy", "ssn")}


def test_all_that_look_tell_why(place: Place, capsys: pytest.CaptureFixture[str], tmp_path: Path):
    where = ["--engine", "local", "--database", place.database.name]
    access = """
data "veil_effective_access" "alice" {
  integration = veil_integration.main.id
  user        = "alice"
  data_source = veil_data_source.customers.id
}
output "access" {
  value = data.veil_effective_access.alice
}
"""
    place.write(source("customers"), source("orders"), BROKEN, mask(LATE), access)
    refreshed = place.workspace.apply("-refresh-only")
    assert refreshed, refreshed.text
    told = 'the masking policy "ssn", which would have covered it, could not be applied (Invalid value for where.'
    state = place.state("veil_data_source.customers")
    assert told in str(state["health"])
    assert list(state["closed_by"].values()) == [
        'masking policy "ssn": Invalid value for where. Something is missing after ='
    ]
    answer = json.loads(place.workspace.run("output", "-json", "access").text)
    assert (answer["enforced"], answer["rows"], answer["columns"]["ssn"]["masked"]) == (True, "none", True)
    assert any('masking policy "ssn" would have covered' in each for each in answer["reasons"])

    assert doctor.main([*where, "--json"]) == 1
    (check,) = [each for each in json.loads(capsys.readouterr().out) if each["name"] == "closed"]
    assert check["status"] == "failed" and "raw.customers show no rows" in check["message"] and check["advice"]
    assert explain.main([*where, "--user", "alice", "--table", "raw.customers", "--row", "ssn=1"]) == 0
    said = capsys.readouterr().out
    assert 'Closed to everybody: masking policy "ssn" would have covered the source' in said and "hidden" in said
    assert export(place.database, Workspace(tmp_path / "export", tmp_path, {})) == 0
    said = capsys.readouterr().out
    assert "Closed: raw.customers: It is closed and shows no rows" in said and 'masking policy "ssn"' in said


def test_it_stays_closed_while_the_policy_fails_and_opens_with_it(place: Place):
    everything = source("customers"), source("orders")
    analyst = Watcher(place.database, "alice", {"ssn": SSN}, pause=0.01)
    with analyst.watching():
        told = place.refused(*everything, BROKEN, mask(LATE))
        assert "Closed to everybody: raw.customers" in told
        place.refused(*everything, BROKEN, mask(LATE, name="other"))
        done = place.done(*everything, SOUND, mask(LATE, name="other"))
        analyst.wait_for_rounds()
    assert "Data sources closed" not in done
    assert (analyst.seen["ssn"], place.closed) == (set(MASKED), set())


def test_an_update_that_fails_is_made_up_for_even_by_going_back(place: Place):
    everything = source("customers"), source("orders")
    place.refused(*everything, BROKEN, mask(LATE, name="other"))
    assert place.sees() == CLOSED
    # As before the change, which Terraform alone would take for nothing to do.
    place.write(*everything, SOUND, mask(LATE, name="other"))
    place.workspace.run("apply", "-no-color", "-auto-approve", "-target=terraform_data.late")
    planned = place.workspace.plan()
    assert planned.code == 2, planned.text
    assert "Left undone by an apply that failed" in planned.text and "raw.customers show no rows" in flat(planned)
    place.done(*everything, SOUND, mask(LATE, name="other"))
    assert place.sees() == MASKED


def test_one_of_several_fails_and_covers_what_is_made_after_it(place: Place):
    several = """
resource "veil_masking_policy" "each" {
  for_each    = { pii = "id > 0", money = terraform_data.late.output.where }
  integration = veil_integration.main.id
  name        = each.key
  applies_to  = { column_tags = [each.key] }
  mask        = { null = {} }
  where       = each.value
}
"""
    place.applied(source("customers"))
    after = source("orders", "depends_on = [terraform_data.late]\n  description = terraform_data.late.output.text")
    done = place.refused(source("customers"), after, late(where="id =", text="late"), several)
    assert done.count("Error: ") == 1
    assert (place.sees(), place.sees(TOTAL)) == (MASKED, [(0,)])
    assert place.closed == {("raw.orders", "masking_policy", "money")}
    # Out of the configuration: destroyed, and so nothing is closed any more.
    told = place.applied(source("customers"), source("orders"))
    assert 'Destroying the masking policy "money" opens data sources again' in told
    assert (place.sees(), place.sees(TOTAL)) == (CLEAR, [(2,)])


def test_where_it_applies_may_be_what_is_wrong(place: Place):
    everything = source("customers"), source("orders")
    place.refused(*everything, late(regex="("), mask("", "column_regex = terraform_data.late.output.regex"))
    assert (place.sees(), place.sees(TOTAL)) == (CLOSED, [(0,)])
    (failure,) = place.database.query("SELECT DISTINCT id FROM immuta_system.closed")
    broken = late(regex="("), mask("", "column_regex = terraform_data.late.output.regex")

    # The state is lost, and with it who could put it right: the data source opens by its own
    # update, which says so.
    place.workspace.run("state", "rm", "veil_masking_policy.ssn")
    place.write(source("customers", f'reopen = ["{failure[0]}"]'), source("orders"))
    planned = place.workspace.plan()
    assert planned.code == 2 and "The apply opens raw.customers again" in planned.text, planned.text
    assert "Closed to everybody: raw.orders" in planned.text
    place.applied(source("customers", f'reopen = ["{failure[0]}"]'), source("orders", 'description = "another"'))
    assert (place.sees(), place.sees(TOTAL)) == (CLEAR, [(0,)])
    place.refused(source("customers", f'reopen = ["{failure[0]}"]'), source("orders"), *broken)
    assert (place.sees(), place.sees(TOTAL)) == (CLOSED, [(0,)])
    place.done(*everything)
    assert (place.sees(), place.sees(TOTAL), place.closed) == (CLEAR, [(2,)], set())


NULLS = {
    "a constant": ('mask = { constant = { value = terraform_data.late.output.no == "" ? null : "x" } }', ""),
    "an exception": (
        'mask = { null = {} }\n  exceptions = { groups = [terraform_data.late.output.no == "" ? null : "hr"] }',
        "",
    ),
    "a regular expression": ('mask = { regex = { pattern = terraform_data.late.output.no, replacement = "" } }', "("),
}
THIRD = """
resource "terraform_data" "second" {
  input = terraform_data.late.output
}
resource "terraform_data" "third" {
  input = terraform_data.second.output
}
"""


@pytest.mark.parametrize("wrong", NULLS)
def test_what_a_policy_must_not_hold_is_no_error_of_a_data_source_that_is_made_after_it(place: Place, wrong: str):
    """One at a time, so that the policy fails before the data source is planned."""
    place.applied(source("orders"))
    body, value = NULLS[wrong]
    policy = mask("").replace("mask        = { null = {} }", body)
    later = source("customers", "depends_on = [terraform_data.third]")
    place.write(source("orders"), later, late(no=value), THIRD, policy)
    done = place.workspace.apply("-parallelism=1")
    assert done.code == 1 and "Internal error" not in done.text, done.text
    assert 'masking policy "ssn" is applied' in flat(done)
    assert (place.sees(), place.sees(TOTAL)) == (CLOSED, [(2,)])
    place.done(source("orders"), source("customers"))
    assert place.sees() == CLEAR


NULL_PLACE = 'all_columns = true, data_sources = [terraform_data.late.output.no == "" ? null : "raw.customers"]'


def test_a_null_among_the_places_closes_and_opens_again(place: Place):
    everything = source("customers"), source("orders")
    place.applied(*everything)
    for before in ((), (mask(""),)):
        place.done(*everything, *before)
        done = place.refused(*everything, late(no=""), mask("", NULL_PLACE))
        assert "Internal error" not in done and "An element of applies_to.data_sources is null." in done, done
        assert place.sees() == CLOSED
        place.done(*everything)
        assert (place.sees(), place.sees(TOTAL)) == (CLEAR, [(2,)])


REJECTED = {
    "a row policy without a place": (
        """
resource "veil_row_policy" "rows" {
  integration = veil_integration.main.id
  name        = "rows"
  show        = { value_in = { column_tag = "money", values = ["10.00"] } }
  otherwise   = terraform_data.late.output.no ? null : { never = true }
}
""",
        late(no="false"),
    ),
    "a guardrail": (
        """
resource "veil_subscription_policy" "rows" {
  integration = veil_integration.main.id
  name        = "rows"
  mode        = "guardrail"
  applies_to  = { column_tags = ["money"] }
  access      = terraform_data.late.output.no ? "everyone" : "conditions"
}
""",
        late(no="false"),
    ),
    "a column that is not there": (
        mask("where = terraform_data.late.output.no", 'column_tags = ["money"]'),
        late(no="teritory = 'US'"),
    ),
    "a name": (
        mask("", 'column_tags = ["money"]').replace('"ssn"\n', "terraform_data.late.output.no\n"),
        late(no="a "),
    ),
}


@pytest.mark.parametrize("blocks", REJECTED.values(), ids=REJECTED.keys())
def test_policies_of_every_kind_close_wherever_they_fail(place: Place, blocks: Sequence[str]):
    place.refused(source("customers"), source("orders"), *blocks)
    assert (place.sees(), place.sees(TOTAL)) == (CLEAR, [(0,)])


def test_a_bug_closes_too(place: Place, monkeypatch: pytest.MonkeyPatch):
    everything = source("customers"), source("orders")
    place.applied(*everything)
    with monkeypatch.context() as patch:
        patch.setattr(PolicyResource, "create", lambda *_: 1 / 0)
        done = place.refused(*everything, mask(""))
    assert "Internal error in veil_masking_policy" in done and "Data sources closed" in done
    assert place.sees() == CLOSED
    with monkeypatch.context() as patch:
        patch.setattr(MaskingPolicy, "to_draft", lambda *_: 1 / 0)
        done = place.refused(*everything, SOUND, mask(LATE))
    assert "Internal error in veil_masking_policy" in done and place.sees() == CLOSED
    place.applied(*everything, SOUND, mask(LATE))
    assert place.sees() == MASKED
