# By the name of the user who may act as others.
terraform import veil_impersonation.support support
