# Columns tagged pii, pii.email, pii.ssn, ...: hashed for everyone outside HR.
resource "veil_masking_policy" "identifiers" {
  integration = veil_integration.main.id
  name        = "hash-identifiers"
  description = "Identifiers are hashed for everyone outside HR."
  applies_to  = { column_tags = ["pii"] }
  mask        = { hash = {} }
  exceptions  = { groups = ["hr"] }
}

# Decides before the policy above, and masks only some cells: those of rows outside the user's part of the tree.
resource "veil_masking_policy" "card" {
  integration = veil_integration.main.id
  name        = "mask-card-outside-level"
  priority    = 20
  applies_to  = { column_tags = ["pii.credit_card"] }
  mask        = { partial = { keep_last = 4 } }
  where       = "@columnTagged('access_level') NOT IN (SELECT access_level FROM src.access_tree WHERE @attributeValuesContains('user_level', 'root'))"
}

# Birthdays a month off, either way: ages are about right, and the same birthday is off by as much everywhere.
resource "veil_masking_policy" "birthday" {
  integration = veil_integration.main.id
  name        = "shift-birthdays"
  priority    = 30
  applies_to  = { column_tags = ["pii.birthday"] }
  mask        = { date_shift = { days = 30 } }
  exceptions  = { groups = ["hr"] }
}

# Salaries show where five people or more of the table share city and year of birth.
resource "veil_masking_policy" "salary" {
  integration = veil_integration.main.id
  name        = "hide-rare-people"
  applies_to  = { column_tags = ["sensitive.salary"] }
  mask        = { k_anonymity = { k = 5, with = ["city", "birth_year"] } }
}

# Seven answers of ten are true: nobody can tell which, and the shares of all can be worked out.
resource "veil_masking_policy" "marital_status" {
  integration = veil_integration.main.id
  name        = "blur-marital-status"
  applies_to  = { column_tags = ["sensitive.marital_status"] }
  mask        = { categories = { values = ["single", "married", "divorced"], keep = 70 } }
}

# Two masks: finance sees the last four digits, everybody else nothing. Staged: stored, and without effect.
resource "veil_masking_policy" "ssn" {
  integration      = veil_integration.main.id
  name             = "ssn-for-finance"
  priority         = 30
  applies_to       = { column_tags = ["pii.ssn"] }
  for_everyone_who = "@isInGroups('finance')"
  mask             = { partial = { keep_last = 4 } }
  otherwise        = { null = {} }
  staged           = true
}
