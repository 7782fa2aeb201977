-- What became of the last change of an object that failed, until a later one succeeds. It is written in a transaction of its own,
-- after that of the change was rolled back. Nothing decides by it.
CREATE TABLE IF NOT EXISTS {system}.last_error (
    kind VARCHAR(64) NOT NULL,
    name VARCHAR(2048) NOT NULL,
    status VARCHAR(64) NOT NULL,
    error VARCHAR(1024) NOT NULL,
    happened_at TIMESTAMP NOT NULL
);
REVOKE ALL ON TABLE {system}.last_error FROM PUBLIC;
