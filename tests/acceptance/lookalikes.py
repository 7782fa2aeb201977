"""What an analyst could make so that the provider runs it in place of Redshift's own: functions for
every type of argument, relations and types of the names that its statements use, wherever a
search_path may lead.

Each raises an error that names it. The engine's log keeps errors, so that also one that nobody was
told of is found.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from tests.acceptance.conftest import Database
from tests.engine import run_behind
from tests.warehouse import sending
from veil.local import Engine

ANALYST = "support"

_TYPES = (
    "VARCHAR", "CHAR(9)", "TEXT", "NAME", '"char"', "OID", "SMALLINT", "INTEGER", "BIGINT", "NUMERIC", "DOUBLE PRECISION", "BOOLEAN",
    "DATE", "TIMESTAMP", "TIMESTAMPTZ", "SUPER", "OIDVECTOR",
)  # fmt: skip
_TYPE_NAMES = (
    "super",
    "date",
    "timestamptz",
    "timestamp",
    "varchar",
    "bpchar",
    "text",
    "name",
    "int4",
    "int8",
    "numeric",
    "oid",
)
_UNDER_OTHER_NAMES = {
    "quote_ident": 1,
    "coalesce": 2,
    "nullif": 2,
    "dateadd": 3,
    "datediff": 3,
    "date_add": 3,
    "date_diff": 3,
    "date_part": 2,
}
"""Functions, with how many arguments, that statements of ours called once or that the grammar may
turn calls into.
"""
_OPERATORS = ("=", "<>", "||", "~", "<", ">", ">=", "~~", "+")
_OPERANDS = ("VARCHAR", "TEXT", "NAME", "BPCHAR", "INT4", "INT8", "OID", "TIMESTAMP")


def plant(engine: Engine, database: Database, *schemas: str) -> Database:
    """The database once an analyst has made look-alikes in these schemas, which are made for it
    where they are not public. Connections to the one that is returned look names up in the catalog:
    tests call by their short names what has look-alikes now.
    """
    for schema in (each for each in schemas if each != "public"):
        database.run(f'CREATE SCHEMA "{schema}" AUTHORIZATION {ANALYST}', f'GRANT USAGE ON SCHEMA "{schema}" TO PUBLIC')
    made = [each for schema in schemas for each in _in_schema(database, schema)]
    _run_behind(engine, database, [f"SET ROLE {ANALYST}", *made])
    return replace(database, search_path="pg_catalog")


def plant_operators(engine: Engine, database: Database) -> None:
    """Operators and aggregates too, which Redshift lets nobody make and the engine neither."""
    _run_behind(engine, database, _operators(database.name))


def heard(engine: Engine, database: Database) -> list[str]:
    """The look-alikes of this database that anybody ran."""
    log = (engine.directory / "engine.log").read_text(encoding="utf-8", errors="replace")
    return [line for line in log.splitlines() if _told(database.name) in line]


def _run_behind(engine: Engine, database: Database, statements: Iterable[str]) -> None:
    """Run statements where the engine's triggers do not look at each of thousands."""
    run_behind(engine, database.name, ("SET event_triggers TO off", "BEGIN", *statements, "COMMIT"))


def _told(place: str) -> str:
    return f"a look-alike of {place} ran: "


def _raising(place: str, name: str) -> str:
    """An expression that fails when it is computed. Names go in without quotes of any kind."""
    shown = name.replace('"', "")
    return f"CAST('{_told(place)}{shown}' || '' AS INTEGER)"


def _in_schema(database: Database, schema: str) -> Iterator[str]:
    for name, count in _arities(database):
        for type_ in _TYPES if count else ("",):
            yield (
                f'CREATE FUNCTION "{schema}"."{name}"({", ".join([type_] * count)}) RETURNS INTEGER STABLE'
                f" AS $$ SELECT {_raising(database.name, f'{schema}.{name}({type_})')} $$ LANGUAGE sql"
            )
    for name in sorted(sending.relations()):
        yield f'CREATE VIEW "{schema}"."{name}" AS SELECT {_raising(database.name, f"{schema}.{name}")} AS oid'
        yield f'GRANT ALL ON "{schema}"."{name}" TO PUBLIC'
    for name in _TYPE_NAMES:
        yield f'CREATE TABLE "{schema}"."{name}" (a INTEGER)'


def _arities(database: Database) -> list[tuple[str, int]]:
    """The functions that statements of ours call, with every number of arguments that they can
    have.
    """
    names = sending.functions() | _UNDER_OTHER_NAMES.keys()
    listed = ", ".join(f"'{name}'" for name in sorted(names))
    rows = database.query(
        "SELECT DISTINCT p.proname, p.pronargs FROM pg_catalog.pg_proc AS p INNER JOIN pg_catalog.pg_namespace AS n"
        f" ON n.oid = p.pronamespace WHERE n.nspname = 'pg_catalog' AND p.proname IN ({listed})"
    )
    assert sending.functions() <= {row[0] for row in rows}
    return sorted({(str(name), int(count)) for name, count in rows} | set(_UNDER_OTHER_NAMES.items()))


def _operators(place: str) -> Iterator[str]:
    for left in _OPERANDS:
        for right in _OPERANDS:
            function = f'public."operate {left} {right}"'
            yield (
                f"CREATE FUNCTION {function}({left}, {right}) RETURNS BOOLEAN LANGUAGE sql STABLE"
                f" AS $$ SELECT {_raising(place, f'operator on {left} and {right}')} = 1 $$"
            )
            for operator in _OPERATORS:
                yield f"CREATE OPERATOR public.{operator} (LEFTARG = {left}, RIGHTARG = {right}, FUNCTION = {function})"
    for name in ("count", "max"):
        yield (
            f'CREATE FUNCTION public."add to {name}"(INT4, VARCHAR) RETURNS INT4 LANGUAGE sql STABLE'
            f" AS $$ SELECT {_raising(place, f'aggregate {name}')} $$"
        )
        for type_ in ("VARCHAR",):
            yield f"DROP FUNCTION public.{name}({type_})"
            yield f"CREATE AGGREGATE public.{name}({type_}) (SFUNC = public.\"add to {name}\", STYPE = INT4, INITCOND = '0')"
