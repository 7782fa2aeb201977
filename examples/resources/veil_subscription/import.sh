# By user and data source.
terraform import veil_subscription.audit auditor/governed.customers
