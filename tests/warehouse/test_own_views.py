"""Whether a view of our own is as it was made: what the warehouse reported then decides, and no
reading of SQL.
"""

import pytest

from veil.warehouse import (
    Layout,
    OwnViewRow,
    Session,
    Standing,
    digest,
    expected_views,
    read,
    record_own_views,
    standing_of,
)

MADE = 'CREATE VIEW v AS\nSELECT "a" FROM t'
SHOWN = "create view v as select a from t"


@pytest.mark.parametrize(
    ("text", "record", "standing"),
    [
        (MADE, OwnViewRow(digest(MADE), digest(MADE)), Standing.AS_MADE),
        (SHOWN, OwnViewRow(digest(MADE), digest(SHOWN)), Standing.AS_MADE),
        (f"{SHOWN} ", OwnViewRow(digest(MADE), digest(SHOWN)), Standing.REPLACED),
        (MADE, OwnViewRow(digest(MADE), digest(SHOWN)), Standing.REPLACED),
        (MADE, OwnViewRow(digest(MADE)), Standing.AS_MADE),
        (SHOWN, OwnViewRow(digest(MADE)), Standing.UNRECORDED),
        (MADE, None, Standing.UNRECORDED),
        (SHOWN, None, Standing.REPLACED),
        (MADE, OwnViewRow(digest("of another version"), digest(SHOWN)), Standing.UNRECORDED),
        (SHOWN, OwnViewRow(digest("of another version"), digest(SHOWN)), Standing.REPLACED),
    ],
)
def test_what_was_reported_of_this_very_statement_decides(text: str, record: OwnViewRow | None, standing: Standing):
    assert standing_of(text, MADE, record) is standing


def test_an_administrators_script_says_what_each_view_is_made_from(admin: Session, installed: Layout):
    assert read(admin, installed).own_views == {
        place[1]: OwnViewRow(digest(text)) for place, text in expected_views(installed).items()
    }


def test_what_the_warehouse_reports_is_recorded_once_and_kept(admin: Session, installed: Layout):
    record_own_views(admin, installed)
    recorded = read(admin, installed).own_views
    assert recorded == {
        place[1]: OwnViewRow(digest(text), digest(text)) for place, text in expected_views(installed).items()
    }
    admin.execute(f"UPDATE \"{installed.system}\".own_view SET text_hash = 'x' WHERE name = 'unsealed'")
    record_own_views(admin, installed)
    assert read(admin, installed).own_views == recorded | {"unsealed": OwnViewRow(recorded["unsealed"].made_hash, "x")}


def test_a_replaced_view_is_never_recorded_as_ours(admin: Session, installed: Layout):
    record_own_views(admin, installed)
    admin.execute(f'DROP VIEW "{installed.system}".salt_name')
    admin.execute(f'CREATE VIEW "{installed.system}".salt_name AS SELECT 1 AS name WITH NO SCHEMA BINDING')
    admin.execute(f"DELETE FROM \"{installed.system}\".own_view WHERE name = 'salt_name'")
    record_own_views(admin, installed)
    assert "salt_name" not in read(admin, installed).own_views


def test_rows_that_are_there_twice_or_of_no_view_are_believed_by_nobody_and_go(admin: Session, installed: Layout):
    record_own_views(admin, installed)
    recorded = read(admin, installed).own_views
    table = f'"{installed.system}".own_view'
    admin.execute(f"INSERT INTO {table} SELECT * FROM {table} WHERE name = 'user_entry'")
    admin.execute(f"INSERT INTO {table} VALUES ('nobody''s', 'x', 'y')")
    found = read(admin, installed).own_views
    assert found == recorded | {"user_entry": OwnViewRow(""), "nobody's": OwnViewRow("x", "y")}
    record_own_views(admin, installed)
    assert read(admin, installed).own_views == recorded


def test_what_is_unsealed_is_not_asked_of_a_view_that_is_not_as_it_was_made(admin: Session, installed: Layout):
    record_own_views(admin, installed)
    assert read(admin, installed).unsealed == frozenset()
    admin.execute(f"UPDATE \"{installed.system}\".own_view SET text_hash = 'x' WHERE name = 'unsealed'")
    # The text is the very statement: there is nothing that it could hide.
    assert read(admin, installed).unsealed == frozenset()
    admin.execute(f'DROP VIEW "{installed.system}".unsealed')
    admin.execute(
        f"CREATE VIEW \"{installed.system}\".unsealed AS SELECT '' AS kind, '' AS name, '' AS item WITH NO SCHEMA BINDING"
    )
    assert read(admin, installed).unsealed is None
