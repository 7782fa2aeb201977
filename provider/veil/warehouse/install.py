"""Making the schemas of an integration."""

import re
import secrets
from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import cache

from veil import __version__
from veil.warehouse.grants import Grantee
from veil.warehouse.layout import Layout
from veil.warehouse.quoting import identifier, literal, qualified
from veil.warehouse.rows import RoutineAttributes, RoutineState, digest
from veil.warehouse.signatures import Signature, from_catalog
from veil.warehouse.templates import files, names, render

SCHEMA_VERSION = 5
"""The version of everything under sql/ and of what the rows hold. It moves with each change of a
table that holds rows, of the columns of a view, or of what metadata may say: a kind of object, a
field of one, a value that a field may have. An older veil would take such a row for somebody else's
and remove it, and by this number it knows that it must not write. sql/migrations has, in files that
begin with the new version's number, what brings the version before to it. Views and procedures are
made anew by every upgrade.
"""

_SALT_NAMES_SINCE = 3
"""The version of the schemas from which on planners read the names of salts in a view. Before, they
might read one column.
"""

SEAL = "seal"
"""The name of the salt that rows are sealed with which users cause. No data source and no project
has one of that name.
"""

_TABLES = (
    "tables/integration", "tables/revision", "tables/writer", "tables/incoming", "tables/object", "tables/ledger", "tables/salt",
    "tables/salt_digest", "tables/published", "tables/own_view", "tables/closed", "tables/profile", "tables/profile_entry",
    "tables/project_entry", "tables/project_profile", "tables/runtime", "tables/acknowledgement", "tables/impersonation",
    "tables/access_request", "tables/approval", "tables/approver", "tables/request_end", "tables/requester", "tables/last_error",
    "tables/applier", "tables/made_view",
)  # fmt: skip
_LATE_BINDING = "\nWITH NO SCHEMA BINDING"
_QUALIFIED_CALL = re.compile(r"\bpg_catalog\.(?=[A-Z_]+[0-9]?\()")
_ACTING_AS = "pg_catalog.CURRENT_SETTING('app.immuta_impersonate', FALSE)"
"""As whom a session acts, by what impersonate_user sets; NULL where it never did."""
_SIGNATURE = re.compile(r"REVOKE (?:ALL|EXECUTE) ON (?:PROCEDURE|FUNCTION) \S+\.(\w+)\((.*)\) FROM PUBLIC")
_ARGUMENTS = re.compile(r"CREATE OR REPLACE PROCEDURE \S+?\.(\w+)\((.*)\) AS \$\$")
_ROUTINE = re.compile(r"\w+ OR REPLACE (?:PROCEDURE|FUNCTION) \S+\.(\w+)\(.*?\$\$(.*)\$\$", re.DOTALL)
_RETURNS = re.compile(r"\w+ OR REPLACE FUNCTION \S+\.(\w+)\(.*\)\nRETURNS ([A-Z ]+)(?:\([\d, ]+\))? IMMUTABLE")


def install_statements(
    layout: Layout, *, impersonation_group: str | None = None, without: Collection[tuple[str, str]] = ()
) -> list[str]:
    """Everything that makes an integration, to be run in ONE transaction after `check_foreign`
    found nothing.

    Running it again repairs what is missing or altered and keeps what is stored. PUBLIC gets USAGE
    on the schemas, SELECT on user_profile, EXECUTE on the routines of PUBLIC_ROUTINES, and nothing
    else. `impersonation_group`, which has to exist, takes the place of the layout's; its members
    get EXECUTE on impersonate_user. `layout.read_only_role` gets SELECT on what plans read. Tables
    and views at the places of `without` are not touched, and nothing is made that would need them.
    """
    layout = replace(layout, impersonation_group=impersonation_group or layout.impersonation_group)
    left = _untouched(layout, without)
    pieces = [each for piece, made in install_pieces(layout).items() if piece not in left for each in made]
    made = [*render("schemas", _values(layout)), *pieces]
    if layout.impersonation_group is not None:
        made += render("impersonation/grants", _values(layout))
    role = layout.read_only_role
    if role is None:
        return made
    closed = tuple(f" {identifier(schema)}.{name} TO " for schema, name in without)
    given = read_only_statements(layout, Grantee("role", role))
    return [*made, *(each for each in given if not any(place in each for place in closed))]


def _untouched(layout: Layout, without: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """The pieces of an installation that touch what is at these places, or need it to be made."""
    left = {(kind, name) for _, name in without for kind in ("table", "view")}
    if ("table", "salt") in left:
        left.add(("table", "salt_digest"))  # It makes the salt that rows are sealed with.
    if left and layout.bound:
        left |= {piece for piece in install_pieces(layout) if piece[0] == "view"}
    return left


def upgrade_statements(layout: Layout, present: int) -> list[str]:
    """Everything that brings an installation of version `present` to SCHEMA_VERSION, to be run in
    ONE transaction.
    """
    numbered = [(int(each.rpartition("/")[2].partition("_")[0]), each) for each in files("migrations")]
    later = [template for version, template in sorted(numbered) if version > present]
    migrations = [statement for template in later for statement in render(template, _values(layout))]
    if layout.read_only_role is not None and present < _SALT_NAMES_SINCE:
        role = Grantee("role", layout.read_only_role)
        migrations += render("read_only_withdrawn", names(layout) | {"grantee": role.sql})
    return [*migrations, *install_statements(layout)]


def install_pieces(layout: Layout) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """By ("table" | "view" | "function" | "procedure", name), the statements that make one piece of
    an integration and give its privileges.
    """
    pieces = {("table", each.rpartition("/")[2]): render(each, _values(layout)) for each in _TABLES}
    pieces |= {("view", each.rpartition("/")[2]): _making_view(layout, each) for each in _views(layout)}
    pieces |= {("function", each.rpartition("/")[2]): render(each, _values(layout)) for each in files("functions")}
    pieces |= {("procedure", each.rpartition("/")[2]): render(each, _values(layout)) for each in files("procedures")}
    return {piece: tuple(statements) for piece, statements in pieces.items()}


def _making_view(layout: Layout, template: str) -> list[str]:
    """Statements that make one of our views, and say beforehand what it is made from."""
    made = _made(template, layout)
    name = literal(template.rpartition("/")[2])
    row = f"({name}, {literal(digest(made[0]))}, NULL)"
    return [*render("repairs/own_views", names(layout) | {"names": name, "rows": row}), *made]


def scratch_statements(layout: Layout) -> list[str]:
    """What makes the schemas and an empty table in them, `writer`: to be undone, on a database
    where nothing is installed.
    """
    return [*render("schemas", _values(layout)), *render("tables/writer", _values(layout))]


def _made(template: str, layout: Layout) -> list[str]:
    values = _values(layout)
    return render(template, values) if not layout.bound else render(template, values, _as_bound)


def _as_bound(statement: str) -> str:
    """The statement that makes a view bound, of one that makes it late-binding; any other as it is.
    The functions that it calls are found now, on the search_path of a session of ours, and stay
    what they are.
    """
    if not statement.endswith(_LATE_BINDING):
        return statement
    return _QUALIFIED_CALL.sub("", statement.removesuffix(_LATE_BINDING))


def sealing_statements(layout: Layout) -> list[str]:
    """What makes the salt that users' own rows are sealed with, where there is none that is
    ours.
    """
    return render("tables/salt_digest", _values(layout))[2:]


def empty_statements(layout: Layout) -> list[str]:
    """What forgets everything that is stored and keeps the integration's schemas."""
    kept = {"integration", "revision", "writer", "incoming", "own_view"}
    return [f"DELETE FROM {qualified(*place)}" for place in sorted(expected_tables(layout)) if place[1] not in kept]


def _views(layout: Layout) -> tuple[str, ...]:
    folder = "views" if layout.impersonation_group is None else "impersonation"
    return (
        f"{folder}/caller",
        "views/user_profile",
        "views/user_entry",
        "views/possible_entry",
        "views/salt_name",
        "views/unsealed",
    )


def _names(layout: Layout) -> dict[str, str]:
    """What stands in the bodies of procedures. Only where there is an impersonation group may
    anybody act as somebody else, and there alone is the session variable asked for: a warehouse
    that fails on one which was never set has no such group, as installing sees to, and nobody there
    could call anything that asks.
    """
    acting_as = "NULL" if layout.impersonation_group is None else _ACTING_AS
    return names(layout) | {"acting_as": acting_as}


def _values(layout: Layout) -> dict[str, str]:
    group = layout.impersonation_group
    return _names(layout) | {
        "schema_version": str(SCHEMA_VERSION),
        "provider_version": literal(__version__),
        "seed": literal(secrets.token_hex(32)),
        "view_schema": literal(layout.view_schema),
        "impersonation_group": "NULL" if group is None else literal(group),
        "read_only_role": "NULL" if layout.read_only_role is None else literal(layout.read_only_role),
        "impersonation_group_name": "" if group is None else identifier(group),
    }


def read_only_statements(layout: Layout, grantee: Grantee) -> list[str]:
    """What lets somebody read the whole state and so plan, but write nothing; salts stay hidden
    from them.

    To see the grants of others, Redshift also wants ACCESS SYSTEM TABLE or SYSLOG ACCESS
    UNRESTRICTED.
    """
    return render("read_only", names(layout) | {"grantee": grantee.sql})


def expected_views(layout: Layout) -> dict[tuple[str, str], str]:
    """The statements that make our own views."""
    return {(layout.system, each.rpartition("/")[2]): _made(each, layout)[0] for each in _views(layout)}


def expected_routines(layout: Layout) -> dict[Signature, str]:
    """The bodies of our procedures and functions as `Snapshot.routines` shows them where nobody
    altered them.
    """
    made = dict(_expected(layout, "p", *render(template, _names(layout))[:2]) for template in files("procedures"))
    return made | dict(_expected(layout, "f", *render(template, _names(layout))[:2]) for template in files("functions"))


@cache
def expected_attributes() -> Mapping[str, RoutineAttributes]:
    """By its name, what the catalog shows of a procedure or function of ours besides its body."""
    plain = Layout("p", "v")
    made = (_ARGUMENTS.match(render(template, _names(plain))[0]) for template in files("procedures"))
    procedures = {each[1]: RoutineAttributes(tuple(re.findall(r"(?:^|, )(\w+) ", each[2]))) for each in made if each}
    return procedures | dict.fromkeys(_function_types(), RoutineAttributes(language="sql", volatility="i"))


@cache
def _function_types() -> Mapping[str, str]:
    """By its name, the type that a function of ours gives, as the catalog spells it."""
    made = (_RETURNS.match(render(template, _names(Layout("p", "v")))[0]) for template in files("functions"))
    return {each[1]: _catalog_types(each[2]) for each in made if each}


def is_as_made(name: str, body: str, state: RoutineState) -> bool:
    """Whether the catalog shows a procedure or function of ours, of this body, as its statement
    makes it. Who owns and calls it is another matter.
    """
    returns = _function_types().get(name)
    actual = (state.body, state.security_definer, state.attributes)
    return actual == (body, returns is None, expected_attributes()[name]) and returns in (None, state.returns)


def is_replaceable(name: str, state: RoutineState) -> bool:
    """Whether CREATE OR REPLACE makes a procedure or function of ours out of this: no replacing
    renames arguments, or gives another type.
    """
    actual, wanted, returns = state.attributes, expected_attributes()[name], _function_types().get(name)
    if returns not in (None, state.returns):
        return False
    return actual is None or (actual.arguments, actual.returns_set) == (wanted.arguments, wanted.returns_set)


def _expected(layout: Layout, kind: str, making: str, closing: str) -> tuple[Signature, str]:
    """A routine by the statement that makes it and by the one that closes it to PUBLIC, which names
    its types.
    """
    made, closed = _ROUTINE.match(making), _SIGNATURE.match(closing)
    assert made is not None and closed is not None
    schema = layout.procedures if kind == "p" else layout.functions
    return from_catalog(kind, schema, closed[1], _catalog_types(closed[2])), made[2]


def _catalog_types(types: str) -> str:
    spelled = types.lower().replace("varchar", "character varying")
    return spelled.replace("timestamp", "timestamp without time zone")


def expected_tables(layout: Layout) -> frozenset[tuple[str, str]]:
    """The tables of an installation, by (schema, name)."""
    return frozenset((layout.system, each.rpartition("/")[2]) for each in _TABLES)


PUBLIC_VIEWS = frozenset({"user_profile"})
"""The views that everybody may select from: each shows only the caller's own row."""

PLANNERS_VIEWS = frozenset({"salt_name", "unsealed"})
"""The views that the role of planners may select from."""

FUNCTIONS = frozenset(each.rpartition("/")[2] for each in files("functions"))
"""The functions that everybody may call: each computes from what it is given alone. A signature
never changes, nor what one means: that gets another name, for people's own views may call it.
"""

PUBLIC_ROUTINES = FUNCTIONS | {
    "switch_project", "acknowledge_purpose", "request_access", "withdraw_request", "approve_request",
}  # fmt: skip
"""What everybody may call: the functions, and procedures that touch only the caller's own rows, but
for what approvers approve.
"""

NOT_FOR_APPLIERS = PUBLIC_ROUTINES | {"impersonate_user"}
"""What writes nothing of what is governed: who applies by procedures needs all others."""
