# By name. The provider's database is where it is looked for.
terraform import veil_integration.main main
