"""The version of the schemas moves with what rows may hold, and what older versions wrote is still
read.
"""

import json
from collections.abc import Iterator
from dataclasses import make_dataclass
from typing import Any

import pytest

from tests.governance.metadata.recording import present_bodies, present_shape, recorded, written
from veil.model import Null, codec
from veil.warehouse import SCHEMA_VERSION


def test_what_rows_may_hold_is_what_was_recorded_for_this_version():
    assert present_shape() == recorded(SCHEMA_VERSION).read_text(encoding="utf-8"), (
        "Rows may hold something else now. Where a veil with this SCHEMA_VERSION was released, raise it and write a migration, "
        "so that the older veil knows that it must not write; then run: python -m tests.governance.metadata.recording"
    )


def test_nothing_is_recorded_for_a_version_to_come():
    assert not recorded(SCHEMA_VERSION + 1).exists()


def test_fields_values_and_columns_are_all_in_it():
    shape = present_shape()
    for part in ('"DataSource"', '"new_columns"', "hide", "expose", '"Hash"', '"ledger"', "seal character varying(64)"):
        assert part in shape


def test_what_this_version_writes_is_what_was_recorded_for_it():
    assert present_bodies() == written(SCHEMA_VERSION).read_text(encoding="utf-8"), (
        "An object of today is stored otherwise. If that is meant, see what the test above says."
    )


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION + 1))
def test_what_a_version_wrote_is_read_with_all_that_it_says(version: int):
    for line in written(version).read_text(encoding="utf-8").splitlines():
        assert list(lost(json.loads(line), json.loads(codec.encode(codec.decode(line))))) == []


def lost(old: Any, new: Any, where: str = "") -> Iterator[str]:
    """Where the new form of a body does not say what the old one does. It may say more."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key, value in old.items():
            yield from lost(value, new.get(key), f"{where}.{key}")
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for at, pair in enumerate(zip(old, new, strict=True)):
            yield from lost(*pair, f"{where}[{at}]")
    elif old != new:
        yield where


def test_a_class_that_is_renamed_keeps_its_name_in_what_is_stored(monkeypatch: pytest.MonkeyPatch):
    policy = next(line for line in written(SCHEMA_VERSION).read_text(encoding="utf-8").splitlines() if '"Null"' in line)
    renamed = make_dataclass("Nothing", [], frozen=True)
    names = {cls: name for cls, name in codec.STORED_NAMES.items() if cls is not Null} | {renamed: "Null"}
    monkeypatch.setattr(codec, "STORED_NAMES", names)
    monkeypatch.setitem(codec._CLASSES, "Null", renamed)
    assert codec.encode(codec.decode(policy)) == policy
