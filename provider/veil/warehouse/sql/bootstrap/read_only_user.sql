CREATE USER {read_only_user} PASSWORD '<PASSWORD OF THE READ-ONLY ACCOUNT>';
CREATE ROLE {read_only_role};
GRANT ACCESS SYSTEM TABLE TO ROLE {read_only_role};
GRANT ACCESS CATALOG TO ROLE {read_only_role};
GRANT ROLE {read_only_role} TO {read_only_user};
