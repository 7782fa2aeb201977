resource "veil_user_profile" "alice" {
  integration = veil_integration.main.id
  user        = "alice" # the Redshift user name
  groups      = ["analysts"]
  attributes  = { territory = ["US", "CA"], user_level = ["Vegetables"] }
}
