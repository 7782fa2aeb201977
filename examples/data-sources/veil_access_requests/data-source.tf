data "veil_access_requests" "open" {
  integration = veil_integration.main.id
}

# Who asks for what, and why: in the plan of whoever decides.
output "asked_for" {
  value = [for each in data.veil_access_requests.open.requests : "${each.user}: ${each.view} (${each.reason})"]
}
