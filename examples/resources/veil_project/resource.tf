# Members act in it after: CALL immuta_procedures.switch_project('fraud-team')
resource "veil_project" "fraud_team" {
  integration  = veil_integration.main.id
  name         = "fraud-team"
  members      = ["alice"]
  data_sources = [veil_data_source.customers.id]
  purposes     = [veil_purpose.fraud.name]
}

# All members see the same, and no more than any of them may see; what hash masks show joins across data sources.
resource "veil_project" "shared_study" {
  integration  = veil_integration.main.id
  name         = "shared-study"
  members      = ["alice", "bob"]
  data_sources = [veil_data_source.customers.id]
  masked_joins = true
  equalized    = true
}
