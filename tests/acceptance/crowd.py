"""A configuration with enough of everything for Terraform's walk to be really concurrent, and what
it must never show.

Three data sources hold the same rows. `people` and `patients` name no policies: only the baseline
stands between their grants and their masks, so no more than one mask covers a column and one row
policy a source. `listed` carries no tag of the baseline and names the four policies that its view
must not be published without.
"""

from collections.abc import Sequence

from tests.acceptance.conftest import ROWS, Database

BASELINE = 'baseline = { null_tags = ["pii"], closed_tags = ["strict"] }'
TABLES = ("people", "patients", "listed")
SECRETS = {value for row in ROWS for value in row.strip("()").replace("'", "").split(", ")[2:6]} - {"NULL", "US", "CA"}
"""The clear values of email, ssn and card, and the one territory that no row policy shows."""

QUERIES = {name: f"SELECT id, email, ssn, card, territory FROM governed.{name}" for name in TABLES}

POLICIES = (
    "veil_masking_policy.email",
    "veil_masking_policy.ssn",
    "veil_masking_policy.card",
    "veil_masking_policy.names",
    "veil_masking_policy.listed",
    "veil_masking_policy.cell",
    "veil_row_policy.people",
    "veil_row_policy.patients",
    "veil_row_policy.places",
    "veil_row_policy.known",
    "veil_subscription_policy.everyone",
    "veil_subscription_policy.members",
)
SOURCES = tuple(f"veil_data_source.{name}" for name in TABLES)


def prepare(database: Database) -> None:
    """Make the tables of the configuration."""
    database.run(*(f'CREATE TABLE "raw".{name} AS SELECT * FROM "raw".customers' for name in TABLES))


def replacing(addresses: Sequence[str]) -> list[str]:
    """The arguments with which terraform destroys these and makes them anew."""
    return [f"-replace={address}" for address in addresses]


def resources(profiles: int = 10) -> str:
    """Everything but the integration."""
    return f"""
locals {{
  columns = {{
    email     = {{ tags = ["pii.email"] }}
    ssn       = {{ tags = ["pii.ssn"] }}
    card      = {{ tags = ["pii.card"] }}
    territory = {{ tags = ["geo"] }}
    name      = {{ tags = ["name"] }}
  }}
}}
resource "veil_data_source" "people" {{
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "people"
  tags        = ["people", "strict"]
  columns     = local.columns
}}
resource "veil_data_source" "patients" {{
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "patients"
  tags        = ["patients", "strict.health"]
  columns     = local.columns
}}
resource "veil_data_source" "listed" {{
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "listed"
  tags        = ["listed"]
  columns = {{
    email     = {{ tags = ["secret"] }}
    ssn       = {{ tags = ["secret"] }}
    card      = {{ tags = ["secret"] }}
    territory = {{ tags = ["place"] }}
  }}
  policies = [
    veil_masking_policy.listed.name, veil_masking_policy.cell.name,
    veil_row_policy.places.name, veil_row_policy.known.name,
  ]
}}
{_masks()}
{_rows()}
resource "veil_subscription_policy" "everyone" {{
  integration = veil_integration.main.id
  name        = "everyone"
  applies_to  = {{ data_source_tags = ["strict"] }}
  access      = "everyone"
}}
resource "veil_subscription_policy" "members" {{
  integration = veil_integration.main.id
  name        = "members"
  applies_to  = {{ data_source_tags = ["listed"] }}
  access      = "conditions"
  expression  = "@isInGroups('analysts')"
}}
resource "veil_user_profile" "alice" {{
  integration = veil_integration.main.id
  user        = "alice"
  groups      = ["analysts"]
  attributes  = {{ territory = ["US", "CA"] }}
}}
resource "veil_user_profile" "others" {{
  count       = {profiles - 1}
  integration = veil_integration.main.id
  user        = "user${{count.index}}"
  groups      = ["analysts", "hr"]
}}
"""


def _mask(name: str, tag: str, mask: str, more: str = "") -> str:
    return f"""
resource "veil_masking_policy" "{name}" {{
  integration = veil_integration.main.id
  name        = "{name}"
  applies_to  = {{ column_tags = ["{tag}"] }}
  mask        = {{ {mask} }}
  exceptions  = {{ groups = ["hr"] }}
  {more}
}}
"""


def _masks() -> str:
    return (
        _mask("email", "pii.email", "hash = {}")
        + _mask("ssn", "pii.ssn", 'constant = { value = "hidden" }')
        + _mask("card", "pii.card", "partial = { keep_last = 4 }")
        + _mask("names", "name", "null = {}")
        + _mask("listed", "secret", 'constant = { value = "listed" }')
        + _mask("cell", "secret", 'constant = { value = "cell" }', "priority = 5\n  where = \"territory = 'US'\"")
    )


def _row(name: str, tag: str, show: str) -> str:
    return f"""
resource "veil_row_policy" "{name}" {{
  integration = veil_integration.main.id
  name        = "{name}"
  applies_to  = {{ data_source_tags = ["{tag}"] }}
  show        = {{ {show} }}
}}
"""


def _rows() -> str:
    return (
        _row("people", "people", 'user_matches = [{ attribute = "territory", column_tag = "geo" }]')
        + _row("patients", "patients", "where = \"@attributeValuesContains('territory', territory)\"")
        + _row("places", "listed", 'user_matches = [{ attribute = "territory", column_tag = "place" }]')
        + _row("known", "listed", 'where = "territory IS NOT NULL"')
    )
