resource "veil_purpose" "fraud" {
  integration     = veil_integration.main.id
  name            = "fraud"
  acknowledgement = "I use this data only to investigate fraud."
}
