"""What a predicate of a user's own meets in views that are no security barriers, as a cluster's are
not.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from tests.engine import run_behind, take_barriers
from tests.fuzz.stage import Place, Stage, connect, quoted
from veil.local import Engine
from veil.model import DataSource

DATABASE = "unbarred"

_SPY = (
    "CREATE SCHEMA spy",
    "GRANT USAGE ON SCHEMA spy TO PUBLIC",
    "CREATE TABLE spy.met (name text, value text)",
    "GRANT ALL ON spy.met TO PUBLIC",
    # Cheaper than anything in a view, so that the planner takes it first wherever it may.
    "CREATE FUNCTION spy.meets(name text, value anyelement) RETURNS boolean LANGUAGE plpgsql VOLATILE COST 0.0001"
    " AS $$ BEGIN IF value IS NOT NULL THEN INSERT INTO spy.met VALUES ($1, $2::text); END IF; RETURN true; END $$",
    "CREATE FUNCTION spy.spelled(value anyelement) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT $1::text $$",
)

Values = Mapping[str, frozenset[str]]
"""By column, its values as texts."""


class UnbarredStage(Stage):
    """A stage in a database of its own, without barriers and with a spy."""

    def __init__(self, engine: Engine, place: Place) -> None:
        outside = connect(place, place.username, place.password)
        outside.cursor().execute(f"CREATE DATABASE {DATABASE}")
        outside.close()
        take_barriers(engine, DATABASE)
        run_behind(engine, DATABASE, _SPY)
        super().__init__(replace(place, database=DATABASE))

    def met_beyond_shown(self, user: str, source: DataSource) -> Values:
        """The values that a user's predicate meets in the source's view and that it does not show
        them.
        """
        self.run("DELETE FROM spy.met")
        view = f"{quoted(source.view_schema)}.{quoted(source.view_name)}"
        names = self._columns(user, view)
        cursor = self._users[user].cursor()
        spies = " AND ".join(f"spy.meets('{at}', {quoted(name)})" for at, name in enumerate(names))
        cursor.execute(f"SELECT COUNT(*) FROM {view} WHERE {spies}")
        cursor.execute("SELECT DISTINCT name, value FROM spy.met")
        met: dict[str, set[str]] = defaultdict(set)
        for at, value in cursor.fetchall():
            met[names[int(at)]].add(value)
        cursor.execute(f"SELECT {', '.join(f'spy.spelled({quoted(name)})' for name in names)} FROM {view}")
        rows = cursor.fetchall()
        shown = {name: {row[at] for row in rows} for at, name in enumerate(names)}
        beyond = {name: frozenset(values - shown[name]) for name, values in met.items()}
        return {name: values for name, values in beyond.items() if values}

    def _columns(self, user: str, view: str) -> list[str]:
        cursor = self._users[user].cursor()
        cursor.execute(f"SELECT * FROM {view} LIMIT 0")
        return [each[0].decode() if isinstance(each[0], bytes) else each[0] for each in cursor.description]
