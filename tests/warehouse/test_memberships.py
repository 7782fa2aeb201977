"""Groups and roles, as they reach a user."""

from tests.warehouse.conftest import Login
from veil.warehouse import Session
from veil.warehouse.memberships import read_memberships


def test_a_user_is_in_their_groups_and_in_roles_through_roles(admin: Session, login: Login) -> None:
    with login("nina"), login("otto"):
        for statement in (
            "CREATE GROUP ninas_readers",
            "ALTER GROUP ninas_readers ADD USER nina",
            "CREATE ROLE ninas_outer_role",
            "CREATE ROLE ninas_inner_role",
            "GRANT ROLE ninas_inner_role TO ROLE ninas_outer_role",
            "GRANT ROLE ninas_outer_role TO nina",
        ):
            admin.execute(statement)
        found = read_memberships(admin)
    assert found["nina"] == {("group", "ninas_readers"), ("role", "ninas_outer_role"), ("role", "ninas_inner_role")}
    assert "otto" not in found
