REVOKE SELECT (name) ON TABLE {system}.salt FROM {grantee};
