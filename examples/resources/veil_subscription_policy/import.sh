# By the policy's name.
terraform import veil_subscription_policy.analysts analysts-read-sales
