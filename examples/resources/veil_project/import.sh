# By the project's name.
terraform import veil_project.fraud_team fraud-team
