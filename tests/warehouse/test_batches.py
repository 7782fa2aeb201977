"""Rows as JSON arguments of bounded size."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veil.warehouse.batches import LIMIT, PART, batches, parts


@given(st.lists(st.text(max_size=4000)))
def test_batches_hold_every_row_in_order_and_stay_under_the_limit(texts: list[str]) -> None:
    made = list(batches({"body": text} for text in texts))
    assert all(len(batch.encode("utf-8", "surrogatepass")) <= LIMIT for batch in made)
    assert [item["body"] for batch in made for item in json.loads(batch)] == texts


def test_many_rows_take_several_batches_and_none_takes_none() -> None:
    assert len(list(batches({"body": "x" * 1000} for _ in range(200)))) == 4
    assert list(batches([])) == []


def test_a_row_that_cannot_be_sent_is_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        list(batches([{"body": "x" * LIMIT}]))


@pytest.mark.parametrize("character", ["a", '"', "\\", "ü", "😀", "\n"])
def test_parts_of_a_long_body_are_short_as_json_and_join_to_it(character: str) -> None:
    body = character * 150_000
    pieces = parts(body)
    assert "".join(pieces) == body
    assert all(len(json.dumps(piece, ensure_ascii=False).encode()) <= PART for piece in pieces)


def test_short_and_empty_bodies_are_one_part() -> None:
    assert parts("{}") == ["{}"]
    assert parts("") == [""]
