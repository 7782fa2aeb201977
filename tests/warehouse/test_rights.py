"""Who may use base tables, here and in another database."""

import pytest

from tests.warehouse.conftest import Login
from veil.warehouse import HERE, Grant, Grantee, Session, Tables, WarehouseError, read_rights


def test_rights_are_read_in_the_database_of_the_tables(admin: Session, login: Login) -> None:
    user = login("reads over there")
    assert user.settings.database != "dev"
    with admin.beside("dev") as other:
        other.execute("CREATE SCHEMA elsewhere")
        try:
            other.execute("CREATE TABLE elsewhere.t (id INTEGER)")
            other.execute('GRANT SELECT ON elsewhere.t TO "reads over there"')
            found = read_rights(admin, ["elsewhere"], Tables("dev", external=True))
        finally:
            other.execute("DROP SCHEMA elsewhere CASCADE")
    assert found.owners == {("elsewhere", "t"): admin.settings.username}
    assert Grant(Grantee("user", "reads over there"), "SELECT") in found.table_grants["elsewhere", "t"]
    assert found.tell_of("elsewhere", "t") and not found.tell_of("elsewhere", "later")
    assert not read_rights(admin, ["elsewhere"], HERE).tell_of("elsewhere", "t")


def test_a_database_that_does_not_let_us_in_leaves_the_reason(admin: Session) -> None:
    found = read_rights(admin, ["raw"], Tables("no_such_database"))
    assert found.unread.startswith("Unknown database. ") and "no_such_database" in found.unread
    assert found.tell_of("raw", "t")


@pytest.mark.parametrize(
    ("held", "lacking"),
    [
        ((), ["what others are granted: it has no role with ACCESS SYSTEM TABLE", "has no role with ACCESS CATALOG"]),
        (("ACCESS CATALOG",), ["what others are granted: it has no role with ACCESS SYSTEM TABLE"]),
        (("ACCESS SYSTEM TABLE",), ["what it has no rights on, where metadata security is on: it has no role with ACCESS CATALOG"]),
        (("ACCESS SYSTEM TABLE", "ACCESS CATALOG"), []),
    ],
    ids=["neither", "objects only", "grants only", "both"],
)  # fmt: skip
def test_rights_say_what_the_account_cannot_see(
    admin: Session, login: Login, held: tuple[str, ...], lacking: list[str]
) -> None:
    account = login("looks around")
    admin.execute("CREATE ROLE seeing")
    try:
        for permission in held:
            admin.execute(f"GRANT {permission} TO ROLE seeing")
        admin.execute('GRANT ROLE seeing TO "looks around"')
        unread = read_rights(account, ["raw"], HERE).unread
    finally:
        admin.execute("DROP ROLE seeing FORCE")
    assert unread.count("The account looks around does not see ") == len(lacking)
    assert all(each in unread for each in lacking), unread


def test_there_is_no_session_beside_in_a_database_that_is_not_there(admin: Session) -> None:
    with pytest.raises(WarehouseError, match="Unknown database"):
        admin.beside("no_such_database")
