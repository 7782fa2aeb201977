# By the policy's name.
terraform import veil_masking_policy.identifiers hash-identifiers
