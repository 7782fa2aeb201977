-- request_seal(salt, user, source, reason, moment): the seal of what a user asks for.
pg_catalog.SHA2(
    {{salt}} || pg_catalog.SHA2(
        'request' || pg_catalog.CHR(31) || {{user}} || pg_catalog.CHR(31) || {{source}} || pg_catalog.CHR(31)
        || {{seconds_of({{moment}})}} || pg_catalog.CHR(31) || {{reason}},
        256
    ),
    256
)
