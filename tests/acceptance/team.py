"""A configuration with two sources, a project, a purpose and an impersonation, for tests that try
to get around them.

alice sees rows of the US and Canada in the clear, bob sees every row hashed, carol is a contractor
and is not admitted, dave has no profile, erin sees French rows hashed and may act as alice.
"""

from tests.acceptance.test_first_slice import POLICIES

WORDS = 'I\'m "only" here; -- to investigate \\ fraud.'

TEAM = (
    POLICIES
    + f"""
resource "veil_data_source" "orders" {{
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "orders"
  tags        = ["sales"]
  columns     = {{ customer_id = {{ tags = ["pii.customer"] }} }}
}}
resource "veil_subscription_policy" "orders" {{
  integration = veil_integration.main.id
  name        = "everybody-reads-orders"
  applies_to  = {{ data_source_tags = ["sales"] }}
  access      = "everyone"
}}
resource "veil_purpose" "fraud" {{
  integration     = veil_integration.main.id
  name            = "fraud"
  acknowledgement = {WORDS.replace(chr(92), chr(92) * 2).replace('"', chr(92) + '"').join('""')}
}}
resource "veil_project" "team" {{
  integration  = veil_integration.main.id
  name         = "team"
  members      = ["alice", "bob"]
  data_sources = [veil_data_source.customers.id]
  purposes     = [veil_purpose.fraud.name]
}}
resource "veil_user_profile" "erin" {{
  integration = veil_integration.main.id
  user        = "erin"
  groups      = ["analysts"]
  attributes  = {{ territory = ["FR"] }}
}}
resource "veil_impersonation" "support" {{
  integration = veil_integration.main.id
  user        = "erin"
  as_users    = ["alice"]
}}
"""
)
