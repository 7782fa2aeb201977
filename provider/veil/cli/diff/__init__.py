"""`veil diff`: who gains and who loses access by a Terraform plan."""
