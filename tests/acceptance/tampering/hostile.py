"""Names that end a quoted name, a text, a body or a line, of everything that a repair has to
name.
"""

from collections.abc import Iterator

HOSTILE = "x\"); DROP TABLE raw.canary; --\\\n$$ '"
PASSWORD = "Hostile1pass"
PRIVILEGES = (
    "SELECT ON immuta_system.salt",
    "SELECT ON governed.plain",
    "SELECT (kind) ON immuta_system.object",
    "UPDATE (kind) ON immuta_system.object",
    "CREATE ON SCHEMA immuta_procedures",
    "EXECUTE ON PROCEDURE immuta_procedures.upsert_objects(VARCHAR)",
    'SELECT ON "raw".plain',
)


def _name(kind: str) -> str:
    return '"' + (kind + HOSTILE).replace('"', '""') + '"'


def _grantees(place: str) -> tuple[str, str, str]:
    """A user, a group and a role: they are the cluster's, so each database has its own."""
    return _name(f"u{place}"), f"GROUP {_name(f'g{place}')}", f"ROLE {_name(f'r{place}')}"


def planting(place: str) -> Iterator[str]:
    """Statements of an administrator: owners and grantees, and things of others in our schemas, of
    such names.
    """
    user, group, role = _grantees(place)
    yield f"CREATE USER {user} PASSWORD '{PASSWORD}'"
    yield f"CREATE {group}"
    yield f"CREATE {role}"
    for grantee in (user, group, role):
        yield from (f"GRANT {privilege} TO {grantee}" for privilege in PRIVILEGES)
    yield f"ALTER TABLE governed.filtered OWNER TO {user}"
    yield f"ALTER PROCEDURE immuta_procedures.delete_profiles(VARCHAR) OWNER TO {user}"
    yield f"ALTER TABLE immuta_system.runtime OWNER TO {user}"
    yield f"ALTER SCHEMA immuta_functions OWNER TO {user}"
    yield f'CREATE TABLE "raw".{_name("t")} ({_name("c")} INTEGER)'
    yield f'CREATE VIEW immuta_system.{_name("v")} AS SELECT {_name("c")} FROM "raw".{_name("t")}'
    yield f"CREATE PROCEDURE immuta_procedures.{_name('p')}({_name('a')} INTEGER) AS $b$ BEGIN NULL; END $b$ LANGUAGE plpgsql"
    yield (
        f'CREATE PROCEDURE immuta_procedures.switch_project({_name("a")} "raw".{_name("t")}) AS $b$ BEGIN NULL; END $b$'
        " LANGUAGE plpgsql"
    )
    yield (
        f'CREATE FUNCTION immuta_functions.{_name("f")}("raw".{_name("t")}) RETURNS INTEGER STABLE AS $b$ SELECT 1 $b$'
        " LANGUAGE sql"
    )
    yield f"CREATE VIEW governed.{_name('w')} AS SELECT * FROM immuta_system.user_profile WITH NO SCHEMA BINDING"
    said = HOSTILE.replace("\\", "\\\\").replace("'", "''")
    yield f"COMMENT ON TABLE immuta_system.object IS '{said}'"
    yield f"COMMENT ON VIEW governed.plain IS '{said}'"


def undoing(place: str) -> Iterator[str]:
    """Statements that take away what no apply does: what is granted on base tables, and things that
    are not veil's.
    """
    user, group, role = _grantees(place)
    yield f"DROP VIEW immuta_system.{_name('v')}"
    yield f"DROP PROCEDURE immuta_procedures.{_name('p')}(INTEGER)"
    yield f"DROP VIEW governed.{_name('w')}"
    yield f'DROP PROCEDURE immuta_procedures.switch_project("raw".{_name("t")})'
    yield f'DROP FUNCTION immuta_functions.{_name("f")}("raw".{_name("t")})'
    yield f'DROP TABLE "raw".{_name("t")} CASCADE'
    for grantee in (user, group, role):
        yield f'REVOKE SELECT ON "raw".plain FROM {grantee}'
