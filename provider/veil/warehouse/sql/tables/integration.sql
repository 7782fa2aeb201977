-- The mark by which an installation is found, and the version of what is in it.
CREATE TABLE IF NOT EXISTS {system}.integration (
    schema_version INTEGER NOT NULL,
    provider_version VARCHAR(64) NOT NULL,
    view_schema VARCHAR(256) NOT NULL,
    impersonation_group VARCHAR(256),
    installed_at TIMESTAMP NOT NULL
);
REVOKE ALL ON TABLE {system}.integration FROM PUBLIC;
DELETE FROM {system}.integration;
INSERT INTO {system}.integration
VALUES ({schema_version}, {provider_version}, {view_schema}, {impersonation_group}, GETDATE());
