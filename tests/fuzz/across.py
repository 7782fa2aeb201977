"""The same worlds with their tables and lookups in another database than their views."""

from dataclasses import replace

from tests.fuzz.stage import Place, Stage, connect
from tests.fuzz.worlds import Case

TABLES = "fuzz_tables"


class AcrossStage(Stage):
    """A stage with a second database, for the tables."""

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self.run(f"CREATE DATABASE {TABLES}")
        self._there = connect(replace(place, database=TABLES), place.username, place.password)

    def close(self) -> None:
        self._there.close()
        self.run(f"DROP DATABASE {TABLES}")
        super().close()

    def run_there(self, statement: str) -> None:
        self._there.cursor().execute(self.written(statement))


def across(case: Case) -> Case:
    """The case under a multi-database integration."""
    integration = replace(case.world.integration, mode="multi_database", source_database=TABLES)
    return replace(case, world=replace(case.world, integration=integration))
