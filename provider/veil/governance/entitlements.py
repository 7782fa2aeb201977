"""What users hold in the warehouse, compared with what profiles, subscriptions and projects give them."""

from collections.abc import Iterator

from veil.governance.metadata import equalizing
from veil.governance.metadata.deployed import Deployed
from veil.governance.metadata.people import acting
from veil.model import Kind, Profile, Project, Subscription
from veil.warehouse import EntryRow, ProfileRow

_GIVEN_BY_OTHERS = frozenset({Kind.PROJECT, Kind.PURPOSE, Kind.SUBSCRIPTION})


def profile_drift(deployed: Deployed, wanted: Profile) -> Iterator[str]:
    """What of a user's row and entries is not as the profile says, and entries that nothing of ours gives."""
    if wanted.user not in deployed.disturbed and deployed.world.profiles.get(wanted.user) == wanted:
        return
    rows = deployed.profile_rows.get(wanted.user, ())
    if len(rows) != 1:
        yield "its profile row is missing"
    elif not rows[0].intact:
        yield "its profile row was altered, or is there twice"
    else:
        yield from _row(deployed, rows[0], wanted)
    held = {_shown(each) for each in deployed.entries_of(wanted.user, "group", "attribute")}
    for kind, name, value in sorted(held - entries(wanted)):
        yield f"the {_named(kind, name, value)} was added"
    for kind, name, value in sorted(entries(wanted) - held):
        yield f"the {_named(kind, name, value)} was removed"
    yield from _strange_entries(deployed, wanted.user)


def subscription_drift(deployed: Deployed, wanted: Subscription) -> Iterator[str]:
    """Whether the entry is there that admits the user. Without a profile a user has no entries, and sees nothing."""
    if wanted.user not in deployed.world.profiles:
        return
    mine = [each for each in deployed.entries_of(wanted.user, "subscription") if each.value == wanted.data_source]
    expected = EntryRow(wanted.user, "subscription", "", wanted.data_source, wanted.expires_at)
    if mine != [expected]:
        yield "its entry in the user's profile is missing or was altered"


def project_drift(deployed: Deployed, wanted: Project) -> Iterator[str]:
    """The members whose entries are not what the project gives them."""
    for user in sorted(wanted.members & deployed.world.profiles.keys()):
        expected = {_shown(each) for each in acting(deployed.world, user, wanted)}
        held = {_shown(each) for each in deployed.entries_of(user, *(kind for kind, _, _ in expected))}
        if expected - held:
            yield f"entries of member {user} are missing or were altered"
    shared = equalizing.entries_of(deployed.world, wanted)
    rows = [each for each in deployed.snapshot.project_entries if each.project == wanted.name]
    if frozenset(rows) != shared or len(rows) != len(shared):
        yield "what its members share was altered"
    if wanted.masked_joins and wanted.salt_key not in deployed.snapshot.salt_names:
        yield "its salt was removed: hashed columns will not join as before"


def entries(profile: Profile) -> frozenset[tuple[str, str, str]]:
    """The flat entries (kind, name, value) that views read of a profile."""
    groups = {("group", "", group) for group in profile.groups}
    return frozenset(groups | {("attribute", n, value) for n, values in profile.attributes.items() for value in values})


def _row(deployed: Deployed, row: ProfileRow, wanted: Profile) -> Iterator[str]:
    held = {name: frozenset(values) for name, values in row.attributes.items()}
    if row.groups != wanted.groups or held != dict(wanted.attributes):
        yield "the groups or attributes of its profile row were altered"
    expected = deployed.disturbed.get(wanted.user)
    if expected is None or _cannot_tell(deployed):
        return
    if (row.projects, row.valid_tables) != (expected[0].projects, expected[0].valid_tables):
        yield "the projects or tables of its profile row were altered"


def _strange_entries(deployed: Deployed, user: str) -> Iterator[str]:
    rows = deployed.disturbed.get(user)
    if rows is None or _cannot_tell(deployed):
        return
    expected = {_shown(each) for each in rows[1]}
    held = {_shown(each) for each in deployed.entries_of(user) if each.kind not in ("group", "attribute")}
    for kind, name, value in sorted(held - expected):
        yield f"the {_named(kind, name, value)} was added"


def _cannot_tell(deployed: Deployed) -> bool:
    return any(kind in _GIVEN_BY_OTHERS for kind, _ in deployed.broken)


def _shown(entry: EntryRow) -> tuple[str, str, str]:
    return entry.kind, entry.name, entry.value


_NAMED = {
    "attribute": "attribute {name!r} = {value!r}",
    "project_source": "data source {value!r} of the project {name!r}",
    "project_purpose": "purpose {value!r} of the project {name!r}",
    "covering_purpose": "purpose {value!r} above {name!r}",
    "project_salt": "salt of the project {name!r}",
    "acknowledgement": "text to acknowledge for the purpose {name!r}",
}


def _named(kind: str, name: str, value: str) -> str:
    return _NAMED[kind].format(name=name, value=value) if kind in _NAMED else f"{kind} {value!r}"
