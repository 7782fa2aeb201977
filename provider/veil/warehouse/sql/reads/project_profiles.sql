SELECT project, groups, attributes, projects, valid_tables FROM {system}.project_profile ORDER BY project;
