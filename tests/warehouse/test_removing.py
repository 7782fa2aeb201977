"""Whatever is in our tables can be removed, and nothing else goes with it."""

import pytest

from tests.warehouse.conftest import run
from veil.warehouse import (
    NULL,
    ImpersonationRow,
    Layout,
    ObjectRow,
    Session,
    literal,
    read,
    remove_acknowledgements,
    remove_impersonations,
    remove_objects,
    remove_profiles,
    remove_project_entries,
    remove_published,
    remove_runtimes,
    upsert_objects,
)

ODD = {
    "a blank at the end": "u_ok ",
    "only blanks": "   ",
    "nothing": "",
    "characters that nobody sees": "u\u200b_\u202eok\u00a0",
    "control characters": "u\x01\x1f\x7f\n\tok",
    "quotes and backslashes": "u'\"\\';--$$",
    "beyond the first plane": "\U0001f511\U000e0041",
    "what stands between two keys": "u\x1f",
    "a very long text": "x" * 60_000 + "\U0001f511",
    "NULL": NULL,
}
TABLES = {
    "profile": ("immuta__userid", remove_profiles),
    "profile_entry": ("immuta__userid", remove_profiles),
    "project_entry": ("project", remove_project_entries),
    "project_profile": ("project", remove_project_entries),
    "published": ("name", remove_published),
    "runtime": ("immuta__userid", remove_runtimes),
}


def loosen(session: Session, layout: Layout) -> None:
    """Make our tables anew so that their texts may be of any length, and missing."""
    for table in (*TABLES, "impersonation", "acknowledgement", "object", "ledger"):
        columns = ", ".join(
            f"{column.name} {'VARCHAR(65535)' if 'varying' in column.type else column.type}"
            for column in read(session, layout).tables[table].columns
        )
        session.execute(f'DROP TABLE "{layout.system}".{table}')
        session.execute(f'CREATE TABLE "{layout.system}".{table} ({columns})')


def value(text: str) -> str:
    return "NULL" if text == NULL else literal(text)


@pytest.fixture
def loose(admin: Session, installed: Layout) -> Layout:
    loosen(admin, installed)
    return installed


def test_odd_rows_are_removed_and_their_neighbours_stay(admin: Session, loose: Layout) -> None:
    neighbours = ("u_ok", "u", "  x")
    for table, (column, remove) in TABLES.items():
        place = f'"{loose.system}".{table}'
        for text in (*ODD.values(), *neighbours):
            admin.execute(f"INSERT INTO {place} ({column}) VALUES ({value(text)})")
        read(admin, loose)
        run(admin, remove(loose, ODD.values()))
        assert sorted(admin.query(f"SELECT {column} FROM {place}")) == sorted((each,) for each in neighbours), table
        run(admin, remove(loose, neighbours))


def test_odd_pairs_are_removed(admin: Session, loose: Layout) -> None:
    pairs = [("u_ok", text) for text in ODD.values()] + [(text, "u_ok") for text in ODD.values()]
    for table, columns in (
        ("impersonation", ("immuta__userid", "as_user")),
        ("acknowledgement", ("immuta__userid", "purpose")),
    ):
        for one, other in (*pairs, ("u_ok", "other")):
            admin.execute(
                f'INSERT INTO "{loose.system}".{table} ({", ".join(columns)}) VALUES ({value(one)}, {value(other)})'
            )
    assert {ImpersonationRow(*pair) for pair in pairs} <= read(admin, loose).impersonations
    run(admin, remove_impersonations(loose, [ImpersonationRow(*pair) for pair in pairs]))
    run(admin, remove_acknowledgements(loose, pairs))
    after = read(admin, loose)
    assert after.impersonations == {ImpersonationRow("u_ok", "other")}
    assert [(each.user, dict(each.acknowledgements)) for each in after.runtimes] == [("u_ok", {"other": NULL})]


def test_odd_objects_are_removed(admin: Session, loose: Layout) -> None:
    run(admin, upsert_objects(loose, [ObjectRow("purpose", "fraud", "1", "{}")]))
    for text in ODD.values():
        for kind, name, id_ in ((text, "n", "i"), ("purpose", text, "i"), ("purpose", "n", text)):
            admin.execute(
                f'INSERT INTO "{loose.system}".object (kind, name, part, parts, id, body, hash) '
                f"VALUES ({value(kind)}, {value(name)}, NULL, 2147483647, {value(id_)}, NULL, NULL)"
            )
    found = read(admin, loose).objects
    assert [each.name for each in found if each.entered] == ["fraud"]
    run(admin, remove_objects(loose, [each for each in found if not each.entered]))
    assert read(admin, loose).objects == (ObjectRow("purpose", "fraud", "1", "{}"),)
