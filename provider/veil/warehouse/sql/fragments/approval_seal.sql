-- approval_seal(salt, user, source, approver, moment, ends): the seal of what an approver agreed to.
pg_catalog.SHA2(
    {{salt}} || pg_catalog.SHA2(
        'approval' || pg_catalog.CHR(31) || {{user}} || pg_catalog.CHR(31) || {{source}} || pg_catalog.CHR(31)
        || {{approver}} || pg_catalog.CHR(31)
        || {{seconds_of({{moment}})}} || pg_catalog.CHR(31)
        || COALESCE({{seconds_of({{ends}})}}, 'never'),
        256
    ),
    256
)
