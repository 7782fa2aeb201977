"""What `veil_user_profiles` refuses before it asks the warehouse anything."""

from pathlib import Path

import pytest

from veil.plugin import UNKNOWN, Context, Plan, PluginError
from veil.resources.client import Client
from veil.resources.people.user_file import digest, read_users
from veil.resources.user_profiles import MANY, HeldModel, UserProfiles, UserProfilesModel


@pytest.mark.parametrize(
    ("users", "file", "told"),
    [(None, None, "Neither is given."), ({}, "users.csv", "Both are given.")],
)
def test_exactly_one_of_users_and_file_is_given(users: object, file: str | None, told: str):
    with pytest.raises(PluginError, match="Either users or file") as caught:
        UserProfiles().validate(UserProfilesModel.partial(users=users, file=file), Context())
    assert told in caught.value.diagnostics[0].detail


@pytest.mark.parametrize(("users", "file"), [(UNKNOWN, None), (None, UNKNOWN), (UNKNOWN, UNKNOWN), ({}, None)])
def test_what_may_yet_be_one_of_them_is_accepted(users: object, file: object):
    UserProfiles().validate(UserProfilesModel.partial(users=users, file=file), Context())


def test_a_file_that_is_not_the_one_of_the_plan_is_not_applied(tmp_path: Path):
    path = tmp_path / "users.csv"
    path.write_text("user\nalice\n")
    planned = UserProfilesModel.partial(
        integration="db/token", file=str(path), file_hash=digest(read_users(str(path)).values())
    )
    path.write_text("user\nalice\nmallory\n")
    with pytest.raises(PluginError, match="The user file changed since the plan"):
        UserProfiles().create(planned, Context())


@pytest.mark.parametrize(("count", "warned"), [(MANY, False), (MANY + 1, True)])
def test_many_users_inline_are_warned_about(count: int, warned: bool):
    users = {f"user{number}": HeldModel(groups=frozenset(), attributes={}) for number in range(count)}
    planned = UserProfilesModel.partial(integration="db/token", users=users, file=None, drift=frozenset())
    ctx = Context(client=Client(None))
    UserProfiles().plan(Plan(planned, None, planned, "create"), ctx)
    assert planned.user_count == count
    assert [each.summary for each in ctx.diagnostics] == (["Many users in one configuration"] if warned else [])
