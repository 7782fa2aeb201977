-- The rows of the call that is being written, and empty before and after: Redshift documents the unnest of an array for
-- those of tables. Writers hold the lock of the table `writer` while they use it.
CREATE TABLE IF NOT EXISTS {system}.incoming (
    items SUPER
);
REVOKE ALL ON TABLE {system}.incoming FROM PUBLIC;
