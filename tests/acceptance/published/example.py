"""One policy from another system's documentation: a table, the policy in HCL's terms, and what each
user must see of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Policy = Mapping[str, Any]
"""The arguments of a resource, as they stand in HCL."""

PEOPLE: Mapping[str, Mapping[str, Any]] = {
    "alice": {
        "groups": [
            "ANALYST",
            "FOO1",
            "FOO2",
            "SALES_EXEC",
            "BU_LEAD",
            "admins",
            "engineers",
            "pii_readers",
            "Accounting",
        ],
        "attributes": {
            "country": ["US", "DE"],
            "sales_region": ["US", "Canada"],
            "tenant": ["1"],
            "cleared": ["sensitive"],
        },
    },
    "bob": {
        "groups": ["SUPPORT", "FOO1", "SALES", "PROJECT_MANAGER", "deidentified", "NA", "BigHat_Role", "apac", "Dev"],
        "attributes": {
            "country": ["US"],
            "sales_region": ["Mexico"],
            "tenant": ["2", "3"],
            "cleared": ["sensitive.pii"],
        },
    },
    "carol": {
        "groups": ["SALES", "MedHat_Role", "SmallHat_Role", "readers", "doctor", "finance"],
        "attributes": {"sales_region": [], "EntraID.department": ["Legal", "Audit"]},
    },
    "dave": {"groups": []},
}
"""Who holds what. `erin` can sign in and has no profile: she sees no row of anything."""


@dataclass(frozen=True, kw_only=True)
class Example:
    """`columns` and `rows` are those of `table` behind `id`, which counts from 1. A column's tag in
    `tags` stands below a tag named like the table. `lookups` are tables in the schema `sec`: their
    columns and rows.

    `sees` is what `select` gives to each user of PEOPLE who is in it, in the order of `id`; those
    left out see `others`.
    """

    name: str
    table: str
    columns: str
    rows: Sequence[tuple[Any, ...]]
    sees: Mapping[str, Sequence[Any]]
    others: Sequence[Any] = ()
    select: str = "id"
    tags: Mapping[str, str] = field(default_factory=dict)
    show: Sequence[Policy] = ()
    masks: Sequence[Policy] = ()
    source: Policy = field(default_factory=dict)
    access: Policy = field(default_factory=lambda: {"access": "everyone"})
    lookups: Mapping[str, tuple[str, Sequence[tuple[Any, ...]]]] = field(default_factory=dict)

    @property
    def query(self) -> str:
        return f"SELECT {self.select} FROM governed.{self.table} ORDER BY id"

    def expected(self, user: str) -> list[tuple[Any, ...]]:
        """The rows of the query, as this user must see them."""
        return [each if isinstance(each, tuple) else (each,) for each in self.sees.get(user, self.others)]


def where(condition: str, **rest: Any) -> Policy:
    """A row policy that shows the rows where this holds."""
    return {"show": {"where": condition}, **rest}


def sql(expression: str) -> Policy:
    """A mask that is an expression."""
    return {"sql": {"expression": expression}}


def constant(value: str) -> Policy:
    return {"constant": {"value": value}}


def groups(*names: str) -> Policy:
    """Exceptions for the members of any of these groups."""
    return {"operator": "any", "groups": list(names)}


def statements(example: Example) -> Iterable[str]:
    """The SQL that makes an example's tables."""
    yield f'CREATE TABLE "raw".{example.table} (id INTEGER, {example.columns})'
    yield _insert(f'"raw".{example.table}', [(number, *row) for number, row in enumerate(example.rows, 1)])
    for name, (columns, rows) in example.lookups.items():
        yield f"CREATE TABLE sec.{name} ({columns})"
        yield _insert(f"sec.{name}", rows)


def _insert(table: str, rows: Iterable[tuple[Any, ...]]) -> str:
    return f"INSERT INTO {table} VALUES " + ", ".join(f"({', '.join(map(_literal, row))})" for row in rows)


def _literal(value: Any) -> str:
    if isinstance(value, str):
        return value if value.startswith("DATEADD(") else "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"
    return "NULL" if value is None else str(value).upper()


def configuration(examples: Iterable[Example]) -> dict[str, Any]:
    """All examples as one configuration, in Terraform's JSON syntax."""
    resources: dict[str, dict[str, Any]] = {
        "veil_user_profiles": {"people": {"users": PEOPLE}},
        "veil_data_source": {},
        "veil_subscription_policy": {},
        "veil_row_policy": {},
        "veil_masking_policy": {},
    }
    for each in examples:
        place = {"applies_to": {"data_sources": [f"raw.{each.table}"]}}
        columns = {column: {"tags": [f"{each.table}.{tag}"]} for column, tag in each.tags.items()}
        resources["veil_data_source"][each.table] = {
            "schema": "raw",
            "table": each.table,
            "columns": columns,
            **each.source,
        }
        resources["veil_subscription_policy"][each.table] = {**place, "name": each.table, **each.access}
        for number, policy in enumerate(each.show):
            name = f"{each.table}_rows_{number}"
            resources["veil_row_policy"][name] = {**place, "name": name, **policy}
        for number, policy in enumerate(each.masks):
            name = f"{each.table}_mask_{number}"
            masked = {"applies_to": {"column_tags": [each.table]}}
            resources["veil_masking_policy"][name] = {**masked, "name": name, "priority": -number, **policy}
    for kind in resources.values():
        for arguments in kind.values():
            arguments["integration"] = "${veil_integration.main.id}"
    return {"resource": {name: kind for name, kind in resources.items() if kind}}
