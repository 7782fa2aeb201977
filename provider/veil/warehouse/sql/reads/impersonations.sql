SELECT immuta__userid, as_user FROM {system}.impersonation ORDER BY immuta__userid, as_user;
