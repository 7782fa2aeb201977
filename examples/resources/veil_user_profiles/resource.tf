resource "veil_user_profiles" "directory" {
  integration = veil_integration.main.id
  users = {
    bob   = { groups = ["analysts", "hr"], attributes = { territory = ["FR"] } }
    carol = { groups = ["global-sales", "analysts"] }
  }
}
