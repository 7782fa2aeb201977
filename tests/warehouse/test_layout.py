"""The names that an integration uses."""

import pytest

from veil.warehouse import Layout, catalog_role
from veil.warehouse.layout import probe_role


def test_the_three_schemas_carry_the_prefix() -> None:
    assert Layout("immuta", "governed").own_schemas == ("immuta_system", "immuta_functions", "immuta_procedures")


@pytest.mark.parametrize("prefix", ["", "Immuta", "im muta", 'im"muta', "im$$muta", "1st", "a" * 101, "a\n"])
def test_a_prefix_that_could_break_out_of_a_procedure_body_is_refused(prefix: str) -> None:
    with pytest.raises(ValueError, match="schema prefix"):
        Layout(prefix, "governed")


@pytest.mark.parametrize("name", ["public", "PUBLIC"])
def test_everybody_is_neither_a_group_nor_a_role(name: str) -> None:
    with pytest.raises(ValueError, match="everybody has"):
        Layout("immuta", "governed", impersonation_group=name)
    with pytest.raises(ValueError, match="everybody has"):
        Layout("immuta", "governed", read_only_role=name)


def test_the_view_schema_is_none_of_the_integrations_own() -> None:
    with pytest.raises(ValueError, match="own schemas"):
        Layout("immuta", "immuta_system")


def test_the_owner_makes_no_difference_between_layouts() -> None:
    assert Layout("immuta", "governed", owner="a") == Layout("immuta", "governed", owner="b")


@pytest.mark.parametrize("role", [catalog_role, probe_role])
def test_the_role_of_an_account_is_a_name_however_long_the_accounts_is(role) -> None:  # type: ignore[no-untyped-def]
    assert role("keeper").startswith("keeper_")
    longest = ("a" * 127, "a" * 126 + "b", "é" * 63, "a" * 120)
    roles = {role(user) for user in longest}
    assert len(roles) == len(longest)
    assert all(len(each.encode()) <= 127 for each in roles)
