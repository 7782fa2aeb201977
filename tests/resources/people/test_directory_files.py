"""Files as directories export them: read by `columns`, however they are encoded, and what is told
of those that cannot be used.
"""

import json
import tracemalloc
from pathlib import Path

import pytest

from tests.resources.people.test_user_file import read, refusal
from veil.model import Profile
from veil.resources.people.columns import Columns
from veil.resources.people.user_file import read_users

ENTRA = """userPrincipalName,displayName,surname,mail,objectId,userType,jobTitle,department,accountEnabled,usageLocation
fay@example.com,"Moreau, Fay",Moreau,fay@example.com,1,Member,Analyst,Sales,True,FR
gil_partner.com#EXT#@example.com,Gil,,gil@partner.com,2,Guest,,,True,
hal@example.com,Hal,Hale,,3,Member,,Risk,False,US
"""
ENTRA_COLUMNS = Columns(
    "userPrincipalName",
    attributes={"department": "department", "country": "usageLocation"},
    only={"accountEnabled": frozenset({"true"})},
)
ENTRA_PROFILES = {
    "fay@example.com": Profile(
        "fay@example.com", attributes={"country": frozenset({"FR"}), "department": frozenset({"Sales"})}
    ),
    "gil_partner.com#EXT#@example.com": Profile("gil_partner.com#EXT#@example.com"),
}

MEMBERSHIPS = """Group name,Okta username,Okta user status
analysts,fay@example.com,Active
"hr, europe",fay@example.com,Active
hr,gil@example.com,Suspended
"""
MEMBERSHIP_COLUMNS = Columns("Okta username", "Group name", only={"Okta user status": frozenset({"Active"})})

OKTA = [
    {
        "id": "00u1",
        "status": "ACTIVE",
        "profile": {"login": "fay@example.com", "department": "Sales", "regions": ["FR", "DE"], "manager": None},
        "groups": [{"id": "g1", "profile": {"name": "analysts"}}, {"id": "g2", "profile": {"name": "hr"}}],
    },
    {"id": "00u2", "status": "DEPROVISIONED", "profile": {"login": "gil@example.com"}, "groups": []},
]
OKTA_COLUMNS = Columns(
    "profile.login",
    "groups.profile.name",
    {"department": "profile.department", "region": "profile.regions"},
    {"status": frozenset({"active"})},
)
OKTA_PROFILES = {
    "fay@example.com": Profile(
        "fay@example.com",
        frozenset({"analysts", "hr"}),
        {"department": frozenset({"Sales"}), "region": frozenset({"FR", "DE"})},
    )
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_list_of_users_comes_as_it_was_exported(tmp_path: Path, encoding: str, delimiter: str):
    text = ENTRA if delimiter == "," else ENTRA.replace('"Moreau, Fay"', "Fay").replace(",", delimiter)
    assert read(tmp_path, text.replace("\n", "\r\n").encode(encoding), columns=ENTRA_COLUMNS) == ENTRA_PROFILES


def test_utf_16_is_read_in_either_order_of_bytes(tmp_path: Path):
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        assert read(tmp_path, mark + ENTRA.encode(encoding), columns=ENTRA_COLUMNS) == ENTRA_PROFILES


def test_memberships_on_a_line_each_add_up_and_only_says_whose_count(tmp_path: Path):
    assert read(tmp_path, MEMBERSHIPS, columns=MEMBERSHIP_COLUMNS) == {
        "fay@example.com": Profile("fay@example.com", frozenset({"analysts", "hr, europe"}))
    }


def test_values_within_a_cell_are_separated_as_the_configuration_says(tmp_path: Path):
    text = "login,memberOf\nfay,a|b;c\n"
    groups = {
        separator: read(tmp_path, text, columns=Columns("login", "memberOf", separator=separator))["fay"].groups
        for separator in ("|", ";", "")
    }
    assert groups == {"|": {"a", "b;c"}, ";": {"a|b", "c"}, "": {"a|b;c"}}


def test_a_prefix_stands_before_every_name(tmp_path: Path):
    assert read(tmp_path, "login\nfay\n", columns=Columns("login", prefix="AWSIDC:")).keys() == {"AWSIDC:fay"}
    told = refusal(tmp_path, "login,x\n ,1\n", columns=Columns("login", prefix="AWSIDC:"))
    assert told == "line 2, column login: 'AWSIDC:' cannot be a Redshift user: it is empty"


@pytest.mark.parametrize("around", ["{}", '{{"value": {}}}', '{{"totalResults": 2, "Resources": {}}}'])
def test_json_is_a_list_of_a_directory_s_own_objects(tmp_path: Path, around: str):
    assert read(tmp_path, around.format(json.dumps(OKTA)), "okta.json", OKTA_COLUMNS) == OKTA_PROFILES


def test_a_field_with_a_dot_in_its_name_is_found_before_a_field_within_a_field(tmp_path: Path):
    text = '[{"a.b": "fay", "a": {"b": "gil"}}]'
    assert read(tmp_path, text, "users.json", Columns("a.b")).keys() == {"fay"}


def test_json_in_utf_16_is_read(tmp_path: Path):
    assert read(tmp_path, json.dumps(OKTA).encode("utf-16"), "okta.json", OKTA_COLUMNS) == OKTA_PROFILES


def test_what_several_objects_say_of_a_user_adds_up(tmp_path: Path):
    text = '[{"u": "fay", "g": "a"}, {"u": "fay", "g": ["b", null, ""]}]'
    assert read(tmp_path, text, "users.json", Columns("u", "g")) == {"fay": Profile("fay", frozenset({"a", "b"}))}


@pytest.mark.parametrize(
    ("text", "columns", "told"),
    [
        (
            "UserPrincipalName,mail\nfay,x\n",
            Columns("userPrincipalName"),
            "line 1: there is no column 'userPrincipalName'; it names 'UserPrincipalName'. Write the column in columns as",
        ),
        (
            "login;status\nfay;x\n",
            Columns("login", "memberOf"),
            "line 1: there is no column 'memberOf'; it names 'login', 'status'. Write one of them in columns",
        ),
        ("login,g,g\nfay,a,b\n", Columns("login", "g"), "line 1, column 'g': it is there more than once"),
        ("", Columns("login"), "line 1: there is no column 'login'; it names nothing"),
        ("login\nfay\n", Columns("login", only={"on": frozenset({"x"})}), "line 1: there is no column 'on'"),
        ("login,on\nfay,y\n", Columns("login", only={"on": frozenset({"x"})}), "only lets no user of it through"),
        ("login,g\nfay\n", Columns("login", "g"), "line 2: it has 1 cells, and the first line names 2 columns"),
        ("\n\nlogin,g\nfay,a\tb\n", Columns("login", "g"), "line 4, column g: 'a\\tb' cannot be used: it contains a"),
        ("login,g\n,hr\n", Columns("login", "g"), "line 2, column login: '' cannot be a Redshift user: it is empty"),
        (
            "\ufefflogin,g\nfay,x\n".encode("utf-16-le") + b"\x00",
            Columns("login", "g"),
            "line 3: it is not UTF-16. Save the file as UTF-8",
        ),
        (
            "login\nfay\n".encode("utf-16-le"),
            Columns("login"),
            "it is neither UTF-8 nor UTF-16 with a byte order mark. Save the file as UTF-8",
        ),
        ("login\nfay\n".encode("utf-32"), Columns("login"), "it is neither UTF-8 nor UTF-16 with a byte order mark"),
    ],
)
def test_what_is_wrong_with_an_export_is_told_with_its_place(
    tmp_path: Path, text: str | bytes, columns: Columns, told: str
):
    assert refusal(tmp_path, text, columns=columns).startswith(told)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"fay": {}}', "it is an object where a list with an object for each user belongs"),
        ('{"value": [], "@odata.nextLink": "https://…"}', "it is one page of several: it has @odata.nextLink"),
        ("[1]", "[0]: it is the number 1 where an object belongs"),
        ('[{"u": ["a", "b"], "g": "x"}]', "[0].u: it names 2 users where one belongs"),
        ('[{"u": "a", "g": [7]}]', "[0].g: it is the number 7 where a string or a list of them belongs"),
        ('[{"u": "a", "g": "x\\ty"}]', "[0].g: 'x\\ty' cannot be used: it contains a control"),
        ('[{"u": "a\\u200b", "g": "x"}]', "[0].u: 'a\\u200b' cannot be used: it contains the invisible"),
        ('[{"u": "a"}]', "no object has the field 'g'. Write in columns a field that the file has"),
        ('[{"u": "a", "g": "x", "g": "y"}]', "the key 'g' is there twice in one object"),
        ("[]", "it names no user"),
    ],
)
def test_what_is_wrong_with_objects_of_a_directory_is_told_with_its_place(tmp_path: Path, text: str, told: str):
    assert refusal(tmp_path, text, "users.json", Columns("u", "g")).startswith(told)


def test_a_wide_export_of_many_users_is_not_held_in_memory_beside_what_it_says(tmp_path: Path):
    """A file of 24 MB with 20,000 users says little more than their names and teams."""
    path = tmp_path / "users.csv"
    path.write_text(
        "login,team,unused\n" + "".join(f"user{number},t{number % 50},{'x' * 1180}\n" for number in range(20_000))
    )
    tracemalloc.start()
    try:
        found = read_users(str(path), Columns("login", "team"))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(found) == 20_000
    assert peak < path.stat().st_size
