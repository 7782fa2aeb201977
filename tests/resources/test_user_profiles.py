"""What `veil_user_profiles` refuses before it asks the warehouse anything."""

from pathlib import Path

import pytest

from veil.plugin import Context, Plan, PluginError
from veil.resources.client import Client
from veil.resources.people.user_file import digest, read_users
from veil.resources.user_profiles import MANY, HeldModel, UserProfiles, UserProfilesModel


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
