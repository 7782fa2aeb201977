-- What hashes of a data source are salted with. Only the owner of the views reads it; `seal` is what
-- rows that users cause are sealed with.
CREATE TABLE IF NOT EXISTS {system}.salt (
    name VARCHAR(1024) NOT NULL,
    salt VARCHAR(64) NOT NULL
);
REVOKE ALL ON TABLE {system}.salt FROM PUBLIC;
