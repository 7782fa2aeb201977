"""What users hold in the warehouse, compared with what profiles, subscriptions and projects give
them.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from veil.governance.metadata import equalizing
from veil.governance.metadata.deployed import DeployedState
from veil.governance.metadata.people import acting, given_by
from veil.governance.metadata.salts import what_befell_salt
from veil.governance.showing import quoted, shown
from veil.model import KINDS, Kind, Profile, Project, Subscription
from veil.model.kinds import Decides
from veil.warehouse import EntryRow, ProfileRow

_GIVEN_BY_OTHERS = {kind for kind, spec in KINDS.items() if spec.decides is Decides.ENTRIES} - {Kind.PROFILE}
"""The kinds beside a profile itself that give its user entries."""


def profile_drift(deployed: DeployedState, wanted: Profile) -> Iterator[str]:
    """What of a user's row and entries is not as the profile says, and entries that nothing of ours
    gives.
    """
    if wanted.user not in deployed.disturbed and deployed.world.profiles.get(wanted.user) == wanted:
        return
    rows = deployed.profile_rows.get(wanted.user, ())
    if len(rows) != 1:
        yield "its profile row is missing"
    elif not rows[0].intact:
        yield "its profile row was altered, or is there twice"
    else:
        yield from _row(deployed, rows[0], wanted)
    held = Counter(deployed.entries_of(wanted.user, "group", "attribute"))
    expected = set(given_by(wanted))
    for each in _sorted({_lasting(entry) for entry in expected} - {_lasting(entry) for entry in held}):
        yield f"the {_named(each)} was removed"
    yield from _excess(held, expected)
    if (given := deployed.disturbed.get(wanted.user)) is not None and not _cannot_tell(deployed):
        others = Counter(each for each in deployed.entries_of(wanted.user) if each.kind not in ("group", "attribute"))
        yield from _excess(others, given[1])


def subscription_drift(deployed: DeployedState, wanted: Subscription) -> Iterator[str]:
    """Whether the entry is there that admits the user. Without a profile a user has no entries, and
    sees nothing.
    """
    if wanted.user not in deployed.world.profiles:
        return
    held = [each for each in deployed.entries_of(wanted.user, "subscription") if each.value == wanted.data_source]
    expected = EntryRow(wanted.user, "subscription", "", wanted.data_source, wanted.expires_at)
    if held != [expected]:
        yield "its entry in the user's profile is missing or was altered"


def project_drift(deployed: DeployedState, wanted: Project) -> Iterator[str]:
    """The members whose entries are not what the project gives them."""
    for user in sorted(wanted.members & deployed.world.profiles.keys()):
        expected = set(acting(deployed.world, user, wanted))
        held = Counter(deployed.entries_of(user, *(each.kind for each in expected)))
        if any(held[each] != 1 for each in expected):
            yield f"entries of member {user} are missing or were altered"
    rows = [each for each in deployed.snapshot.project_entries if each.project == wanted.name]
    if equalizing.differs(deployed.world, wanted, rows):
        yield "what its members share was altered"
    profiles = [each for each in deployed.snapshot.project_profiles if each.project == wanted.name]
    expected_profile = deployed.shown_to_members(wanted)
    if profiles != ([] if expected_profile is None else [expected_profile]):
        yield "what user_profile shows its members while they act in it was altered"
    if wanted.masked_joins and (altered := what_befell_salt(deployed.snapshot, wanted.salt_key)):
        yield f"its salt was {altered}: hashed columns will not join as before"


def _row(deployed: DeployedState, row: ProfileRow, wanted: Profile) -> Iterator[str]:
    held = {name: frozenset(values) for name, values in row.attributes.items()}
    if row.groups != wanted.groups or held != dict(wanted.attributes):
        yield "the groups or attributes of its profile row were altered"
    expected = deployed.disturbed.get(wanted.user)
    if expected is None or _cannot_tell(deployed):
        return
    if (row.projects, row.valid_tables) != (expected[0].projects, expected[0].valid_tables):
        yield "the projects or tables of its profile row were altered"


def _excess(held: Counter[EntryRow], expected: Collection[EntryRow]) -> Iterator[str]:
    """What is held beyond the expected: entries that nothing gives, and altered or double ones of
    those that something does.
    """
    given = {_lasting(each) for each in expected}
    excess = held - Counter(expected)
    for each in _sorted({_lasting(entry) for entry in excess}):
        yield f"the {_named(each)} was altered, or is there twice" if each in given else f"the {_named(each)} was added"


def _lasting(entry: EntryRow) -> EntryRow:
    """The same entry without an end."""
    return entry._replace(expires_at=None)


def _sorted(rows: Iterable[EntryRow]) -> list[EntryRow]:
    return sorted(rows, key=lambda row: row[:4])


def _cannot_tell(deployed: DeployedState) -> bool:
    return any(kind in _GIVEN_BY_OTHERS for kind, _ in deployed.broken)


_NAMED = {
    "attribute": "attribute {name} = {value}",
    "project_source": "data source {value} of the project {name}",
    "project_purpose": "purpose {value} of the project {name}",
    "covering_purpose": "purpose {value} above {name}",
    "project_salt": "salt of the project {name}",
    "acknowledgement": "text to acknowledge for the purpose {name}",
}


def _named(entry: EntryRow) -> str:
    name, value = quoted(entry.name), quoted(entry.value)
    known = _NAMED.get(entry.kind)
    return known.format(name=name, value=value) if known else f"{shown(entry.kind)} {value}"
