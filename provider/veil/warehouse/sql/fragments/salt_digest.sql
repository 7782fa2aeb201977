-- salt_digest(s): by what a salt that our procedure made is known.
pg_catalog.SHA2('salt' || pg_catalog.CHR(31) || {{s}}.name || pg_catalog.CHR(31) || {{s}}.salt, 256)
