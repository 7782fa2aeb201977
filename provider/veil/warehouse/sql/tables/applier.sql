-- Accounts that apply by the procedures alone, and the schemas in which they may have views made. Only its owner writes it: that
-- EXECUTE is worth SELECT on every governed table.
CREATE TABLE IF NOT EXISTS {system}.applier (
    immuta__userid VARCHAR(256) NOT NULL,
    view_schema VARCHAR(256) NOT NULL
);
REVOKE ALL ON TABLE {system}.applier FROM PUBLIC;
