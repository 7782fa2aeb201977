# Another configuration on the same warehouse finds the integration by name.
data "veil_integration" "main" {
  name = "main"
}

resource "veil_user_profile" "dora" {
  integration = data.veil_integration.main.id
  user        = "dora"
  groups      = ["analysts"]
}
