"""Files of users: both forms, the hash of what they say, and what people are told of a file that
cannot be used.
"""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from veil.model import Expires, Profile
from veil.plugin import PluginError
from veil.resources.people.columns import Columns
from veil.resources.people.user_file import digest, read_users

ALICE = Profile("alice", frozenset({"analysts", "hr"}), {"territory": frozenset({"US", "CA"})})
BOB = Profile("bob")
CSV = "user,groups,attributes.territory\nalice,analysts;hr,US;CA\nbob,,\n"
JSON = '{"bob": {}, "alice": {"attributes": {"territory": ["CA", "US"]}, "groups": ["hr", "analysts"]}}'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def read(
    folder: Path, text: str | bytes, name: str = "users.csv", columns: Columns | None = None
) -> dict[str, Profile]:
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_users(str(folder / name), columns)


def refusal(folder: Path, text: str | bytes, name: str = "users.csv", columns: Columns | None = None) -> str:
    """What is told of a file, without its path and the last sentence."""
    with pytest.raises(PluginError) as caught:
        read(folder, text, name, columns)
    assert caught.value.diagnostics[0].path == ("file",)
    lines = caught.value.diagnostics[0].detail.splitlines()
    assert lines[0] == f"{folder / name}:"
    assert lines[-1] == "Correct the file; nothing was written."
    return "\n".join(line.removeprefix("  - ") for line in lines[1:-1])


def test_csv_and_json_say_the_same(folder: Path):
    assert read(folder, CSV) == read(folder, JSON, "users.json") == {"alice": ALICE, "bob": BOB}


@pytest.mark.parametrize(
    "text",
    [
        "attributes.territory,user,groups\nUS;CA,alice,hr;analysts\n,bob,\n",
        "user,groups,attributes.territory\nalice,analysts,US\nbob,,\nalice,hr,CA\nalice,hr,\n",
        "\ufeffuser,groups,attributes.territory\r\n\r\nbob,,\r\nalice, analysts ; hr ;,US;CA;US\r\n",
        'user,groups,attributes.territory,attributes.unused\n"alice","analysts;hr","US;CA",\nbob,,,\n',
        '\ufeffuser;groups;attributes.territory\r\nalice;"analysts;hr";"US;CA"\r\nbob;;\r\n',
        "user\tgroups\tattributes.territory\nalice\tanalysts;hr\tUS;CA\nbob\t\t\n",
    ],
    ids=[
        "other columns",
        "a line for each membership",
        "a spreadsheet",
        "quotes and an empty column",
        "a spreadsheet with semicolons",
        "tabs",
    ],
)
def test_order_spacing_and_repetition_do_not_matter(folder: Path, text: str):
    assert digest(read(folder, text).values()) == digest([BOB, ALICE])


@pytest.mark.parametrize(
    "text",
    [
        "user , groups , attributes.territory\n alice , analysts ; hr , US ; CA \nbob , ,\n",
        "user,groups,attributes. territory\nalice\u00a0,analysts;\u00a0hr,US;CA\n\tbob,,\n",
        'user,groups,attributes.territory\n"alice ",analysts,US\nalice," hr",CA\n"bob\n",,\n',
    ],
    ids=["blanks", "blanks of spreadsheets", "within quotes"],
)
def test_blanks_around_a_cell_do_not_count(folder: Path, text: str):
    assert read(folder, text) == {"alice": ALICE, "bob": BOB}


def test_letters_are_one_however_unicode_writes_them(folder: Path):
    one, other = "jose\u0301", "jos\u00e9"
    csv = f"user,groups,attributes.{one}\n{one},{one},{one}\n{other},{other},{other}\n"
    expected = {other: Profile(other, frozenset({other}), {other: frozenset({other})})}
    assert read(folder, csv) == expected
    json = f'{{"jose\\u0301": {{"groups": ["{one}", "{other}"], "attributes": {{"{one}": ["jose\\u0301"]}}}}}}'
    assert read(folder, json, "users.json") == expected
    assert refusal(folder, f'{{"{one}": {{}}, "{other}": {{}}}}', "users.json") == (
        f"the key {other!r} is there twice in one object"
    )


def test_the_hash_tells_one_value_from_another():
    others = [
        Profile("alice", frozenset({"analysts,hr"}), ALICE.attributes),
        Profile("alice", ALICE.groups, {"territory": frozenset({"US"}), "region": frozenset({"CA"})}),
        Profile("alic", ALICE.groups, ALICE.attributes),
    ]
    assert len({digest([each]) for each in (ALICE, *others)}) == 4
    assert digest([ALICE]) != digest([ALICE, BOB])


def test_json_holds_what_csv_cannot(folder: Path):
    found = read(folder, '{"alice": {"attributes": {"note": ["a;b", ""]}}}', "users.json")
    assert found["alice"].attributes == {"note": {"a;b", ""}}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "line 1: there is no column user; it names nothing"),
        ("name;groups\nalice;hr\n", "line 1: there is no column user; it names 'name;groups'"),
        ("user,groups,email\n", "line 1, column 'email': unknown column. The columns are user, groups, attributes."),
        ("user,groups,groups\n", "line 1, column 'groups': it is there more than once"),
        ("user,attributes.\n", "line 1, column 'attributes.': it has no name"),
        ("user,groups\n", "it names no user"),
        ("user,groups\nalice\n", "line 2: it has 1 cells, and the first line names 2 columns"),
        ("user,groups\n\n,hr\n", "line 3, column user: '' cannot be a Redshift user: it is empty"),
        ("user,groups\na,b\nalice,a;b\tc\n", "line 3, column groups: 'b\\tc' cannot be used: it contains a control"),
        ('user,groups\n"a\nb",hr\ncarol\n', "line 2, column user: 'a\\nb' cannot be a Redshift user"),
        ('user,groups\nbob,hr\n"alice,hr\n', "line 3: unexpected end of data"),
        (b"user,groups\nbob,hr\nalice,caf\xe9\n", "line 3: it is not UTF-8"),
        ("user,groups\nd\u200ban,hr\n", "line 2, column user: 'd\\u200ban' cannot be a Redshift user: it contains the"),
        ("user,groups\n \t,hr\n", "line 2, column user: '' cannot be a Redshift user: it is empty"),
        (
            f"user,groups\n{'ü' * 64},hr\n",
            f"line 2, column user: '{'ü' * 64}' cannot be a Redshift user: it is 128 bytes",
        ),
        ("user,groups\ndan,h\0r\n", "line 2, column groups: 'h\\x00r' cannot be used: it contains a control"),
        ("user,attributes.a\u200b\n", "line 1, column 'attributes.a\\u200b': it contains the invisible"),
    ],
)
def test_what_is_wrong_with_a_csv_file_is_told_with_its_place(folder: Path, text: str | bytes, told: str):
    assert refusal(folder, text).startswith(told)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{\n  "alice": {]\n}', "line 2, column 13: "),
        ("[]", "it is a list where an object with a key for each user belongs"),
        ('{"a": {}, "b": {}, "a": {}}', "the key 'a' is there twice in one object"),
        ('{"alice": ["hr"]}', "alice: it is a list where an object with groups and attributes belongs"),
        ('{"alice": {"group": []}}', "alice.group: unknown field. A user has groups, attributes and expires"),
        ('{"alice": {"groups": "hr"}}', "alice.groups: it is the string 'hr' where a list of strings belongs"),
        ('{"alice": {"groups": ["hr", 7]}}', "alice.groups[1]: it is the number 7 where a string belongs"),
        ('{"alice": {"groups": [""]}}', "alice.groups[0]: '' cannot be used: it is empty"),
        ('{"alice": {"attributes": {"": ["x"]}}}', "alice.attributes: the name '' cannot be used: it is empty"),
        (
            '{"alice": {"attributes": {"t": ["US "]}}}',
            "alice.attributes.t[0]: 'US ' cannot be used: it ends in a space",
        ),
        ('{"alice": {"attributes": [1]}}', "alice.attributes: it is a list where an object of lists belongs"),
        ('{"a\\ud800": {}}', "user 'a\\ud800': it cannot be a Redshift user: it contains half a character"),
        ("{}", "it names no user"),
        ('{"dan ": {}}', "user 'dan ': it cannot be a Redshift user: it ends in a space"),
        ('{"d\\u200ban": {}}', "user 'd\\u200ban': it cannot be a Redshift user: it contains the invisible"),
        ('{"a": {"groups": ["x\\u0000"]}}', "a.groups[0]: 'x\\x00' cannot be used: it contains a control"),
        ('{"a": {"attributes": {"t ": ["x"]}}}', "a.attributes: the name 't ' cannot be used: it ends in a space"),
        ('{"a": ' + "1" * 5000 + "}", "it contains a number that is too long"),
        ('{"a": ' + "[" * 100_000 + "}", "its lists or objects are nested too deeply"),
    ],
)
def test_what_is_wrong_with_a_json_file_is_told_with_its_place(folder: Path, text: str, told: str):
    assert refusal(folder, text, "users.json").startswith(told)


def test_all_problems_are_told_at_once_in_a_bounded_number_of_lines(folder: Path):
    told = refusal(folder, "user,groups\n" + "x\n" * 30).splitlines()
    assert len(told) == 21
    assert told[19].startswith("line 21: ")
    assert told[20] == "and 10 more"


def test_a_file_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(PluginError, match="No such user file") as caught:
        read_users(str(tmp_path / "none.csv"))
    assert str(tmp_path / "none.csv") in caught.value.diagnostics[0].detail


def test_a_file_of_another_form_is_refused():
    with pytest.raises(PluginError, match=r"ends neither in \.csv nor in \.json"):
        read_users("users.xlsx")


def test_a_folder_is_not_a_file(tmp_path: Path):
    (tmp_path / "users.csv").mkdir()
    with pytest.raises(PluginError, match="cannot be read"):
        read_users(str(tmp_path / "users.csv"))


UNTIL, LONGER = datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 6, 30, 22, 0, tzinfo=UTC)
LENT = Profile(
    "alice",
    frozenset({"analysts", "hr"}),
    {"clearance": frozenset({"high", "low"})},
    Expires({"hr": UNTIL}, {"clearance": {"high": LONGER}}),
)


def test_csv_and_json_say_the_same_of_when_rights_end(folder: Path):
    csv = (
        "user,groups,attributes.clearance,expires\nalice,analysts,low,\nalice,hr,,2027-01-01T00:00:00Z\n"
        "alice,,high,2028-07-01T00:00:00+02:00\nalice,hr,,2027-01-01T01:00:00+01:00\n"
    )
    json = (
        '{"alice": {"groups": ["analysts", "hr"], "attributes": {"clearance": ["low", "high"]}, "expires": {"groups": '
        '{"hr": "2027-01-01T00:00:00Z"}, "attributes": {"clearance": {"high": "2028-06-30T22:00:00Z"}}}}}'
    )
    assert read(folder, csv) == read(folder, json, "users.json") == {"alice": LENT}


def test_a_directory_says_when_rights_end_in_a_column_of_its_own(folder: Path):
    columns = Columns("login", "group", expires="Membership end")
    csv = "login,group,Membership end\nalice,analysts,\nalice,hr,2027-01-01T00:00:00Z\n"
    json = (
        '[{"login": "alice", "group": "analysts"},'
        ' {"login": "alice", "group": "hr", "Membership end": "2027-01-01T00:00:00Z"}]'
    )
    expected = {"alice": Profile("alice", frozenset({"analysts", "hr"}), {}, Expires({"hr": UNTIL}))}
    assert read(folder, csv, columns=columns) == read(folder, json, "users.json", columns) == expected


def test_the_hash_tells_one_end_from_another_and_is_as_before_without_any():
    others = [replace(LENT, expires=Expires({"hr": LONGER})), replace(LENT, expires=Expires())]
    assert len({digest([each]) for each in (LENT, *others)}) == 3
    assert digest([ALICE]) == "sha256:c5e3d09c3aead6e8e54a813c0f79cfaf498f5bd863de4b3d42077858f46f8bde"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a,hr,2027-01-01\n", "line 2, column expires: '2027-01-01' has no time zone. Write it in UTC"),
        ("a,hr,soon\n", "line 2, column expires: 'soon' is not a timestamp such as 2030-01-01T00:00:00Z"),
        ("a,hr,\na,hr,2027-01-01T00:00:00Z\n", "line 3: a has the group 'hr' until two different times"),
        ("a,hr,2027-01-01T00:00:00Z\na,hr,\n", "line 3: a has the group 'hr' until two different times"),
        (
            "a,hr,2027-01-01T00:00:00Z\na,hr,2027-01-02T00:00:00Z\n",
            "line 3: a has the group 'hr' until two different times. Leave the time that is meant",
        ),
    ],
)
def test_what_is_wrong_with_ends_in_csv_is_told_with_its_place(folder: Path, text: str, told: str):
    assert refusal(folder, "user,groups,expires\n" + text).startswith(told)


@pytest.mark.parametrize(
    ("expires", "told"),
    [
        ("[]", "a.expires: it is a list where an object with groups and attributes belongs"),
        ('{"group": {}}', "a.expires.group: unknown field. What ends are groups and attributes"),
        ('{"groups": ["hr"]}', "a.expires.groups: it is a list where an object of times belongs"),
        ('{"groups": {"hr": 7}}', "a.expires.groups.hr: it is the number 7 where a time belongs, such as"),
        ('{"groups": {"hr": "soon"}}', "a.expires.groups.hr: 'soon' is not a timestamp"),
        (
            '{"groups": {"nowhere": "2027-01-01T00:00:00Z"}}',
            "a.expires.groups: 'nowhere' is given an end, and the user does not hold it",
        ),
        (
            '{"attributes": {"t": {"US": "2027-01-01T00:00:00Z"}}}',
            "a.expires.attributes.t: 'US' is given an end, and the user does not hold it",
        ),
        ('{"attributes": []}', "a.expires.attributes: it is a list where an object belongs"),
    ],
)
def test_what_is_wrong_with_ends_in_json_is_told_with_its_place(folder: Path, expires: str, told: str):
    text = f'{{"a": {{"groups": ["hr"], "attributes": {{"t": ["FR"]}}, "expires": {expires}}}}}'
    assert refusal(folder, text, "users.json").startswith(told)
