resource "veil_user_profiles" "directory" {
  integration = veil_integration.main.id
  users = {
    bob   = { groups = ["analysts", "hr"], attributes = { territory = ["FR"] } }
    carol = { groups = ["global-sales", "analysts"] }
  }
}

# Thousands of users come from a file, for example an export of the identity provider:
#   user,groups,attributes.territory
#   dan,analysts;hr,US;CA
#   eva,analysts,
resource "veil_user_profiles" "exported" {
  integration = veil_integration.main.id
  file        = "${path.module}/users.csv"
}
