GRANT EXECUTE ON PROCEDURE {procedures}.impersonate_user(VARCHAR) TO GROUP {impersonation_group_name};
