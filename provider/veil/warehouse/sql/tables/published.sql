-- Which view stands for which data source, and fingerprints of what it was made from.
CREATE TABLE IF NOT EXISTS {system}.published (
    name VARCHAR(1024) NOT NULL,
    view_schema VARCHAR(256) NOT NULL,
    view_name VARCHAR(256) NOT NULL,
    text_hash VARCHAR(64) NOT NULL,
    compiled_hash VARCHAR(64) NOT NULL,
    compiler_version INTEGER NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
REVOKE ALL ON TABLE {system}.published FROM PUBLIC;
