SELECT immuta__userid, groups, attributes, projects, valid_tables FROM {system}.profile ORDER BY immuta__userid;
