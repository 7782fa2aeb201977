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

GRANT = "INSERT INTO immuta_system.impersonation (immuta__userid, as_user) VALUES "

ODD = (
    Tampering(
        "a group whose name ends in a space is given to a user",
        (ENTRY + "('bob', 'group', '', 'global ')",),
        {BOB: "the group 'global ' was added"},
    ),
    Tampering(
        "a group is given to a user until a time that no calendar has",
        (
            "INSERT INTO immuta_system.profile_entry (immuta__userid, kind, name, value, expires_at)"
            " VALUES ('erin', 'group', '', 'clearance', 'infinity')",
        ),
        {ERIN: "the group 'clearance' was added"},
    ),
    Tampering(
        "an impersonation grant for a name that ends in a space is added",
        (GRANT + "('support', 'alice ')",),
        {MAIN: "support was allowed to act as 'alice '"},
    ),
    Tampering(
        "an impersonation grant with characters that nobody sees is added",
        (GRANT + "('dave', 'al' || CHR(8203) || 'ice')", GRANT + "('dave', 'a' || CHR(31) || 'lice')"),
        {MAIN: "dave was allowed to act as 'a\\x1flice'"},
    ),
    Tampering(
        "a profile whose name ends in a space is added",
        (ENTRY + "('alice ', 'group', '', 'clearance')",),
        {MAIN: "the profile of user 'alice ' was added outside veil"},
    ),
    Tampering(
        "something is shared in a project with an odd name",
        (
            "INSERT INTO immuta_system.project_entry (project, kind, name, value, strength)"
            " VALUES ('audit ', 'equalized', '', '', 2)",
        ),
        {MAIN: "what the members of the project 'audit ' share was added outside veil"},
    ),
    Tampering(
        "a profile row of nothing that veil writes is added",
        (
            "INSERT INTO immuta_system.profile (immuta__userid, groups, attributes, projects, valid_tables, updated_at)"
            " VALUES ('deep', JSON_PARSE('" + "[" * 900 + "]" * 900 + "'), NULL, NULL, NULL, GETDATE())",
        ),
        {MAIN: "the profile of user deep was added outside veil"},
    ),
)

TWICE = (
    Tampering(
        "the end of a group is edited",
        (
            "UPDATE immuta_system.profile_entry SET expires_at = '2020-01-01'"
            " WHERE immuta__userid = 'alice' AND value = 'analysts'",
        ),
        {ALICE: "the group 'analysts' was altered, or is there twice"},
    ),
    Tampering(
        "an entry of a user is there twice",
        (
            "INSERT INTO immuta_system.profile_entry SELECT * FROM immuta_system.profile_entry"
            " WHERE immuta__userid = 'erin' AND kind = 'project'",
        ),
        {ERIN: "the project 'audit' was altered, or is there twice"},
    ),
    Tampering(
        "an impersonation grant is there twice",
        ("INSERT INTO immuta_system.impersonation SELECT * FROM immuta_system.impersonation",),
        {MAIN: "that bob may act as alice is there twice"},
    ),
    Tampering(
        "the project that a user acts in is there twice",
        ("INSERT INTO immuta_system.runtime SELECT * FROM immuta_system.runtime WHERE immuta__userid = 'erin'",),
        {MAIN: "the project that erin acts in is there twice"},
    ),
    Tampering(
        "what a user agreed to is there twice",
        ("INSERT INTO immuta_system.acknowledgement SELECT * FROM immuta_system.acknowledgement",),
        {MAIN: "what bob agreed to for the purpose fraud is there twice"},
    ),
)

CHOSEN = (
    Tampering(
        "that a user agreed to a purpose is written by somebody else",
        (
            "INSERT INTO immuta_system.acknowledgement SELECT 'erin', purpose, text_hash, updated_at, seal"
            " FROM immuta_system.acknowledgement WHERE immuta__userid = 'bob'",
        ),
        {MAIN: "what erin is said to have agreed to for the purpose fraud was added outside veil"},
    ),
    Tampering(
        "the project that a user acts in is set by somebody else",
        ("UPDATE immuta_system.runtime SET current_project = 'audit' WHERE immuta__userid = 'bob'",),
        {MAIN: "the project that bob acts in was set outside veil: it will be none"},
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
        "a right that ends is made one for good",
        ("UPDATE immuta_system.profile_entry SET expires_at = NULL WHERE immuta__userid = 'alice' AND value = 'CA'",),
        {ALICE: "the attribute 'territory' = 'CA' was altered, or is there twice"},
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
        "what user_profile shows the members of a project is written",
        (
            "INSERT INTO immuta_system.project_profile (project, groups, attributes, projects, valid_tables, updated_at)"
            " SELECT 'audit', JSON_PARSE('[\"clearance\"]'), JSON_PARSE('{}'), JSON_PARSE('[]'), JSON_PARSE('[]'), GETDATE()",
        ),
        {"veil_project.audit": "what user_profile shows its members while they act in it was altered"},
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
        "the list of tables in a profile row is edited",
        (
            "UPDATE immuta_system.profile SET valid_tables = JSON_PARSE('[\"raw.secret\"]')"
            " WHERE immuta__userid = 'erin'",
        ),
        {ERIN: "the projects or tables of its profile row were altered"},
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

NEW_APPROVER = (
    "INSERT INTO immuta_system.approver (source, shown, policy, kind, name, seconds)"
    " VALUES ('raw.customers', 'governed.customers', 'customers', 'policy', 'approval', NULL),"
    " ('raw.customers', 'governed.customers', 'customers', 'user', 'bob', NULL)"
)

REQUESTS = (
    Tampering(
        "a user may approve requests",
        (NEW_APPROVER,),
        {MAIN: "who may approve requests for raw.customers was altered outside veil"},
    ),
    Tampering(
        "who may approve requests is taken off",
        ("DELETE FROM immuta_system.approver WHERE source = 'raw.orders'",),
        {MAIN: "who may approve requests for raw.orders was altered outside veil"},
    ),
    Tampering(
        "a user is kept from asking",
        (
            "INSERT INTO immuta_system.request_end (immuta__userid, source, refused, ended_at)"
            " VALUES ('bob', 'raw.orders', 1, GETDATE())",
        ),
        {MAIN: "bob was kept from asking for raw.orders outside veil"},
    ),
    Tampering(
        "a refused user may ask",
        ("UPDATE immuta_system.request_end SET refused = 0 WHERE immuta__userid = 'erin'",),
        {"veil_access_refusal.erin": "the row that keeps the user from asking is missing or was altered"},
    ),
)

FORGED_REQUESTS = (
    Tampering(
        "a request is made for somebody else",
        (
            "INSERT INTO immuta_system.access_request (immuta__userid, source, reason, requested_at, seal)"
            " VALUES ('bob', 'raw.customers', 'please', GETDATE(), 'x')",
        ),
        {MAIN: "the request of bob for raw.customers was added or altered outside veil"},
    ),
    Tampering(
        "a user is approved without an approver",
        (
            "INSERT INTO immuta_system.approval (immuta__userid, source, approver, approved_at, seal)"
            " VALUES ('bob', 'raw.audited', 'alice', GETDATE(), 'x')",
        ),
        {MAIN: "the approval of bob for raw.audited was added or altered outside veil, and admits nobody"},
    ),
)
"""Rows without veil's seal, which only where all sealed tables are there can be told one by one."""
