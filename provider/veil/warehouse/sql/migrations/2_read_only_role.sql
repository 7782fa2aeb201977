-- The mark names the role that may read everything but salts, so that what a later apply makes anew stays readable.
ALTER TABLE {system}.integration ADD COLUMN read_only_role VARCHAR(256);
