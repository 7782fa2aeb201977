-- The mark by which an installation is found, and the version of what is in it. Every version reads the columns up to
-- impersonation_group of every other: they stay as they are.
CREATE TABLE IF NOT EXISTS {system}.integration (
    schema_version INTEGER NOT NULL,
    provider_version VARCHAR(64) NOT NULL,
    view_schema VARCHAR(256) NOT NULL,
    impersonation_group VARCHAR(256),
    installed_at TIMESTAMP NOT NULL,
    read_only_role VARCHAR(256)
);
REVOKE ALL ON TABLE {system}.integration FROM PUBLIC;
DELETE FROM {system}.integration;
INSERT INTO {system}.integration
    (schema_version, provider_version, view_schema, impersonation_group, installed_at, read_only_role)
VALUES ({schema_version}, {provider_version}, {view_schema}, {impersonation_group}, pg_catalog.GETDATE(), {read_only_role});
