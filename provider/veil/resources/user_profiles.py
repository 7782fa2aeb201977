"""`veil_user_profiles`."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from veil import model as governed
from veil.governance import identity, requests
from veil.model import Kind
from veil.plugin import (
    UNKNOWN,
    Context,
    InvalidValueError,
    Model,
    Plan,
    PluginError,
    Resource,
    attribute,
    check,
    computed,
    is_known,
    wholly_known,
)
from veil.resources.base import GovernedModel, client_of, known_integration
from veil.resources.claiming import claim
from veil.resources.findings import describe
from veil.resources.hcl.names import HeldValue, Name, Text, User
from veil.resources.people import directory
from veil.resources.people.columns import SEPARATOR, Columns
from veil.resources.people.holding import HeldModel, held_by, profile_of
from veil.resources.people.problems import bounded
from veil.resources.people.user_file import digest, read_users
from veil.resources.refusals import refused
from veil.resources.repair import plan_repair, tell_of_repair

if TYPE_CHECKING:
    from veil.governance import Governance

MANY = 5_000
"""From here on a configuration with all users inline is slow to plan, and says so."""

_FILE = "file:"
"""How the id of an import begins that names a file instead of users."""

_MAPPED = "#{"
"""What comes, with its bracket, between the file and its `columns` as JSON in the id of an
import.
"""


class ColumnsModel(Model):
    """What a directory calls the columns of its export."""

    user: Name = attribute("The column with the Redshift user's name.")
    groups: Name | None = attribute("The column with the groups that the user is in. Left out: nobody is in any.")
    attributes: dict[Name, Name] = attribute("The column of each attribute, by the attribute's name.", default={})
    only: dict[Name, frozenset[HeldValue]] = attribute(
        "Values by column of which one must stand there, in whatever case, or the line or object does not count: "
        '`{ accountEnabled = ["true"] }`.',
        default={},
    )
    expires: Name | None = attribute(
        "The column that says when all that a line or object gives ends, in RFC 3339. Where nothing stands there, it does not "
        "end. One right with two ends is an error."
    )
    separator: Text = attribute(
        f'What stands between the values of one cell of CSV. `{SEPARATOR}` where it is left out; `""` takes every cell for '
        "one value.",
        default=SEPARATOR,
    )
    prefix: Text = attribute(
        'What stands before the names in Redshift, and not in the file: `"AWSIDC:"`, say, with IAM Identity Center.',
        default="",
    )

    @check("only")
    def _lets_somebody_through(self) -> None:
        for name, values in self.only.items():
            if not values:
                raise InvalidValueError(
                    f"No value of {name!r} is given, so no line would count. Name those that do, or leave it out.",
                    ("only", name),
                    "A column that lets nothing through",
                )


class UserProfilesModel(GovernedModel):
    """Profiles of many users in one resource, written together or not at all: `users` inline, or a
    `file` of 100,000 and more. A user has a profile in one resource only.

    A CSV file begins with a line that names its columns: `user`, `groups`, and `attributes.<name>`
    for each attribute. A cell holds any number of values with `;` between them; spaces around cells
    and values do not count. What several lines say of a user adds up, so that one line for each
    user and one line for each membership both work. A JSON file is an object in the form of
    `users`, as `jsonencode` writes it; it may hold what CSV cannot: a value with a `;` in it, or an
    empty one. A column `expires` of CSV says when all that its line gives ends: what ends at other
    times stands on lines of its own. Both are UTF-8, or UTF-16 with a byte order mark; semicolons
    and tabs between the cells of CSV, which spreadsheets write, are found in its first line.

    A directory's own export needs no rewriting: `columns` says what its columns are called, and
    others are left alone. So a CSV file of Microsoft Entra has `userPrincipalName`, `department`
    and `accountEnabled` among its columns, one of another tool the headers that its first line
    shows. What several lines say of a user adds up here as well. JSON is a list of objects then, or
    an object that has one under `value` (Microsoft Graph) or `Resources` (SCIM); a dotted name, as
    `profile.login` of Okta's users, leads to a field within a field, and through lists:
    `memberOf.displayName`. A column that the file has not, and one of several pages of an answer,
    fail the plan: otherwise people would lose what they hold without a word. To import such a
    resource, write `file:users.csv#` and the columns as JSON: `jsonencode({ user = "login" })`.

    Of a file the state keeps a hash and a count, and nobody's name. The hash is of what the file
    says: order, spacing and form do not matter. A file that changed between plan and apply is not
    written: Terraform then says that the final plan is inconsistent in `file_hash`. Run the plan
    again.
    """

    users: dict[User, HeldModel] | None = attribute(
        "What each user holds, by the Redshift user's name. Either this or `file`."
    )
    file: Text | None = attribute(
        "A `.csv` or `.json` file that says what each user holds; begin the path with `${path.module}/`. Either this or "
        "`users`."
    )
    columns: ColumnsModel | None = attribute(
        "What the columns of `file` are called, where they have a directory's own names."
    )
    file_hash: str | None = computed("Hash of what the file says.", inputs=("users", "file", "columns"))
    user_count: int = computed("How many users have a profile from this resource.", inputs=("users", "file", "columns"))

    @check(given=["users", "file"])
    def _from_one_place(self) -> None:
        if (self.users is None) == (self.file is None):
            given = "Neither is given" if self.users is None else "Both are given"
            raise InvalidValueError(
                f"{given}. Write the users inline in users, or name the file that holds them in file.",
                () if self.users is None else ("file",),
                "Either users or file",
            )

    @check(given=["file", "columns"])
    def _columns_of_a_file(self) -> None:
        if self.columns is not None and self.file is None:
            raise InvalidValueError(
                "columns say what the columns of a file are called, and no file is given. Name it in file, or leave them out.",
                ("columns",),
                "Columns of no file",
            )


class UserProfiles(Resource[UserProfilesModel]):
    type_name = "veil_user_profiles"
    model = UserProfilesModel

    def plan(self, plan: Plan[UserProfilesModel], ctx: Context) -> None:
        planned = plan.planned
        if planned is None:
            self._tell(plan, {}, ctx)
            return
        wanted = _planned_profiles(planned)
        planned.file_hash, planned.user_count = _told(planned, wanted)
        integration = known_integration(plan)
        governance = client_of(ctx).planning(integration)
        plan_repair(plan, governance, integration)
        tell_of_repair(plan, ctx)
        if wanted is None:
            if governance is not None:
                governance.plan_undecided(Kind.PROFILE)
            return
        if planned.users is not None and len(wanted) > MANY:
            ctx.diagnostics.warning(
                "Many users in one configuration",
                f"{len(wanted)} users are written inline. Terraform compares them one by one in every plan; keep them in "
                'a file instead: file = "${path.module}/users.json", with what jsonencode makes of users.',
                ("users",),
            )
        if governance is None:
            return
        attribute = "file" if planned.users is None else "users"
        claim(plan, directory.profile_claims(wanted, self.type_name, attribute), governance, ctx)
        self._tell(plan, wanted, ctx)

    def _tell(self, plan: Plan[UserProfilesModel], wanted: Mapping[str, governed.Profile], ctx: Context) -> None:
        """Take in whose profiles are planned, and whose go; report what that means for others."""
        governance = client_of(ctx).planning(known_integration(plan))
        if governance is None:
            return
        with refused():
            deployed = governance.deployed()
            owned_profiles = (
                directory.owned(deployed, plan.prior.id) if deployed is not None and plan.prior is not None else {}
            )
            for finding in governance.plan_profiles(wanted, owned_profiles.keys() - wanted.keys()):
                describe(finding, (Kind.PROFILE, None), ctx.diagnostics)

    def create(self, planned: UserProfilesModel, ctx: Context) -> UserProfilesModel:
        wanted, governance, token = _applied(planned), client_of(ctx).installed(planned.integration), identity.new_id()
        return self._written(planned, token, wanted, governance, directory.creations(token, wanted))

    def update(self, prior: UserProfilesModel, planned: UserProfilesModel, ctx: Context) -> UserProfilesModel:
        wanted, governance = _applied(planned), client_of(ctx).installed(planned.integration)
        changes = directory.differences(governance.require(), prior.id, prior.users, wanted)
        return self._written(planned, prior.id, wanted, governance, changes)

    def delete(self, state: UserProfilesModel, ctx: Context) -> None:
        governance = client_of(ctx).governance(state.integration)
        with refused():
            deployed = governance.deployed()
            if deployed is not None:
                _submit(governance, directory.differences(deployed, state.id, state.users, {}))

    def read(self, state: UserProfilesModel, ctx: Context) -> UserProfilesModel | None:
        with refused():
            deployed = client_of(ctx).governance(state.integration).deployed()
        if deployed is None:
            return None
        owned_profiles = directory.owned(deployed, state.id)
        if state.users is None:
            if state.user_count and not owned_profiles:
                return None
            lines = directory.drift_of_all(deployed, state.id, state.user_count, state.file_hash)
        else:
            if state.users and not owned_profiles.keys() & state.users.keys():
                return None
            lines = directory.drift(deployed, state.id, profiles(state.users))
        return state.model_copy(update={"drift": frozenset(bounded(lines))})

    def import_state(self, id: str, ctx: Context) -> UserProfilesModel:  # noqa: A002
        with refused():
            deployed = client_of(ctx).here.require()
        path, columns = _imported(id)
        users = [user for part in id.split(",") if (user := part.strip())]
        token, held = directory.chosen(deployed, users if path is None else list(read_users(path, columns_of(columns))))
        integration = deployed.integration
        return UserProfilesModel.partial(
            users={user: _held(each) for user, each in held.items()} if path is None else None,
            file=path,
            columns=columns,
            file_hash=digest(held.values()) if path is not None else None,
            user_count=len(held),
            id=token,
            integration=integration.id if integration else "",
            drift=frozenset(),
        )

    def _written(
        self,
        planned: UserProfilesModel,
        token: str,
        wanted: Mapping[str, governed.Profile],
        governance: "Governance",
        changes: directory.Requests,
    ) -> UserProfilesModel:
        with refused():
            _submit(governance, changes)
        file_hash, count = _told(planned, wanted)
        return planned.model_copy(
            update={"id": token, "drift": frozenset(), "file_hash": file_hash, "user_count": count}
        )


def profiles(users: Mapping[str, HeldModel]) -> dict[str, governed.Profile]:
    """The profile of each user that is written inline."""
    return {user: profile_of(user, held.groups, held.attributes, held.expires) for user, held in sorted(users.items())}


def columns_of(declared: ColumnsModel | None) -> Columns | None:
    """Where a file says what. None for a file in veil's own form."""
    if declared is None:
        return None
    return Columns(
        declared.user,
        declared.groups,
        dict(declared.attributes),
        {name: frozenset(values) for name, values in declared.only.items()},
        declared.separator,
        declared.prefix,
        declared.expires,
    )


def _imported(id: str) -> tuple[str | None, ColumnsModel | None]:  # noqa: A002
    """The file that the id of an import names, and its columns where it says them as JSON behind a
    #.
    """
    if not id.startswith(_FILE):
        return None, None
    path, mark, rest = id.removeprefix(_FILE).partition(_MAPPED)
    if not mark:
        return path, None
    try:
        given = json.loads("{" + rest)
        return path, ColumnsModel.model_validate({name: value for name, value in given.items() if value is not None})
    except (ValueError, ValidationError) as problem:
        raise PluginError(
            "Not the columns of a file",
            'What follows # is to be the columns as JSON. Write the id as "file:users.csv#${jsonencode({ user = "login" })}", '
            "with what columns says in the configuration.",
        ) from problem


def _planned_profiles(planned: UserProfilesModel) -> dict[str, governed.Profile] | None:
    """The profiles that the configuration declares; None where that is not known yet."""
    if not (wholly_known(planned.users) and is_known(planned.file) and wholly_known(planned.columns)):
        return None
    if planned.users is not None:
        return profiles(planned.users)
    return read_users(planned.file or "", columns_of(planned.columns))


def _applied(planned: UserProfilesModel) -> dict[str, governed.Profile]:
    """The profiles to write. Raises PluginError where the file is not the one of the plan."""
    wanted = _planned_profiles(planned) or {}
    if is_known(planned.file_hash) and planned.file_hash not in (None, digest(wanted.values())):
        raise PluginError(
            "The user file changed since the plan",
            f"{planned.file} does not say any more what it said when the plan was made, so what you saw is not what would "
            "be written. Nothing was written; run terraform plan again.",
            path=("file",),
        )
    return wanted


def _told(planned: UserProfilesModel, wanted: Mapping[str, governed.Profile] | None) -> tuple[str | None, int]:
    """The hash and the count that the state keeps of these profiles."""
    if wanted is None:
        unknown: Any = UNKNOWN
        return (None if planned.file is None else unknown), unknown
    return (digest(wanted.values()) if planned.users is None else None), len(wanted)


def _held(profile: governed.Profile) -> HeldModel:
    return HeldModel(**held_by(profile))


def _submit(governance: "Governance", changes: directory.Requests) -> None:
    if changes:
        governance.submit(requests.Batch(changes))
