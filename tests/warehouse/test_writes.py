"""What calls are made of; what they do is tested on the engine."""

import re
from datetime import datetime, timedelta, timezone

import pytest

from veil.warehouse import (
    EntryRow,
    Layout,
    ObjectRow,
    ProfileRow,
    advance_revision,
    create_salts,
    delete_objects,
    upsert_objects,
    upsert_profiles,
)

LAYOUT = Layout("immuta", "governed")


def test_a_call_holds_one_json_literal() -> None:
    assert delete_objects(LAYOUT, [ObjectRow("purpose", "it's \\", "id1", "ignored")]) == [
        r"""CALL "immuta_procedures"."delete_objects"(CAST('[{"kind":"purpose","name":"it''s \\\\","id":"id1"}]' AS VARCHAR(65535)))"""
    ]


def test_nothing_to_write_is_no_call() -> None:
    assert upsert_objects(LAYOUT, []) == []
    assert upsert_profiles(LAYOUT, [], []) == []
    assert create_salts(LAYOUT, []) == []


def test_a_body_of_many_parts_goes_in_order_from_part_zero() -> None:
    sent = "".join(upsert_objects(LAYOUT, [ObjectRow("k", "n", "i", '"' * 100_000)]))
    assert re.findall(r'"part":(\d),"parts":8', sent) == list("01234567")


def test_expiry_is_written_in_utc() -> None:
    there = timezone(timedelta(hours=2))
    entry = EntryRow("u", "subscription", "", "raw.t", datetime(2030, 1, 1, 1, 30, tzinfo=there))
    (_, call) = upsert_profiles(LAYOUT, [ProfileRow("u")], [entry])
    assert '"expires":"2029-12-31 23:30:00.000000"' in call


def test_every_salt_has_a_seed_of_its_own() -> None:
    first, second = create_salts(LAYOUT, ["raw.t"]), create_salts(LAYOUT, ["raw.t"])
    assert first != second


@pytest.mark.parametrize(
    "row",
    [
        ObjectRow("k\x1f", "n", "i", ""),
        ObjectRow("k", "n\x1f", "i", ""),
        ObjectRow("k", "n", "i\n", ""),
        ObjectRow("k", "n", "i", "a\0b"),
        ObjectRow("k", "n", "i", "\ud800"),
    ],
)
def test_keys_with_control_characters_and_bodies_that_no_text_can_hold_are_refused(row: ObjectRow) -> None:
    with pytest.raises(ValueError, match=r"control character|NUL|surrogates"):
        upsert_objects(LAYOUT, [row])


@pytest.mark.parametrize("value", ["ends in a blank ", "line\nbreak"])
def test_values_that_cannot_be_compared_safely_are_refused(value: str) -> None:
    for entry in (EntryRow(value, "group", "", "g"), EntryRow("u", "group", "", value)):
        with pytest.raises(ValueError, match="cannot be stored"):
            upsert_profiles(LAYOUT, [ProfileRow(entry.user)], [entry])


def test_the_same_thing_twice_in_a_batch_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        upsert_objects(LAYOUT, [ObjectRow("k", "n", "1", ""), ObjectRow("k", "n", "2", "")])
    with pytest.raises(ValueError, match="twice"):
        upsert_profiles(LAYOUT, [ProfileRow("u"), ProfileRow("u")], [])


def test_entries_belong_to_a_profile_of_the_same_batch() -> None:
    with pytest.raises(ValueError, match="without a profile: bob"):
        upsert_profiles(LAYOUT, [ProfileRow("alice")], [EntryRow("bob", "group", "", "g")])


@pytest.mark.parametrize("token", ["", "a" * 65, "a'b", "a b"])
def test_a_token_is_short_and_plain(token: str) -> None:
    with pytest.raises(ValueError, match="token"):
        advance_revision(LAYOUT, 1, token)
