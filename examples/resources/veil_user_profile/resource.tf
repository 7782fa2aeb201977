resource "veil_user_profile" "alice" {
  integration = veil_integration.main.id
  user        = "alice" # the Redshift user name
  groups      = ["analysts"]
  attributes  = { territory = ["US", "CA"], user_level = ["Vegetables"] }
}

# Rights that end by themselves: from that moment on the views take them for not held, with no apply.
resource "veil_user_profile" "contractor" {
  integration = veil_integration.main.id
  user        = "contractor"
  groups      = ["analysts", "hr"]
  attributes  = { clearance = ["standard", "high"] }
  expires = {
    groups     = { hr = "2099-01-01T00:00:00Z" }
    attributes = { clearance = { high = "2099-07-01T00:00:00Z" } }
  }
}
