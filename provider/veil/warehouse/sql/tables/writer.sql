-- Always empty and never read: writers lock it, and so wait for each other but for no reader.
CREATE TABLE IF NOT EXISTS {system}.writer (
    nothing INTEGER
);
REVOKE ALL ON TABLE {system}.writer FROM PUBLIC;
