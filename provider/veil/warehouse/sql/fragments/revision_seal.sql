-- revision_seal(number, token): the seal of the revision; the number as a text.
pg_catalog.LOWER(pg_catalog.SHA2({{number}} || pg_catalog.CHR(31) || {{token}}, 256))
