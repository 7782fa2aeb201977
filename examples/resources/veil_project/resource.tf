# Members act in it after: CALL immuta_procedures.switch_project('fraud-team')
resource "veil_project" "fraud_team" {
  integration  = veil_integration.main.id
  name         = "fraud-team"
  members      = ["alice"]
  data_sources = [veil_data_source.customers.id]
  purposes     = [veil_purpose.fraud.name]
}
