-- acknowledgement_seal(salt, user, purpose, text_hash): the seal of what a user agreed to.
pg_catalog.SHA2(
    {{salt}} || pg_catalog.SHA2(
        'acknowledgement' || pg_catalog.CHR(31) || {{user}} || pg_catalog.CHR(31) || {{purpose}}
        || pg_catalog.CHR(31) || {{text_hash}},
        256
    ),
    256
)
