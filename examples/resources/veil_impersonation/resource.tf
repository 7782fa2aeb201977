# support sees what alice sees after: CALL immuta_procedures.impersonate_user('alice')
resource "veil_impersonation" "support" {
  integration = veil_integration.main.id
  user        = "support"
  as_users    = ["alice"]
}
