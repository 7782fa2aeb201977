# One user, whatever the subscription policies grant. Guardrails, masks and row policies still hold.
resource "veil_subscription" "audit" {
  integration = veil_integration.main.id
  user        = veil_user_profile.auditor.user
  data_source = veil_data_source.customers.id
  expires_at  = "2099-01-01T00:00:00Z"
}

# Without a profile nobody sees a row.
resource "veil_user_profile" "auditor" {
  integration = veil_integration.main.id
  user        = "auditor"
}
