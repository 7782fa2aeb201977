GRANT SELECT ON TABLE {system}.writer TO ROLE {probe_role};
