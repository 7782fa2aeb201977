# By user and data source.
terraform import veil_access_refusal.bob bob/governed.customers
