"""Salts, and what users chose, are known from what somebody else wrote into their tables."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.warehouse.conftest import Login, run
from veil.warehouse import (
    NULL,
    SEAL,
    EntryRow,
    Grantee,
    Layout,
    ProfileRow,
    Session,
    UnsealedRow,
    WarehouseError,
    acknowledgement_hash,
    create_salts,
    literal,
    read,
    read_only_statements,
    remove_unsealed,
    sealing_statements,
    upsert_profiles,
)

AGREED = acknowledgement_hash("I agree.")


@pytest.fixture
def chosen(admin: Session, installed: Layout, login: Login) -> Iterator[Layout]:
    """Alice acts in the project p and agreed to fraud; bob is a member who did neither. There are
    two salts.
    """
    for user in ("alice", "bob"):
        facts = [("project", "", "p"), ("project_purpose", "p", "fraud"), ("acknowledgement", "fraud", AGREED)]
        run(admin, upsert_profiles(installed, [ProfileRow(user)], [EntryRow(user, *fact) for fact in facts]))
    run(admin, create_salts(installed, ["raw.a", "raw.b"]))
    admin.execute(f'GRANT SELECT ON "{installed.system}".user_entry TO PUBLIC')
    login("alice").execute(f"CALL \"{installed.procedures}\".switch_project('p')")
    login("alice").execute(f"CALL \"{installed.procedures}\".acknowledge_purpose('fraud', 'I agree.')")
    yield installed
    admin.execute(f'REVOKE SELECT ON "{installed.system}".user_entry FROM PUBLIC')


def held(session: Session, layout: Layout) -> set[object]:
    rows = session.query(f"SELECT kind, value FROM \"{layout.system}\".user_entry WHERE kind <> 'caller'")
    return {tuple(row) for row in rows}


def salts(session: Session, layout: Layout) -> dict[str, str]:
    return dict(session.query(f'SELECT name, salt FROM "{layout.system}".salt'))


def unsealed(session: Session, layout: Layout) -> set[UnsealedRow] | None:
    found = read(session, layout).unsealed
    return None if found is None else set(found)


BOTH = {("current_project", "p"), ("purpose", "fraud")}
PROJECT, AGREEMENT = (
    "INSERT INTO {system}.runtime (immuta__userid, current_project, updated_at, seal) VALUES ('bob', 'p', GETDATE(), %s)",
    "INSERT INTO {system}.acknowledgement (immuta__userid, purpose, text_hash, updated_at, seal)"
    f" VALUES ('bob', 'fraud', '{AGREED}', GETDATE(), %s)",
)


def alter(admin: Session, layout: Layout, *statements: str) -> None:
    for statement in statements:
        admin.execute(statement.replace("{system}", f'"{layout.system}"'))


@pytest.mark.parametrize(
    "seal",
    [
        "NULL",
        "''",
        "SHA2('bob', 256)",
        "(SELECT MAX(t.seal) FROM {system}.acknowledgement AS t)",
        "(SELECT MAX(t.seal) FROM {system}.runtime AS t)",
    ],
)
def test_what_somebody_writes_for_a_user_counts_for_nothing(
    admin: Session, chosen: Layout, login: Login, seal: str
) -> None:
    assert unsealed(admin, chosen) == set()
    alter(admin, chosen, PROJECT % seal)
    assert held(login("bob"), chosen) == set()
    assert unsealed(admin, chosen) == {UnsealedRow("runtime", "bob", "")}
    run(admin, remove_unsealed(chosen))
    assert unsealed(admin, chosen) == set()

    login("bob").execute(f"CALL \"{chosen.procedures}\".switch_project('p')")
    alter(admin, chosen, AGREEMENT % seal)
    assert held(login("bob"), chosen) == {("current_project", "p")}
    assert unsealed(admin, chosen) == {UnsealedRow("acknowledgement", "bob", "fraud")}
    run(admin, remove_unsealed(chosen))
    assert unsealed(admin, chosen) == set()
    assert held(login("alice"), chosen) == BOTH
    login("bob").execute(f"CALL \"{chosen.procedures}\".acknowledge_purpose('fraud', 'I agree.')")
    assert held(login("bob"), chosen) == BOTH


def test_a_row_of_a_user_does_not_count_once_it_is_altered(admin: Session, chosen: Layout, login: Login) -> None:
    alter(admin, chosen, "UPDATE {system}.runtime SET current_project = 'q'")
    assert held(login("alice"), chosen) == set()
    alter(admin, chosen, "UPDATE {system}.acknowledgement SET purpose = 'audit'")
    assert unsealed(admin, chosen) == {
        UnsealedRow("runtime", "alice", ""),
        UnsealedRow("acknowledgement", "alice", "audit"),
    }


@pytest.mark.parametrize(
    ("statements", "lost"),
    [
        (["UPDATE {system}.salt SET salt = 'known' WHERE name = 'raw.a'"], {"raw.a"}),
        (["INSERT INTO {system}.salt VALUES ('raw.a', 'zzz')"], {"raw.a"}),
        (["INSERT INTO {system}.salt SELECT * FROM {system}.salt WHERE name = 'raw.a'"], {"raw.a"}),
        (["DELETE FROM {system}.salt_digest WHERE name = 'raw.a'"], {"raw.a"}),
        (
            [
                "INSERT INTO {system}.salt_digest"
                " SELECT name, SHA2('salt' || CHR(31) || name || CHR(31) || 'mine', 256) FROM {system}.salt"
            ],
            {},
        ),
        (["INSERT INTO {system}.salt VALUES ('raw.later', 'known')"], {"raw.later"}),
        (["DELETE FROM {system}.salt_digest"], {"raw.a", "raw.b", SEAL}),
        (["UPDATE {system}.salt SET salt = 'known'"], {"raw.a", "raw.b", SEAL}),
    ],
    ids=["altered", "added", "twice", "no digest", "more digests", "made before its time", "no digests", "all one"],
)
def test_a_salt_that_is_not_ours_is_told_and_made_anew(
    admin: Session, chosen: Layout, statements: list[str], lost: set[str]
) -> None:
    before = salts(admin, chosen)
    alter(admin, chosen, *statements)
    found = read(admin, chosen)
    assert {each.name for each in found.unsealed or () if each.kind == "salt"} == set(lost)
    assert found.salt_names == {"raw.a", "raw.b"} - set(lost)
    run(
        admin,
        [*sealing_statements(chosen), *create_salts(chosen, ["raw.a", "raw.b", "raw.later"]), *remove_unsealed(chosen)],
    )
    after = salts(admin, chosen)
    assert unsealed(admin, chosen) == set()
    assert after.keys() == {"raw.a", "raw.b", "raw.later", SEAL}
    assert {name for name, salt in before.items() if after[name] != salt} == set(lost) - {"raw.later"}
    assert all(len(salt) == 64 for salt in after.values())


def test_without_the_salt_that_seals_nobody_has_agreed_to_anything(
    admin: Session, chosen: Layout, login: Login
) -> None:
    alter(admin, chosen, "INSERT INTO {system}.salt VALUES ('seal', 'zzz')")
    known = literal(f"zzz{acknowledgement_hash(chr(31).join(('acknowledgement', 'bob', 'fraud', AGREED)))}")
    alter(admin, chosen, AGREEMENT % f"SHA2({known}, 256)")
    for user in ("alice", "bob"):
        assert held(login(user), chosen) == set()
    assert UnsealedRow("salt", SEAL, "") in (read(admin, chosen).unsealed or ())
    run(admin, [*sealing_statements(chosen), *remove_unsealed(chosen)])
    assert unsealed(admin, chosen) == set()
    assert read(admin, chosen).runtimes == ()


def test_odd_rows_are_told_and_removed(admin: Session, chosen: Layout) -> None:
    # NOT NULL goes with the column only: Redshift has no DROP NOT NULL.
    for table, column, kind in (
        ("salt", "salt", "VARCHAR(64)"),
        ("salt", "name", "VARCHAR(1024)"),
        ("acknowledgement", "purpose", "VARCHAR(1024)"),
        ("runtime", "updated_at", "TIMESTAMP"),
    ):
        alter(
            admin,
            chosen,
            f"ALTER TABLE {{system}}.{table} ADD COLUMN other {kind}",
            f"UPDATE {{system}}.{table} SET other = {column}",
            f"ALTER TABLE {{system}}.{table} DROP COLUMN {column}",
            f"ALTER TABLE {{system}}.{table} RENAME COLUMN other TO {column}",
        )
    alter(
        admin,
        chosen,
        "INSERT INTO {system}.salt (name, salt) VALUES (NULL, NULL)",
        "INSERT INTO {system}.salt (name, salt) VALUES ('raw.a ', NULL)",
        "INSERT INTO {system}.acknowledgement (immuta__userid, purpose, text_hash, updated_at, seal) "
        "VALUES ('a''b\\\\', NULL, 'x', GETDATE(), NULL)",
    )
    assert unsealed(admin, chosen) == {
        UnsealedRow("salt", NULL, ""),
        UnsealedRow("salt", "raw.a", ""),  # Blanks at the end are ignored: there are two of that name.
        UnsealedRow("acknowledgement", "a'b\\", NULL),
    }
    run(admin, remove_unsealed(chosen))
    assert unsealed(admin, chosen) == set()
    assert read(admin, chosen).salt_names == {"raw.b"}


def test_a_planner_is_told_too_and_reads_no_digest(admin: Session, chosen: Layout, login: Login) -> None:
    reader = login("reader")
    run(admin, read_only_statements(chosen, Grantee("user", "reader")))
    alter(admin, chosen, PROJECT % "NULL")
    owned = replace(chosen, owner=admin.settings.username)
    assert read(reader, owned).unsealed == read(admin, owned).unsealed == {UnsealedRow("runtime", "bob", "")}
    with pytest.raises(WarehouseError, match="permission denied"):
        reader.query(f'SELECT digest FROM "{chosen.system}".salt_digest')


def test_a_view_of_somebody_elses_is_not_asked(admin: Session, chosen: Layout) -> None:
    place = f'"{chosen.system}".unsealed'
    for statement in (
        f'CREATE OR REPLACE VIEW {place} AS SELECT kind, name, value AS item FROM "{chosen.system}".profile_entry WITH NO SCHEMA BINDING',
        f"DROP VIEW {place}",
    ):
        admin.execute(statement)
        assert unsealed(admin, chosen) is None
