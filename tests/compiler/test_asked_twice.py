"""An engine may evaluate what a view asks of the caller more than once, and hear of another caller
meanwhile: then rows show only where all agree. The embedded engine asks once, so here one place
after the other is given another's answer.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import pytest

from tests.compiler.warehouse import Held, Warehouse
from tests.compiler.worlds import CASES, CUSTOMERS, SALES
from tests.policy.building import groups, on, varchar, world
from veil.compiler import compile_view
from veil.model import DataSource, Hash, MaskingPolicy, Match, Null, RowPolicy, UserMatches, Where, World

_HASHED = MaskingPolicy("email", on("pii.email"), Hash())
_EMAIL = MaskingPolicy("email", on("pii.email"), Null(), exceptions=groups("hr"))


def _hidden(where: str) -> tuple[World, DataSource]:
    """Rows that a lookup decides about, and a column that shows to some, so that a mixture is told
    from what one of two sees.
    """
    rows = RowPolicy("rows", SALES, Where(where))
    return replace(world(rows, _EMAIL, CUSTOMERS), lookups={("raw", "owned"): _OWNED}), CUSTOMERS


def _shown(where: str) -> tuple[World, DataSource]:
    """The same with columns that stand bare, for filters: nothing but the conditions on rows hides
    them.
    """
    place, source = _hidden(where)
    source = replace(source, filter_columns=frozenset({"id"}))
    return replace(place, data_sources={source.key: source}), source


_OWNED = {"owner": varchar(20), "region": varchar(20)}
MIXED = {
    "list": (
        world(RowPolicy("rows", SALES, UserMatches((Match("geo.region", "territory"),))), _EMAIL, CUSTOMERS),
        CUSTOMERS,
    ),
    "hash": (
        world(RowPolicy("rows", SALES, UserMatches((Match("geo.region", "territory"),))), _HASHED, CUSTOMERS),
        CUSTOMERS,
    ),
    "lookup": _hidden("territory IN (SELECT region FROM raw.owned WHERE owner = @username)"),
    "lookup that must not hold": _hidden("territory NOT IN (SELECT region FROM raw.owned WHERE owner = @username)"),
    "lookup by keys": _hidden(
        "@username NOT IN (SELECT owner FROM raw.owned WHERE region = @columnTagged('geo.region') AND @isInGroups('hr'))"
    ),
    "list that must not hold": _hidden("NOT @attributeValuesContains('territory', @columnTagged('geo.region'))"),
    "list that is not true": _hidden("@attributeValuesContains('territory', @columnTagged('geo.region')) IS NOT TRUE"),
    "list in a lookup that must not hold": _hidden(
        "territory IN (SELECT region FROM raw.owned WHERE NOT @attributeValuesContains('territory', region))"
    ),
    "lookup that is not true": _hidden(
        "(territory IN (SELECT region FROM raw.owned WHERE owner = @username)) IS NOT TRUE"
    ),
    "lookup by what the caller is": _hidden(
        "'ann' NOT IN (SELECT owner FROM raw.owned"
        " WHERE CASE WHEN @isInGroups('hr') THEN owner ELSE region END = @columnTagged('geo.region'))"
    ),
    "a choice by a group": _shown("CASE WHEN @isInGroups('hr') THEN territory = 'CA' ELSE TRUE END"),
    "a gate by a group": _hidden(
        "@username NOT IN (SELECT owner FROM raw.owned WHERE @isInGroups('hr') OR @columnTagged('geo.region') = 'US')"
    ),
}
"""Views in which the answer of another caller in one place would show what neither of the two
sees.
"""

ASKING = ("rows_user_matches_any", "where_user_and_column", "rows_purposes", "filter_columns", "stacked_masks")
HELD: Mapping[str, Held] = {
    "ann": [("attribute", "territory", "US"), ("attribute", "access_level", "high"), ("group", "", "a")],
    "bob": [
        ("attribute", "territory", "CA"),
        ("project_salt", "", "project:p"),
        ("attribute", "user_level", "root"),
        ("attribute", "clearance", "high\\low"),
        *(("group", "", group) for group in ("global", "hr")),
        *(("purpose", "", purpose) for purpose in ("fraud", "audit")),
    ],
}
ROWS = [
    [at, f"{at}@example.com", ("US", "CA", "MX", None)[at % 4], ("high", "low", None)[at % 3], "2026-02-03 04:05:06"]
    for at in range(12)
]
GUARDS = {
    "what is decided in WHERE": r"(?<=FROM decided AS d) WHERE d\.w = \(SELECT a\.w FROM admitted AS a\)",
    "the row of what is decided": r" AND \(d\.w = \(SELECT a\.w FROM admitted AS a\)\)",
}
_D, _EITHER = r"d\.w", r"(?:d\.w|\(SELECT a\.w FROM admitted AS a\))"
WHOM = {
    "list": (rf"(?<=\ba1\.w) = {_EITHER}", " IS NOT NULL"),
    "lookup": (rf"COALESCE\(k1\.w, {_D}\) = {_D}", "TRUE"),
    "lookup that must not hold": (rf"COALESCE\([kn]1\.w, {_D}\) = {_D}", "TRUE"),
    "lookup by keys": (rf"COALESCE\(n1\.w, {_D}\) = {_D}", "TRUE"),
    "lookup that is not true": (rf" AND \(COALESCE\([kn]1\.w, {_D}\) = {_D}\)", ""),
    "list that must not hold": (r"(?<=FROM )possible(?= AS e)", "caller"),
    "list in a lookup that must not hold": (r"(?<=FROM )possible(?= AS e)", "caller"),
    "lookup by what the caller is": (r"(?<=JOIN )each_decided(?= AS d)", "decided"),
    "a choice by a group": (
        r"(?<=CASE WHEN )d\.c1(?= THEN .{0,90} ELSE TRUE END)",
        "(SELECT d.c1 FROM decided AS d WHERE d.w = (SELECT a.w FROM admitted AS a))",
    ),
}
"""What compares for whom a list or a lookup was found, in each of those views, and what stood there
without it.
"""
_PLACE = re.compile(r"\b(caller|decided|admitted) AS ([eda])\b")
_TABLES = re.compile(
    r"WITH caller AS (\(.*?\)),\n(?:possible AS (\(.*?\)),\n)?decided AS (\(.*?\)),\n(?:each_decided AS (\(.*?\)),\n)?"
    r"admitted AS (\(.*?\))\n(?=SELECT )",
    re.DOTALL,
)
_NAMES = ("caller", "possible", "decided", "each_decided", "admitted")
_OF_ALL = ("possible", "each_decided")
"""What has everybody whom the session may be, whoever that is at the moment."""
Seen = frozenset[tuple[object, ...]]


class Asked:
    """The query of a view, which one place asks about another caller than all others."""

    def __init__(self, warehouse: Warehouse, case: str, without: str = "", instead: str = "") -> None:
        text = compile_view(*(MIXED.get(case) or CASES[case]))
        query = text[text.index("WITH caller") :].removesuffix("\nWITH NO SCHEMA BINDING")
        if without:
            query, found_there = re.subn(without, instead, query)
            assert found_there, query
        found = _TABLES.match(query)
        assert found is not None
        tables = {name: table for name, table in zip(_NAMES, found.groups(), strict=True) if table is not None}
        self._same = [f"{name} AS {tables.pop(name)}" for name in _OF_ALL if name in tables]
        self._tables, self._select = tuple(tables.values()), query[found.end() :]
        self._warehouse = warehouse

    def alone(self, user: str) -> Seen:
        """What the user sees where all places ask about them."""
        return self._seen(user, user, self._tables, self._select)

    def mixed(self, user: str, other: str) -> Iterator[Seen]:
        """What is seen where one place asks about the other user, for each place."""
        whole = "\0".join((*self._tables, self._select))
        for place in list(_PLACE.finditer(whole)):
            asked = f"{whole[: place.start()]}{place[1]}_of_other AS {place[2]}{whole[place.end() :]}"
            *tables, select = asked.split("\0")
            yield self._seen(user, other, tables, select)

    def _seen(self, user: str, other: str, tables: Sequence[str], select: str) -> Seen:
        names = ("caller", "decided", "admitted")
        mine = [f"{name} AS {query}" for name, query in zip(names, tables, strict=True)]
        elsewhere = [_PLACE.sub(r"\1_of_other AS \2", query) for query in self._tables]
        others = [f"{name}_of_other AS {query}" for name, query in zip(names, elsewhere, strict=True)]
        mine[0] = mine[0].replace('"user_entry"', f'"entry_of_{user}"')
        others[0] = others[0].replace('"user_entry"', f'"entry_of_{other}"')
        # What asks about the other may stand in each of the tables, which are known from where they
        # stand on.
        rows = self._warehouse.ask_as_owner(f"WITH {', '.join([*self._same, *others, *mine])} {select}")
        return frozenset(tuple(row) for row in rows)


@pytest.fixture
def two(warehouse: Warehouse) -> Warehouse:
    """Two users with a profile, and what each of them holds under a name of its own."""
    warehouse.users({user: [*held, ("subscription", "", "raw.customers")] for user, held in HELD.items()})
    for user in HELD:
        warehouse.run(f"DROP VIEW IF EXISTS immuta_system.entry_of_{user}")
        warehouse.run(
            f"CREATE VIEW immuta_system.entry_of_{user} AS SELECT 'caller' AS kind, 'alone' AS name, '{user}' AS value,"
            f" 2 AS strength, '{user}' AS whom, CAST(GETDATE() AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS decided_at UNION ALL"
            " SELECT e.kind, e.name, e.value, e.strength, e.immuta__userid, CAST(GETDATE() AS TIMESTAMPTZ) AT TIME ZONE 'UTC'"
            f" FROM immuta_system.entries AS e WHERE e.immuta__userid = '{user}' WITH NO SCHEMA BINDING"
        )
    warehouse.run('DROP TABLE IF EXISTS "raw".access_tree')
    warehouse.run('CREATE TABLE "raw".access_tree (access_level VARCHAR(20), root VARCHAR(20))')
    warehouse.run("INSERT INTO \"raw\".access_tree VALUES ('high', 'root'), ('low', 'other')")
    warehouse.run('DROP TABLE IF EXISTS "raw".owned')
    warehouse.run('CREATE TABLE "raw".owned (owner VARCHAR(20), region VARCHAR(20))')
    warehouse.run("INSERT INTO \"raw\".owned VALUES ('ann', 'US'), ('bob', 'CA'), ('bob', 'MX')")
    warehouse.run("DELETE FROM immuta_system.salt WHERE name = 'project:p'")
    warehouse.run("INSERT INTO immuta_system.salt VALUES ('project:p', 'that of a project')")
    warehouse.table(CASES["plain"][1], ROWS)
    return warehouse


def mixtures(asked: Asked) -> list[Seen]:
    """What is seen and neither of the two users sees."""
    seen = {user: asked.alone(user) for user in HELD}
    assert seen["ann"] != seen["bob"]
    found = (each for user, other in (("ann", "bob"), ("bob", "ann")) for each in asked.mixed(user, other))
    return [each for each in found if not any(each <= alone for alone in seen.values())]


@pytest.mark.parametrize("case", [*ASKING, *MIXED])
def test_a_place_that_hears_of_another_caller_shows_nobody_a_mixture(case: str, two: Warehouse) -> None:
    assert mixtures(Asked(two, case)) == []


@pytest.mark.parametrize("guard", GUARDS)
def test_without_a_guard_there_is_a_mixture(guard: str, two: Warehouse) -> None:
    assert any(mixtures(Asked(two, case, GUARDS[guard])) for case in ("rows_purposes", "filter_columns"))


@pytest.mark.parametrize("case", WHOM)
def test_without_asking_for_whom_a_list_or_a_lookup_was_found_there_is_a_mixture(case: str, two: Warehouse) -> None:
    assert mixtures(Asked(two, case, *WHOM[case]))
