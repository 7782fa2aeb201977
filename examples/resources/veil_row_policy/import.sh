# By the policy's name.
terraform import veil_row_policy.own_territory own-territory
