# A policy is tested where it is written: the apply fails where alice would see a social security number.
# depends_on must reach every policy; a module that holds them all cannot forget one.
data "veil_effective_access" "alice" {
  integration = veil_integration.main.id
  user        = "alice"
  data_source = veil_data_source.customers.id
  depends_on  = [veil_masking_policy.identifiers, veil_subscription_policy.analysts, veil_user_profile.alice]

  lifecycle {
    postcondition {
      condition     = self.enforced && self.columns["ssn"].masked
      error_message = "alice would see social security numbers."
    }
  }
}
