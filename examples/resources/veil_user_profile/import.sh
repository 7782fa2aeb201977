# By the Redshift user's name.
terraform import veil_user_profile.alice alice
