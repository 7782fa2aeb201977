# By the names of the users that one veil_user_profiles made.
terraform import veil_user_profiles.directory 'bob,carol'
