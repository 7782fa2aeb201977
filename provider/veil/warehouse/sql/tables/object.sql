-- Governed objects. A body longer than a part is in several rows.
CREATE TABLE IF NOT EXISTS {system}.object (
    kind VARCHAR(64) NOT NULL,
    name VARCHAR(2048) NOT NULL,
    part INTEGER NOT NULL,
    parts INTEGER NOT NULL,
    id VARCHAR(128) NOT NULL,
    body VARCHAR(65535) NOT NULL,
    hash VARCHAR(64) NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
REVOKE ALL ON TABLE {system}.object FROM PUBLIC;
