"""What can be done to the rows that say who people are."""

from tests.acceptance.tampering.kinds import ALICE, AUDIT, BOB, DIRECTORY, ERIN, GROUP, MAIN, SUPPORT, Tampering

ENTRY = "INSERT INTO immuta_system.profile_entry (immuta__userid, kind, name, value) VALUES "
NO_ENTRY = "DELETE FROM immuta_system.profile_entry WHERE immuta__userid = "

PROFILES = (
    Tampering(
        "a profile row is edited",
        ("UPDATE immuta_system.profile SET groups = JSON_PARSE('[\"clearance\"]') WHERE immuta__userid = 'alice'",),
        {ALICE: "the groups or attributes of its profile row were altered"},
    ),
    Tampering(
        "a profile row is deleted",
        ("DELETE FROM immuta_system.profile WHERE immuta__userid = 'dave'",),
        {DIRECTORY: "dave: its profile row is missing"},
    ),
    Tampering(
        "a profile row is there twice",
        ("INSERT INTO immuta_system.profile SELECT * FROM immuta_system.profile WHERE immuta__userid = 'erin'",),
        {ERIN: "its profile row was altered, or is there twice"},
    ),
    Tampering(
        "a profile row is added",
        (
            "INSERT INTO immuta_system.profile (immuta__userid, groups, attributes, projects, valid_tables, updated_at)"
            " SELECT 'eve', groups, attributes, projects, valid_tables, updated_at FROM immuta_system.profile"
            " WHERE immuta__userid = 'bob'",
        ),
        {MAIN: "the profile of user eve was added outside veil"},
    ),
    Tampering(
        "a group is given to a user",
        (ENTRY + "('bob', 'group', '', 'clearance')",),
        {BOB: "the group 'clearance' was added"},
    ),
    Tampering(
        "a group is taken from a user",
        (NO_ENTRY + "'carol' AND value = 'hr'",),
        {DIRECTORY: "carol: the group 'hr' was removed"},
    ),
    Tampering(
        "an attribute of a user is edited",
        ("UPDATE immuta_system.profile_entry SET value = 'FR' WHERE immuta__userid = 'alice' AND value = 'CA'",),
        {ALICE: "the attribute 'territory' = 'FR' was added"},
    ),
    Tampering(
        "a subscription is taken from a user",
        (NO_ENTRY + "'dave' AND kind = 'subscription'",),
        {AUDIT: "its entry in the user's profile is missing"},
    ),
    Tampering(
        "a project's data source is taken from a member",
        (NO_ENTRY + "'erin' AND kind = 'project_source'",),
        {"veil_project.audit": "of member erin"},
    ),
)

ENTITLEMENTS = (
    Tampering(
        "a subscription is given to a user",
        (ENTRY + "('alice', 'subscription', '', 'raw.audited')",),
        {ALICE: "the subscription 'raw.audited' was added"},
    ),
    Tampering(
        "a subscription is prolonged",
        ("UPDATE immuta_system.profile_entry SET expires_at = '2199-01-01' WHERE kind = 'subscription'",),
        {AUDIT: "its entry in the user's profile is missing or was altered"},
    ),
    Tampering(
        "a purpose is given to a user",
        (ENTRY + "('bob', 'project_purpose', 'fraud-team', 'everything')",),
        {BOB: "the purpose 'everything' of the project 'fraud-team' was added"},
    ),
    Tampering(
        "a user is let into a project",
        (ENTRY + "('carol', 'project', '', 'audit')",),
        {DIRECTORY: "carol: the project 'audit' was added"},
    ),
    Tampering(
        "what a project's members share is added to",
        (
            "INSERT INTO immuta_system.project_entry (project, kind, name, value, strength)"
            " VALUES ('audit', 'group', '', 'clearance', 1)",
        ),
        {"veil_project.audit": "what its members share was altered"},
    ),
    Tampering(
        "something is shared in a project that nobody made",
        (
            "INSERT INTO immuta_system.project_entry (project, kind, name, value, strength)"
            " VALUES ('gone', 'equalized', '', '', 2), ('gone', 'group', '', 'clearance', 2)",
        ),
        {MAIN: "what the members of the project gone share was added outside veil"},
    ),
    Tampering(
        "the projects in a profile row are edited",
        ("UPDATE immuta_system.profile SET projects = JSON_PARSE('[\"audit\"]') WHERE immuta__userid = 'dave'",),
        {DIRECTORY: "dave: the projects or tables of its profile row were altered"},
    ),
    Tampering(
        "entries of a user without a profile are added",
        (ENTRY + "('mallory', 'group', '', 'clearance')",),
        {MAIN: "the profile of user mallory was added outside veil"},
    ),
    Tampering(
        "an impersonation grant is added",
        ("INSERT INTO immuta_system.impersonation (immuta__userid, as_user) VALUES ('dave', 'carol')",),
        {MAIN: "dave was allowed to act as carol"},
    ),
    Tampering(
        "an impersonation grant is moved to another user",
        ("UPDATE immuta_system.impersonation SET immuta__userid = 'erin' WHERE immuta__userid = 'bob'",),
        {MAIN: "erin was allowed to act as alice", SUPPORT: "bob may no longer act as alice"},
    ),
    Tampering(
        "a user is taken out of the impersonation group",
        (f"ALTER GROUP {GROUP} DROP USER bob",),
        {SUPPORT: f"bob was taken out of the group {GROUP}"},
    ),
)
