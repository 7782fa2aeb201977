-- What our procedures put into object, without the bodies: a row of object that is not here, or reads otherwise, is not
-- ours, whatever hash it carries.
CREATE TABLE IF NOT EXISTS {system}.ledger (
    kind VARCHAR(64) NOT NULL,
    name VARCHAR(2048) NOT NULL,
    part INTEGER NOT NULL,
    parts INTEGER NOT NULL,
    id VARCHAR(128) NOT NULL,
    hash VARCHAR(64) NOT NULL
);
REVOKE ALL ON TABLE {system}.ledger FROM PUBLIC;
