"""How many transactions veil has committed in a database; 0 where nothing is installed."""

from typing import Any

import redshift_connector

from tests.acceptance.conftest import Database


def revision(database: Database) -> int:
    """The number now, by a connection of its own."""
    with database.connect() as connection:
        return revision_by(connection)


def revision_by(connection: Any) -> int:
    """The number now, by a connection that asks again and again."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT revision + 1 FROM immuta_system.revision")
            return int(cursor.fetchone()[0])
    except redshift_connector.ProgrammingError:
        return 0
