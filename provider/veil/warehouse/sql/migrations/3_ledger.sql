-- Objects are entered in a ledger, those that are there first.
CREATE TABLE IF NOT EXISTS {system}.ledger (
    kind VARCHAR(64) NOT NULL,
    name VARCHAR(2048) NOT NULL,
    part INTEGER NOT NULL,
    parts INTEGER NOT NULL,
    id VARCHAR(128) NOT NULL,
    hash VARCHAR(64) NOT NULL
);
REVOKE ALL ON TABLE {system}.ledger FROM PUBLIC;
INSERT INTO {system}.ledger (kind, name, part, parts, id, hash)
SELECT kind, name, part, parts, id, hash FROM {system}.object;
