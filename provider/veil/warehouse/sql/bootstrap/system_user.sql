CREATE USER {system_user} PASSWORD '<PASSWORD OF THE SYSTEM ACCOUNT>';
CREATE ROLE {catalog_role};
GRANT ACCESS SYSTEM TABLE TO ROLE {catalog_role};
GRANT ACCESS CATALOG TO ROLE {catalog_role};
GRANT ROLE {catalog_role} TO {system_user};
