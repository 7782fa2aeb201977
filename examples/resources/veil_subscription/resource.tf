resource "veil_subscription" "audit" {
  integration = veil_integration.main.id
  user        = "auditor"
  data_source = veil_data_source.customers.id
  expires_at  = "2099-01-01T00:00:00Z"
}
