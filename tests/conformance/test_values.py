"""Every kind of value survives the way to Terraform and back."""

from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal

from veil.plugin import Model, attribute, computed

from .conftest import MakeLab
from .things import resource_of


class Color(StrEnum):
    RED = "red"
    BLUE = "blue"


class Part(Model):
    key: str = attribute("")
    note: str | None = attribute("")
    weight: int = attribute("", default=1)


class Everything(Model):
    id: str = computed("", inputs=())
    text: str | None = attribute("")
    flag: bool | None = attribute("")
    whole: int | None = attribute("")
    real: float | None = attribute("")
    exact: Decimal | None = attribute("")
    color: Color | None = attribute("")
    mode: Literal["a", "b"] | None = attribute("")
    words: list[str] | None = attribute("")
    row: tuple[int, ...] | None = attribute("")
    pair: tuple[str, int] | None = attribute("")
    tags: frozenset[str] | None = attribute("")
    labels: dict[str, frozenset[str]] | None = attribute("")
    anything: Any = attribute("", default=None)
    one: Part | None = attribute("")
    several: list[Part] | None = attribute("")
    distinct: frozenset[Part] | None = attribute("")
    named: dict[str, Part] | None = attribute("")
    deep: dict[str, list[Part]] | None = attribute("")


def test_values_of_every_type_are_stored_as_they_were_written(lab: MakeLab) -> None:
    stored = lab(resources=(resource_of(Everything),)).apply_cleanly(
        """
        resource "lab_thing" "a" {
          text     = "grüße \\"x\\" $${y}"
          flag     = false
          whole    = 9007199254740993
          real     = 0.1
          exact    = 123456789012345678901234567890.000000000000000000001
          color    = "red"
          mode     = "b"
          words    = ["x", "", "x"]
          row      = [3, 1, 2]
          pair     = ["left", 7]
          tags     = ["b", "a"]
          labels   = { k = ["v2", "v1"], none = [] }
          anything = { list = [1, "two", { three = true }], big = 1e30, half = 0.5, no = null }
          one      = { key = "k" }
          several  = [{ key = "b", note = "n" }, { key = "a", weight = 5 }]
          distinct = [{ key = "y" }, { key = "x", weight = 2 }]
          named    = { "a b" = { key = "v" } }
          deep     = { d = [{ key = "q", weight = 3 , note = null}] }
        }
        """
    )["lab_thing.a"]
    assert stored["text"] == 'grüße "x" ${y}'
    assert stored["flag"] is False
    assert stored["whole"] == 9007199254740993
    assert stored["real"] == Decimal("0.1")
    assert stored["exact"] == Decimal("123456789012345678901234567890.000000000000000000001")
    assert stored["words"] == ["x", "", "x"]
    assert stored["row"] == [3, 1, 2]
    assert stored["pair"] == ["left", 7]
    assert stored["tags"] == ["a", "b"]
    assert stored["labels"] == {"k": ["v1", "v2"], "none": []}
    assert stored["anything"]["value"]["list"] == [1, "two", {"three": True}]
    assert stored["one"] == {"key": "k", "note": None, "weight": 1}
    assert stored["several"][1] == {"key": "a", "note": None, "weight": 5}
    assert sorted(item["key"] for item in stored["distinct"]) == ["x", "y"]
    assert stored["named"] == {"a b": {"key": "v", "note": None, "weight": 1}}
    assert stored["deep"]["d"][0]["weight"] == 3


def test_unset_null_and_empty_stay_different(lab: MakeLab) -> None:
    stored = lab(resources=(resource_of(Everything),)).apply_cleanly(
        """
        resource "lab_thing" "unset" {}
        resource "lab_thing" "null" {
          text = null
          tags = null
          named = null
        }
        resource "lab_thing" "empty" {
          text     = ""
          words    = []
          tags     = []
          labels   = {}
          several  = []
          distinct = []
          named    = {}
        }
        """
    )
    for name in ("text", "words", "tags", "labels", "several", "distinct", "named"):
        assert stored["lab_thing.unset"][name] is None
        assert stored["lab_thing.null"][name] is None
        assert stored["lab_thing.empty"][name] in ("", [], {})


def test_text_in_decomposed_form_does_not_look_changed(lab: MakeLab) -> None:
    class Decomposing(resource_of(Everything)):  # type: ignore[misc]
        def put(self, state: Any) -> Any:
            return super().put(state.model_copy(update={"text": "e\u0301"}))

    stored = lab(resources=(Decomposing,)).apply_cleanly('resource "lab_thing" "a" { text = "\u00e9" }')
    assert stored["lab_thing.a"]["text"] == "\u00e9"


def test_a_value_of_five_megabytes_passes(lab: MakeLab) -> None:
    here = lab(resources=(resource_of(Everything),))
    (here.folder / "big.txt").write_text("x" * 5_000_000)
    stored = here.apply_cleanly('resource "lab_thing" "a" { text = file("big.txt") }')
    assert len(stored["lab_thing.a"]["text"]) == 5_000_000


def test_an_unknown_value_may_stand_anywhere(lab: MakeLab) -> None:
    here = lab(resources=(resource_of(Everything),))
    stored = here.apply_cleanly(
        """
        resource "terraform_data" "later" { input = "k" }
        locals { k = terraform_data.later.output }
        resource "lab_thing" "a" {
          text     = "pre-${local.k}"
          words    = ["x", local.k]
          tags     = [local.k, "${local.k}2"]
          labels   = { a = [local.k] }
          anything = { deep = [local.k, 1] }
          one      = { key = local.k }
          several  = [{ key = local.k }, { key = "known" }]
          distinct = [{ key = local.k }, { key = "${local.k}2" }]
          named    = { a = { key = local.k } }
        }
        resource "lab_thing" "b" { several = [for x in [local.k] : { key = x }] }
        resource "terraform_data" "whole" { input = { key = "k", note = null, weight = 2 } }
        resource "lab_thing" "c" {
          one      = terraform_data.whole.output
          several  = [terraform_data.whole.output, { key = "known" }]
          distinct = [terraform_data.whole.output]
          named    = { a = terraform_data.whole.output }
        }
        """
    )
    assert stored["lab_thing.a"]["text"] == "pre-k"
    assert stored["lab_thing.a"]["tags"] == ["k", "k2"]
    assert len(stored["lab_thing.a"]["distinct"]) == 2
    assert [part["weight"] for part in stored["lab_thing.c"]["several"]] == [2, 1]
    assert stored["lab_thing.c"]["one"] == stored["lab_thing.c"]["distinct"][0] == stored["lab_thing.c"]["named"]["a"]
