resource "veil_purpose" "fraud" {
  integration     = veil_integration.main.id
  name            = "fraud"
  acknowledgement = "I use this data only to investigate fraud."
}

# A sub-purpose. Policies for "fraud" cover those who act under it, and it has the acknowledgement of "fraud".
resource "veil_purpose" "cards" {
  integration = veil_integration.main.id
  name        = "${veil_purpose.fraud.name}.cards"
}
