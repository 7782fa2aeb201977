"""Null is a value like any other, wherever it stands; and no digit of a number is lost."""

from decimal import Decimal
from typing import Any

from veil.plugin import Model, attribute, computed

from .conftest import MakeLab
from .things import resource_of


class Part(Model):
    key: str | None = attribute("")
    rank: int | None = computed("")


class Leaf(Model):
    key: str | None = attribute("")


class Nulls(Model):
    id: str = computed("", inputs=())
    words: list[str | None] | None = attribute("")
    tags: frozenset[str | None] | None = attribute("")
    labels: dict[str, str | None] | None = attribute("")
    pair: tuple[str | None, int | None] | None = attribute("")
    several: list[Part | None] | None = attribute("")
    named: dict[str, Part | None] | None = attribute("")
    distinct: frozenset[Leaf | None] | None = attribute("")
    anything: Any = attribute("", default=None)
    numbers: list[Decimal] | None = attribute("")
    integers: frozenset[int] | None = attribute("")
    deep: dict[str, list[dict[str, tuple[Decimal, bool]]]] | None = attribute("")


class Ranking(resource_of(Nulls)):  # type: ignore[misc]
    def put(self, state: Any) -> Any:
        def ranked(part: Part | None) -> Part | None:
            return part and part.model_copy(update={"rank": 1})

        several = None if state.several is None else [ranked(part) for part in state.several]
        named = None if state.named is None else {key: ranked(part) for key, part in state.named.items()}
        return super().put(state.model_copy(update={"several": several, "named": named}))


def test_null_may_stand_anywhere_and_numbers_have_any_size(lab: MakeLab) -> None:
    here = lab(resources=(Ranking,))
    stored = here.apply_cleanly(
        """
        resource "lab_thing" "a" {
          words    = ["a", null, ""]
          tags     = ["a", null]
          labels   = { a = null, b = "" }
          pair     = [null, null]
          several  = [null, { key = null }, {}]
          named    = { a = null, b = {} }
          distinct = [{}, { key = "k" }]
          anything = [null, { a = null }, [], {}]
          numbers  = [1606938044258990275541962092341162602522202993782792835301376, 1e-300, -0.1, 3.0, 1e100,
                      0.30000000000000000000000000000000000000001]
          integers = [9223372036854775808, -9223372036854775809, 18446744073709551616]
          deep     = { a = [{ b = [0.1, true] }, {}], c = [] }
        }
        """
    )["lab_thing.a"]
    assert stored["words"] == ["a", None, ""]
    assert stored["several"][0] is None
    assert stored["several"][1] == stored["several"][2] == {"key": None, "rank": 1}
    assert stored["named"] == {"a": None, "b": {"key": None, "rank": 1}}
    assert stored["anything"]["value"] == [None, {"a": None}, [], {}]
    assert stored["numbers"] == [
        2**200,
        Decimal("1e-300"),
        Decimal("-0.1"),
        3,
        10**100,
        Decimal("0.3" + "0" * 39 + "1"),
    ]
    assert set(stored["integers"]) == {2**63, -(2**63) - 1, 2**64}
    assert stored["deep"] == {"a": [{"b": [Decimal("0.1"), True]}, {}], "c": []}
    changed = here.apply_cleanly(
        """
        resource "lab_thing" "a" {
          words    = [null]
          several  = [{ key = "x" }, null]
          named    = { b = { key = "y" } }
          anything = tomap({ a = null, b = "x" })
          distinct = [null, { key = "k" }]
        }
        """
    )["lab_thing.a"]
    assert changed["id"] == stored["id"]
    assert changed["several"] == [{"key": "x", "rank": 1}, None]
    assert changed["distinct"] == [{"key": "k"}, None] or changed["distinct"] == [None, {"key": "k"}]
