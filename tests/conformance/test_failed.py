"""A resource hears of each create or update that fails, also where a value that became known during
apply is wrong.
"""

from dataclasses import dataclass, field
from typing import Any, ClassVar

import pytest

from veil.plugin import Context, Failure, Model, Plan, PluginError, attribute, check, computed, is_known

from .conftest import Lab, MakeLab
from .things import resource_of


class Valve(Model):
    id: str = computed("", inputs=())
    size: str | None = attribute("", min_length=2)
    twin: str | None = attribute("")
    note: str = computed("", inputs=())

    @check("size", "twin")
    def _apart(self) -> None:
        if self.size is not None and self.size == self.twin:
            raise ValueError("size and twin are alike")


@dataclass
class Heard:
    """What the provider was told, over all its processes."""

    failures: list[tuple[Any, Any, tuple[str, ...]]] = field(default_factory=list)


class _Methods:
    heard: ClassVar[Heard]

    def plan(self: Any, plan: Plan[Any], ctx: Context) -> None:
        if plan.planned is None:
            return
        plan.planned.note = "planned"
        if is_known(plan.planned.size) and plan.planned.size == "unplannable":
            raise PluginError("Cannot be planned", "Take another size.", ("size",))
        if is_known(plan.planned.size) and plan.planned.size == "fault":
            raise RuntimeError("a fault of the hook")

    def failed(self: Any, failure: Failure[Any], ctx: Context) -> None:
        texts = tuple(each.summary for each in failure.diagnostics)
        self.heard.failures.append((failure.prior and failure.prior.size, failure.planned.size, texts))
        ctx.warning("Heard", "of it")
        if failure.prior is None:
            ctx.partial(failure.planned.model_copy(update={"id": "left"}))


def valves(lab: MakeLab) -> tuple[Lab, Heard]:
    heard = Heard()
    methods = {name: member for name, member in _Methods.__dict__.items() if not name.startswith("__")}
    make = resource_of(Valve, heard=heard, **methods)
    original = make.create

    def create(self: Any, planned: Any, ctx: Context) -> Any:
        if planned.size == "broken":
            raise RuntimeError("a fault of create")
        return original(self, planned, ctx)

    make.create = create  # type: ignore[method-assign]
    return lab(resources=(make,)), heard


def configuration(size: str, twin: str = "null") -> str:
    return f"""
resource "terraform_data" "late" {{
  input = "{size}"
}}
resource "lab_thing" "a" {{
  size = terraform_data.late.output
  twin = {twin}
}}
"""


WRONG = [
    ("x", "null", "Invalid value for size"),
    ("alike", '"alike"', "Invalid configuration"),
    ("unplannable", "null", "Cannot be planned"),
    ("fault", "null", "Internal error in lab_thing"),
    ("broken", "null", "Internal error in lab_thing"),
]


@pytest.mark.parametrize(("size", "twin", "title"), WRONG)
def test_what_turns_out_wrong_during_apply_is_heard_of(lab: MakeLab, size: str, twin: str, title: str) -> None:
    here, heard = valves(lab)
    here.write(configuration(size, twin))
    assert here.plan().status == 2
    applied = here.apply()
    assert applied.status == 1
    assert heard.failures == [(None, size, (title,))]
    assert applied.output.count(f"Error: {title}") == 1
    assert "Provider produced" not in applied, applied.output
    assert "with lab_thing.a" in applied and "Warning: Heard" in applied
    # What is left behind is not forgotten, and a right value replaces it.
    assert here.attributes()["lab_thing.a"]["id"] == "left"
    here.apply_cleanly(configuration("right", twin))
    assert len(heard.failures) == 1


def test_an_update_that_fails_keeps_the_state(lab: MakeLab) -> None:
    here, heard = valves(lab)
    before = here.apply_cleanly(configuration("right"))["lab_thing.a"]
    here.write(configuration("x"))
    applied = here.apply()
    assert applied.status == 1 and "Invalid value for size" in applied
    assert heard.failures == [("right", "x", ("Invalid value for size",))]
    assert here.attributes()["lab_thing.a"] == before


@pytest.mark.parametrize(
    ("size", "title"), [(size, title) for size, _, title in WRONG if size not in ("alike", "broken")]
)
def test_a_plan_that_is_known_to_be_one_refuses_and_tells_nobody(lab: MakeLab, size: str, title: str) -> None:
    here, heard = valves(lab)
    here.apply_cleanly('resource "lab_thing" "b" {}')
    here.write('variable "size" {}\nresource "lab_thing" "b" {}\nresource "lab_thing" "a" {\n  size = var.size\n}\n')
    planned = here.plan(f"-var=size={size}")
    assert planned.status == 1 and f"Error: {title}" in planned
    assert heard.failures == []


def test_where_nothing_tells_a_plan_warns_and_its_apply_refuses(lab: MakeLab) -> None:
    here, heard = valves(lab)
    here.write('variable "size" {}\nresource "lab_thing" "a" {\n  size = var.size\n}\n')
    planned = here.plan("-var=size=x")
    assert planned.status == 2
    assert "Warning: Invalid value for size" in planned and "An apply will refuse this." in planned
    assert heard.failures == []
    assert here.apply("-var=size=x").status == 1
    assert [size for _, size, _ in heard.failures] == ["x"]


def test_validate_refuses_at_once(lab: MakeLab) -> None:
    here, heard = valves(lab)
    here.write('resource "lab_thing" "a" {\n  size = "x"\n}\n')
    assert here.run("validate").status == 1
    assert here.apply().status == 1
    assert heard.failures == []
