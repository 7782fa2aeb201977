# Policies that other systems' documentation uses as examples, said in veil's language. Each table carries a tag of its own.

locals {
  tables = {
    contacts     = { email = "contacts.email" }
    sales        = {}
    branches     = {}
    staff        = { ssn = "staff.ssn" }
    reports      = {}
    partners     = {}
    people       = { for name in ["phone", "born", "note", "account", "score", "mail", "fee"] : name => "people.${name}" }
    credit_cards = { card = "cards.number" }
    card_cases   = { card = "cases.card" }
    events       = {}
    accounts     = { territory = "geo.territory", department = "org.department" }
    visits       = {}
    trials       = { patient = "trials.patient" }
    ledger       = {}
    payroll      = {}
  }
  closed = ["ledger", "payroll"]
}

resource "veil_data_source" "all" {
  for_each          = local.tables
  integration       = veil_integration.main.id
  schema            = "raw"
  table             = each.key
  tags              = ["table.${each.key}", contains(local.closed, each.key) ? "Department.Finance" : "open"]
  columns           = { for name, tag in each.value : name => { tags = [tag] } }
  event_time_column = each.key == "visits" ? "seen_at" : null
}

resource "veil_subscription_policy" "open" {
  integration = veil_integration.main.id
  name        = "open"
  applies_to  = { data_source_tags = ["open"] }
  access      = "everyone"
}

# Immuta: a parent value of an attribute covers the child tags of data sources.
resource "veil_subscription_policy" "department" {
  integration = veil_integration.main.id
  name        = "department"
  applies_to  = { data_source_tags = ["table.ledger"] }
  access      = "conditions"
  expression  = "@hasTagAsAttribute('Departments', 'dataSource') AND NOT @isInGroups('interns')"
}

# Immuta: a place in an attribute's value, with a wildcard.
resource "veil_subscription_policy" "place" {
  integration = veil_integration.main.id
  name        = "place"
  applies_to  = { data_source_tags = ["table.payroll"] }
  access      = "conditions"
  expression  = "@hasAttribute('SpecialAccess', '@database.@schema.*')"
}

locals {
  # where = which rows show
  rows = {
    # Snowflake: a mapping table of sales managers and their regions; executives see everything.
    sales = "@isInGroups('sales_executive') OR region IN (SELECT region FROM raw.manager_regions WHERE manager = @username)"
    # Databricks: administrators see all regions, others the US.
    branches = "@isInGroups('admin') OR region = 'US'"
    # Databricks: only users on a list see the table.
    reports = "@username IN (SELECT username FROM raw.valid_users)"
    # BigQuery: one row access policy per group, and one for the session's user; a user sees the union.
    partners = <<-EOT
      (@isInGroups('apac') AND region = 'APAC')
      OR (@isInGroups('us') AND region = 'US')
      OR contact = @username
    EOT
    # Amazon Redshift: a row-level security policy with a lookup of the current user, another for a role.
    events = <<-EOT
      catgroup IN (SELECT catgroup FROM raw.user_categories WHERE username = @username)
      OR (@isInGroups('concerts') AND catgroup = 'Concerts')
    EOT
  }
}

resource "veil_row_policy" "where" {
  for_each    = local.rows
  integration = veil_integration.main.id
  name        = each.key
  applies_to  = { data_source_tags = ["table.${each.key}"] }
  show        = { where = each.value }
}

# Immuta: rows where the user holds an attribute or a group that matches a tagged column; legal sees all.
resource "veil_row_policy" "territory" {
  integration = veil_integration.main.id
  name        = "territory"
  show = {
    user_matches = [{ attribute = "Office", column_tag = "geo.territory" }, { group = true, column_tag = "org.department" }]
    operator     = "any"
  }
  exceptions = { groups = ["auditors"] }
}

# Immuta: only rows newer than 90 days.
resource "veil_row_policy" "recent" {
  integration = veil_integration.main.id
  name        = "recent"
  applies_to  = { data_sources = ["raw.visits"] }
  show        = { newer_than = { days = 90 } }
  exceptions  = { groups = ["auditors"] }
}

# Snowflake: analysts see addresses, support their domain, everybody else asterisks.
resource "veil_masking_policy" "address" {
  integration = veil_integration.main.id
  name        = "address"
  priority    = 20
  applies_to  = { column_tags = ["contacts.email"] }
  mask        = { constant = { value = "********" } }
  exceptions  = { groups = ["analyst", "support"] }
}
resource "veil_masking_policy" "address_for_support" {
  integration = veil_integration.main.id
  name        = "address-for-support"
  priority    = 10
  applies_to  = { column_tags = ["contacts.email"] }
  mask        = { sql = { expression = "'*****@' || SPLIT_PART(@value, '@', 2)" } }
  exceptions  = { groups = ["analyst"] }
}

# Databricks: a fixed social security number for everyone outside a department.
resource "veil_masking_policy" "ssn" {
  integration = veil_integration.main.id
  name        = "ssn"
  applies_to  = { column_tags = ["staff.ssn"] }
  mask        = { constant = { value = "***-**-****" } }
  exceptions  = { expression = "@isInGroups('human_resources')" }
}

# BigQuery: the predefined masking rules.
resource "veil_masking_policy" "people" {
  for_each = {
    phone   = { sql = { expression = "'XXXXX' || RIGHT(@value, 4)" } }
    born    = { truncate_date = { unit = "year" } }
    note    = { null = {} }
    account = { hash = {} }
    score   = { constant = { value = "0" } }
    mail    = { sql = { expression = "CASE WHEN @value LIKE '%_@_%' THEN 'XXXXX@' || SPLIT_PART(@value, '@', 2) END" } }
    fee     = { round = { bucket = 5 } }
  }
  integration = veil_integration.main.id
  name        = "people-${each.key}"
  applies_to  = { column_tags = ["people.${each.key}"] }
  mask        = each.value
}

# Amazon Redshift: two masks with priorities; analytics sees the first six and the last four digits.
resource "veil_masking_policy" "card" {
  integration = veil_integration.main.id
  name        = "card-full"
  priority    = 10
  applies_to  = { column_tags = ["cards"] }
  mask        = { constant = { value = "000000XXXX0000" } }
  exceptions  = { groups = ["analytics"] }
}
resource "veil_masking_policy" "card_partial" {
  integration = veil_integration.main.id
  name        = "card-partial"
  applies_to  = { column_tags = ["cards"] }
  mask        = { partial = { keep_first = 6, keep_last = 4, replacement = "X" } }
}

# Amazon Redshift: a conditional mask; cards of fraud cases in part, all others blank.
resource "veil_masking_policy" "case" {
  integration = veil_integration.main.id
  name        = "case-blank"
  priority    = 10
  applies_to  = { column_tags = ["cases.card"] }
  mask        = { null = {} }
  where       = "NOT is_fraud = TRUE"
}
resource "veil_masking_policy" "case_partial" {
  integration = veil_integration.main.id
  name        = "case-partial"
  applies_to  = { column_tags = ["cases.card"] }
  mask        = { partial = { keep_first = 6, keep_last = 4, replacement = "X" } }
}

# Immuta: hashed for those who act under a purpose, NULL for all others.
resource "veil_masking_policy" "patient" {
  integration      = veil_integration.main.id
  name             = "patient"
  applies_to       = { column_tags = ["trials.patient"] }
  for_everyone_who = "@isUsingPurpose('research')"
  mask             = { hash = {} }
  otherwise        = { null = {} }
}
resource "veil_purpose" "research" {
  integration     = veil_integration.main.id
  name            = "research"
  acknowledgement = "For the study only."
}
resource "veil_project" "study" {
  integration  = veil_integration.main.id
  name         = "study"
  members      = ["alice", "bob"]
  data_sources = [veil_data_source.all["trials"].id]
  purposes     = [veil_purpose.research.name]
}

resource "veil_user_profiles" "people" {
  integration = veil_integration.main.id
  users = {
    alice = { groups = ["analyst", "analytics", "human_resources", "apac", "us"], attributes = { Office = ["US", "Canada"] } }
    bob   = { groups = ["support", "concerts", "us", "sales"], attributes = { Departments = ["department"] } }
    carol = { groups = ["sales_executive", "admin", "auditors"], attributes = { SpecialAccess = ["${veil_integration.main.database}.raw.*"] } }
    dave  = { groups = [], attributes = { Departments = ["Department.Finance"] } }
  }
}
