"""The version of the schemas moves with what rows may hold."""

from tests.governance.metadata.recording import present_shape, recorded
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
