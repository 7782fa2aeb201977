"""What a run makes in the warehouse: schemas, a database, users and groups whose names carry a
random token, each listed in a table before it is made, so that whatever a killed run leaves is
found and removed by the next one.

What the list says is not trusted further than that: it counts only where the account owns it, and
only names that a run gives. Whoever may create schemas could else have a superuser drop whatever
they like.
"""

import re
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

from veil.errors import VeilError
from veil.warehouse import Session, WarehouseError, identifier, literal, qualified

SCHEMA = "veil_certify"
"""The schema of the list."""

ALIVE_MINUTES = 10
"""A run that has not given a sign of life for so long is taken for dead: it gives one after each
thing that it tried.
"""

Kind = Literal["run", "database", "schema", "user", "group"]
_LIST = qualified(SCHEMA, "scratch")
_ORDER = ("database", "schema", "group", "user", "run")
"""In which order things are removed: what refers to others before these."""

_TOKEN = re.compile(r"vc[0-9a-f]{8}\Z")
_WORD = re.compile(r"[a-z]+\Z")
_MINUTE = 60.0


class ForeignListError(VeilError):
    """The list of what runs make, or its schema, is another account's."""

    def __init__(self, names: str) -> None:
        super().__init__(
            f"The schema {SCHEMA} is not this account's",
            f"It is to list what runs make, and what another account lists is not removed. Not this account's: {names}. Sign in "
            "as the account that ran before, or have the schema dropped.",
        )


class UnderWayError(VeilError):
    """Another run gave a sign of life a short time ago."""

    def __init__(self, tokens: Iterable[str]) -> None:
        super().__init__(
            "Another run seems to be under way",
            f"{', '.join(tokens)} gave a sign of life in the last minutes. Wait for it to end; where nobody runs it any more, "
            "`veil certify --clean` removes what it made.",
        )


@dataclass(frozen=True)
class Leftovers:
    """What `clean` removed, and what it left because it is not the account's, or because the
    warehouse refused.
    """

    removed: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


@dataclass
class Scratch:
    """The names of one run, and what it has made so far. `token` is in each of them."""

    session: Session
    token: str = field(default_factory=lambda: f"vc{secrets.token_hex(4)}")
    _lived: float = 0.0

    def name(self, word: str) -> str:
        return f"{self.token}_{word}"

    def begin(self) -> None:
        """Make the list, unless it is there, and enter this run. Raises ForeignListError and
        WarehouseError.
        """
        _make_list(self.session)
        self._enter("run", self.token)

    def sign_of_life(self) -> None:
        """Say that the run goes on, so that no other one removes its things. Once a minute at the
        most.
        """
        if time.monotonic() - self._lived < _MINUTE:
            return
        self._lived = time.monotonic()
        self.session.execute(
            f"UPDATE {_LIST} SET made_at = pg_catalog.GETDATE() WHERE kind = 'run' AND name = {literal(self.token)}"
        )

    def schema(self, word: str) -> str:
        """Make a schema; its name."""
        name = self.claim("schema", word)
        self.session.execute(f"CREATE SCHEMA {identifier(name)}")
        return name

    def database(self, word: str) -> str:
        """Make a database; its name."""
        name = self.claim("database", word)
        self.session.execute(f"CREATE DATABASE {identifier(name)}")
        return name

    def user(self, word: str, password: str) -> str:
        """Make a user; its name."""
        name = self.claim("user", word)
        self.session.execute(f"CREATE USER {identifier(name)} PASSWORD {literal(password)}")
        return name

    def claim(self, kind: Kind, word: str) -> str:
        """List something that is about to be made; its name."""
        name = self.name(word)
        self._enter(kind, name)
        return name

    def _enter(self, kind: Kind, name: str) -> None:
        self.session.execute(
            f"INSERT INTO {_LIST} (token, kind, name, made_at) "
            f"VALUES ({literal(self.token)}, {literal(kind)}, {literal(name)}, pg_catalog.GETDATE())"
        )


def clean(
    session: Session, *, only: str | None = None, force: bool = False, uninstall: Callable[[str], None] | None = None
) -> Leftovers:
    """Remove what dead runs left, or what the run of the token `only` made; with `force` what every
    run made.

    `uninstall` gets the prefix of each run's integration first. Nothing goes that is not listed or
    has a name that no run gives, and no schema in which another account owns something. Raises
    ForeignListError, UnderWayError where a run seems to be under way, and WarehouseError.
    """
    if not _there(session):
        return Leftovers()
    # A run that was killed between its schema and its list, at its beginning or its end, left the
    # one without the other.
    _make_list(session)
    rows = session.query(
        f"SELECT token, kind, name, CASE WHEN made_at > DATEADD(minute, -{ALIVE_MINUTES}, pg_catalog.GETDATE()) "
        f"THEN 1 ELSE 0 END FROM {_LIST}"
    )
    wanted = [(token, kind, name) for token, kind, name, _ in rows if only in (None, token)]
    listed = [each for each in wanted if _is_given(*each)]
    alive = sorted({token for token, kind, _, fresh in rows if kind == "run" and fresh and only is None})
    if alive and not force:
        raise UnderWayError(alive)
    if uninstall is not None:
        for token in sorted({token for token, _, _ in listed}):
            uninstall(token)
    left = {name: f"{kind} {name}: no run gives this name" for _, kind, name in set(wanted) - set(listed)}
    left |= _remove(session, listed)
    _drop_list(session)
    return Leftovers(tuple(sorted(name for _, _, name in listed if name not in left)), tuple(sorted(left.values())))


def _remove(session: Session, listed: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """Remove these; what is left, by name, and why."""
    left: dict[str, str] = {}
    for token, kind, name in sorted(listed, key=lambda each: _ORDER.index(each[1])):
        if kind == "run" and left:
            continue
        try:
            _drop(session, kind, name)
        except (WarehouseError, _ForeignError) as problem:
            left[name] = f"{kind} {name}: {problem}"
            continue
        session.execute(f"DELETE FROM {_LIST} WHERE token = {literal(token)} AND name = {literal(name)}")
    return left


class _ForeignError(Exception):
    """Something of another account is in the way."""


def _drop(session: Session, kind: str, name: str) -> None:
    if kind == "schema":
        foreign = session.query(_FOREIGN.replace("{schema}", literal(name)))
        if foreign:
            raise _ForeignError(f"{', '.join(str(row[0]) for row in foreign)} in it are not this account's")
        session.execute(f"DROP SCHEMA IF EXISTS {identifier(name)} CASCADE")
    elif kind == "database":
        owners = session.query(_OWNER_OF_DATABASE.replace("{name}", literal(name)))
        if any(not own for (own,) in owners):
            raise _ForeignError("it is not this account's")
        if owners:
            session.execute(f"DROP DATABASE {identifier(name)}")
    elif kind == "user" and session.query(f"SELECT 1 FROM pg_catalog.pg_user WHERE usename = {literal(name)}"):
        # Asked first: an account that may not make users may not drop those that are not there
        # either.
        session.execute(f"DROP USER {identifier(name)}")
    elif kind == "group" and session.query(f"SELECT 1 FROM pg_catalog.pg_group WHERE groname = {literal(name)}"):
        session.execute(f"DROP GROUP {identifier(name)}")


_OWNER_OF_DATABASE = """
SELECT CASE WHEN d.datdba = u.usesysid THEN 1 ELSE 0 END FROM pg_catalog.pg_database AS d, pg_catalog.pg_user AS u
WHERE d.datname = {name} AND u.usename = CURRENT_USER
"""

_FOREIGN = """
SELECT n.nspname FROM pg_catalog.pg_namespace AS n, pg_catalog.pg_user AS u
WHERE n.nspname = {schema} AND u.usename = CURRENT_USER AND n.nspowner <> u.usesysid
UNION ALL
SELECT c.relname FROM pg_catalog.pg_class AS c, pg_catalog.pg_namespace AS n, pg_catalog.pg_user AS u
WHERE c.relnamespace = n.oid AND n.nspname = {schema} AND u.usename = CURRENT_USER AND c.relowner <> u.usesysid
UNION ALL
SELECT p.proname FROM pg_catalog.pg_proc AS p, pg_catalog.pg_namespace AS n, pg_catalog.pg_user AS u
WHERE p.pronamespace = n.oid AND n.nspname = {schema} AND u.usename = CURRENT_USER AND p.proowner <> u.usesysid
"""
"""What is not the account's of a schema. Source: the catalog tables of PostgreSQL that Redshift
has, which tell owners by number (Amazon Redshift Database Developer Guide, "Querying the catalog
tables").
"""


def _is_given(token: str, kind: str, name: str) -> bool:
    """Whether a run of this token gives something of this kind this name."""
    if not _TOKEN.match(token) or kind not in _ORDER:
        return False
    prefix, _, word = name.partition("_")
    return prefix == token and (not word if kind == "run" else bool(_WORD.match(word)))


def _there(session: Session) -> bool:
    return bool(session.query(f"SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = {literal(SCHEMA)}"))


def _require_own_list(session: Session) -> None:
    foreign = session.query(_FOREIGN.replace("{schema}", literal(SCHEMA)))
    if foreign:
        raise ForeignListError(", ".join(str(row[0]) for row in foreign))


def _make_list(session: Session) -> None:
    session.execute(f"CREATE SCHEMA IF NOT EXISTS {identifier(SCHEMA)}")
    _require_own_list(session)
    session.execute(
        f"CREATE TABLE IF NOT EXISTS {_LIST} (token VARCHAR(32), kind VARCHAR(16), name VARCHAR(127), made_at TIMESTAMP)"
    )


def _drop_list(session: Session) -> None:
    """Drop the list once it lists nothing."""
    if not session.query(f"SELECT token FROM {_LIST} LIMIT 1"):
        session.execute(f"DROP TABLE {_LIST}")
        session.execute(f"DROP SCHEMA {identifier(SCHEMA)}")
