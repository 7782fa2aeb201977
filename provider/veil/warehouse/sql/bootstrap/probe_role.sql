CREATE ROLE {probe_role};
