resource "veil_access_refusal" "bob" {
  integration = veil_integration.main.id
  user        = "bob"
  data_source = veil_data_source.customers.id
  until       = "2030-01-01T00:00:00Z"
  reason      = "No need for customer data this year."
}
