SELECT immuta__userid, current_project FROM {system}.runtime ORDER BY immuta__userid;
