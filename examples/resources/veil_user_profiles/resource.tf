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
# A column named expires says when what its line gives ends, for example 2099-01-01T00:00:00Z.
resource "veil_user_profiles" "exported" {
  integration = veil_integration.main.id
  file        = "${path.module}/users.csv"
}

# A directory's own export comes as it is: "Download users" of Microsoft Entra, here with the columns that are used.
# Whose account is disabled has no profile, and so sees nothing.
resource "veil_user_profiles" "entra" {
  integration = veil_integration.main.id
  file        = "${path.module}/entra.csv"
  columns = {
    user       = "userPrincipalName"
    attributes = { department = "department", territory = "usageLocation" }
    only       = { accountEnabled = ["true"] }
  }
}
