-- The data sources that show no rows, and the policy that failed for each. Views read it.
CREATE TABLE IF NOT EXISTS {system}.closed (
    source VARCHAR(1024) NOT NULL,
    kind VARCHAR(64) NOT NULL,
    name VARCHAR(1024) NOT NULL,
    id VARCHAR(128) NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
REVOKE ALL ON TABLE {system}.closed FROM PUBLIC;
