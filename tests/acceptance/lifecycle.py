"""One configuration with a resource of every type, each in two forms, and where the difference
shows.
"""

import time
from dataclasses import dataclass

import redshift_connector

from tests.acceptance.conftest import Database

TABLES = ("plain", "audited", "filtered")
"""Copies of raw.customers, so that no case's change shows in another's."""

REFUSED = object()
"""What somebody sees whose statement is refused."""


@dataclass(frozen=True)
class Case:
    """One resource: its HCL body before and after a change, and a query whose answer the change
    alters.
    """

    address: str
    imported_as: str
    before: str
    after: str
    user: str
    sql: str
    seen: tuple[object, object]

    def block(self, body: str) -> str:
        kind, name = self.address.split(".")
        return f'resource "{kind}" "{name}" {{\n  integration = veil_integration.main.id\n{body}\n}}\n'


LENT = (
    'attributes = { territory = ["US", "CA"] }\n'
    'expires = { attributes = { territory = { CA = "2099-01-01T00:00:00Z" } } }'
)
"""What alice holds for good, and until a time."""

CASES = (
    Case(
        "veil_data_source.customers",
        "governed.customers",
        'schema = "raw"\ntable = "customers"\ntags = ["open"]\ndescription = "It\'s all"\ncolumns = { ssn = { tags = ["id.ssn"] },'
        ' card = { tags = ["card"] }, email = { tags = ["email"] } }\nfilter_columns = ["id"]',
        'schema = "raw"\ntable = "customers"\ntags = ["open"]\ndescription = "Some"\ncolumns = { ssn = { tags = ["id.ssn"] },'
        ' card = { tags = ["card"] }, email = { tags = ["email"] }, name = { tags = ["pii.name"] } }\nfilter_columns = ["ID", "created_at"]',
        "carol",
        "SELECT name FROM governed.customers WHERE id = 1",
        ("Ann", None),
    ),
    Case(
        "veil_subscription_policy.orders",
        "orders",
        'name = "orders"\napplies_to = { data_source_tags = ["orders"] }\naccess = "conditions"\n'
        "expression = \"@isInGroups('analysts')\"",
        'name = "orders"\napplies_to = { data_source_tags = ["orders"] }\naccess = "conditions"\n'
        "expression = \"@isInGroups('hr')\"",
        "carol",
        "SELECT COUNT(*) FROM governed.orders",
        (0, 2),
    ),
    Case(
        "veil_subscription.audit",
        "dave/governed.audited",
        'user = "dave"\ndata_source = veil_data_source.audited.id\nexpires_at = "2130-01-01T00:00:00Z"',
        'user = "dave"\ndata_source = veil_data_source.audited.id\nexpires_at = "2020-01-01T00:00:00Z"',
        "dave",
        "SELECT COUNT(*) FROM governed.audited",
        (4, 0),
    ),
    Case(
        "veil_masking_policy.card",
        "card",
        'name = "card"\napplies_to = { column_tags = ["card"] }\nmask = { partial = { keep_last = 4 } }',
        'name = "card"\napplies_to = { column_tags = ["card"] }\nmask = { constant = { value = "hidden" } }',
        "carol",
        "SELECT card FROM governed.customers WHERE id = 1",
        ("************3333", "hidden"),
    ),
    Case(
        "veil_row_policy.own",
        "own",
        'name = "own"\nshow = { user_matches = [{ attribute = "territory", column_tag = "geo" }] }',
        'name = "own"\nshow = { value_in = { column_tag = "geo", values = ["FR"] } }',
        "alice",
        "SELECT MAX(id) FROM governed.filtered",
        (2, 3),
    ),
    Case(
        "veil_user_profile.alice",
        "alice",
        f'user = "alice"\ngroups = ["analysts"]\n{LENT}',
        f'user = "alice"\ngroups = ["analysts", "clearance"]\n{LENT}',
        "alice",
        "SELECT LENGTH(ssn) FROM governed.customers WHERE id = 1",
        (64, 11),
    ),
    Case(
        "veil_purpose.fraud",
        "fraud",
        'name = "fraud"\nacknowledgement = "Only against fraud."',
        'name = "fraud"\nacknowledgement = "Only against fraud, and never at home."',
        "bob",
        "SELECT email FROM governed.customers WHERE id = 1",
        ("ann@example.com", None),
    ),
    Case(
        "veil_project.audit",
        "audit",
        'name = "audit"\nmembers = ["erin"]\ndata_sources = [veil_data_source.customers.id]',
        'name = "audit"\nmembers = ["erin"]\ndata_sources = [veil_data_source.audited.id]',
        "erin",
        "SELECT COUNT(*) FROM governed.customers",
        (4, 0),
    ),
    Case(
        "veil_user_profiles.directory",
        "carol,dave",
        'users = { carol = { groups = ["hr"] }, dave = {} }',
        'users = { carol = { groups = ["hr", "auditors"] }, dave = {} }',
        "carol",
        "SELECT COUNT(*) FROM governed.audited",
        (0, 4),
    ),
    Case(
        "veil_impersonation.support",
        "bob",
        'user = "bob"\nas_users = ["alice"]',
        'user = "bob"\nas_users = ["carol"]',
        "bob",
        "CALL immuta_procedures.impersonate_user('alice'); SELECT immuta__userid FROM immuta_system.user_profile",
        ("alice", REFUSED),
    ),
    Case(
        "veil_access_refusal.erin",
        "erin/governed.orders",
        'user = "erin"\ndata_source = veil_data_source.orders.id\nuntil = "2130-01-01T00:00:00Z"',
        'user = "erin"\ndata_source = veil_data_source.orders.id\nuntil = "2020-01-01T00:00:00Z"',
        "erin",
        "CALL immuta_procedures.request_access('raw.orders', 'Audit'); CALL immuta_procedures.withdraw_request('raw.orders'); SELECT 1",
        (REFUSED, 1),
    ),
)

INTEGRATION = Case(
    "veil_integration.main",
    "main",
    'impersonation = {}\nbaseline = { null_tags = ["pii"], filter_column_tags = ["time"] }',
    'impersonation = {}\nbaseline = { null_tags = ["pii", "person"], filter_column_tags = ["time"] }',
    "carol",
    "SELECT name FROM governed.plain WHERE id = 1",
    ("Ann", None),
)

FIXED = """
resource "veil_data_source" "plain" {
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "plain"
  tags        = ["open"]
  columns     = { name = { tags = ["person"] } }
}
resource "veil_data_source" "audited" {
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "audited"
}
resource "veil_data_source" "filtered" {
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "filtered"
  tags        = ["open"]
  columns     = { territory = { tags = ["geo"] } }
}
resource "veil_data_source" "orders" {
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "orders"
  tags        = ["orders"]
}
resource "veil_subscription_policy" "open" {
  integration = veil_integration.main.id
  name        = "open"
  applies_to  = { data_source_tags = ["open"] }
  access      = "everyone"
}
resource "veil_subscription_policy" "on_request" {
  integration = veil_integration.main.id
  name        = "on request"
  applies_to  = { data_source_tags = ["orders"] }
  access      = "approval"
}
resource "veil_masking_policy" "ssn" {
  integration = veil_integration.main.id
  name        = "ssn"
  applies_to  = { column_tags = ["id"] }
  mask        = { hash = {} }
  where       = "id IN (SELECT id FROM raw.listed)"
  exceptions  = { groups = ["clearance"] }
}
resource "veil_masking_policy" "email" {
  integration = veil_integration.main.id
  name        = "email"
  applies_to  = { column_tags = ["email"] }
  mask        = { null = {} }
  exceptions  = { purposes = [veil_purpose.fraud.name] }
}
resource "veil_project" "fraud_team" {
  integration  = veil_integration.main.id
  name         = "fraud-team"
  members      = ["bob"]
  data_sources = [veil_data_source.customers.id]
  purposes     = [veil_purpose.fraud.name]
}
resource "veil_subscription_policy" "auditors" {
  integration = veil_integration.main.id
  name        = "auditors"
  applies_to  = { data_sources = ["raw.audited"] }
  access      = "conditions"
  expression  = "@isInGroups('auditors')"
}
resource "veil_user_profile" "others" {
  for_each    = toset(["bob", "erin"])
  integration = veil_integration.main.id
  user        = each.key
}
"""


def prepare(database: Database) -> None:
    """Make the tables of the configuration."""
    database.run(*(f'CREATE TABLE "raw".{name} AS SELECT * FROM "raw".customers' for name in TABLES))
    database.run('CREATE TABLE "raw".listed AS SELECT id FROM "raw".customers')


def act(database: Database) -> None:
    """Let bob act under the purpose, and erin in the project."""
    database.run(
        "CALL immuta_procedures.switch_project('fraud-team')",
        "CALL immuta_procedures.acknowledge_purpose('fraud', 'Only against fraud.')",
        user="bob",
    )
    database.run("CALL immuta_procedures.switch_project('audit')", user="erin")


def resources(*, changed: bool = False) -> str:
    """Everything but the integration."""
    return FIXED + "".join(case.block(case.after if changed else case.before) for case in CASES)


def look(database: Database, case: Case) -> object:
    """What the case's user sees: the first value, None where there is no row, REFUSED where a
    statement fails. Nobody may ask in the second in which an apply ended what they asked for before:
    who is told so asks again.
    """
    with database.connect(case.user) as connection, connection.cursor() as cursor:
        while True:
            try:
                for statement in case.sql.split("; "):
                    cursor.execute(statement)
            except redshift_connector.ProgrammingError as refusal:
                if "ended this very second" not in str(refusal):
                    return REFUSED
                time.sleep(0.1)
            else:
                row = cursor.fetchone()
                return row[0] if row else None
