-- runtime_seal(salt, user, project): the seal of the project that a user acts in.
pg_catalog.SHA2(
    {{salt}} || pg_catalog.SHA2(
        'runtime' || pg_catalog.CHR(31) || {{user}} || pg_catalog.CHR(31) || COALESCE({{project}}, ''),
        256
    ),
    256
)
