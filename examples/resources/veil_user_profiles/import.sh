# By the names of the users that one veil_user_profiles made.
terraform import veil_user_profiles.directory 'bob,carol'

# By the file that names them, spelled as in the configuration, for a resource with a file.
terraform import veil_user_profiles.exported 'file:./users.csv'

# By a directory's own file: behind a # stands, as JSON, what columns says.
terraform import veil_user_profiles.entra 'file:./entra.csv#{"user":"userPrincipalName","attributes":{"department":"department","territory":"usageLocation"},"only":{"accountEnabled":["true"]}}'
