# A grant admits: one is enough.
resource "veil_subscription_policy" "analysts" {
  integration = veil_integration.main.id
  name        = "analysts-read-sales"
  applies_to  = { data_source_tags = ["domain.sales"] }
  access      = "conditions"
  expression  = "@isInGroups('analysts')"
}

# A guardrail only demands: every one must hold, whatever the grants say.
resource "veil_subscription_policy" "no_contractors" {
  integration = veil_integration.main.id
  name        = "no-contractors"
  mode        = "guardrail"
  applies_to  = { all_data_sources = true }
  access      = "conditions"
  expression  = "NOT @hasAttribute('employment', 'contractor')"
}

# Whoever is not admitted may ask: CALL immuta_procedures.request_access('governed.customers', 'Churn report').
# A steward agrees to it: CALL immuta_procedures.approve_request('governed.customers', 'alice').
resource "veil_subscription_policy" "on_request" {
  integration = veil_integration.main.id
  name        = "on-request"
  applies_to  = { data_source_tags = ["domain.sales"] }
  access      = "approval"
  approval = {
    groups  = ["stewards"]
    longest = { days = 90 }
  }
}
