"""Groups and roles, as they reach a user."""

from tests.warehouse.conftest import Login
from veil.warehouse import Session
from veil.warehouse.memberships import read_memberships


def test_a_user_is_in_their_groups_and_in_roles_through_roles(admin: Session, login: Login) -> None:
    with login("nina"), login("otto"):
        for statement in (
            "CREATE GROUP readers",
            "ALTER GROUP readers ADD USER nina",
            "CREATE ROLE outer_role",
            "CREATE ROLE inner_role",
            "GRANT ROLE inner_role TO ROLE outer_role",
            "GRANT ROLE outer_role TO nina",
        ):
            admin.execute(statement)
        found = read_memberships(admin)
    assert found["nina"] == {("group", "readers"), ("role", "outer_role"), ("role", "inner_role")}
    assert "otto" not in found
