"""awswrangler over the engine: what it reads from a connection. Its COPY and UNLOAD go by S3 and
are not tried.
"""

import awswrangler
import pandas
import redshift_connector
from told import DATABASE, HOST, PASSWORD, PORT, USER, attempt, same

connection = redshift_connector.connect(
    host=HOST, port=int(PORT), database=DATABASE, user=USER, password=PASSWORD, ssl=False
)
redshift = awswrangler.redshift
SCHEMA = "by_wrangler"


def prepare() -> None:
    """Makes what is read."""
    with connection.cursor() as cursor:
        for statement in (
            f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE",
            f"CREATE SCHEMA {SCHEMA}",
            f"CREATE TABLE {SCHEMA}.t (id INTEGER, name VARCHAR(10), amount DECIMAL(6, 2), at TIMESTAMP, flag BOOLEAN)",
            f"INSERT INTO {SCHEMA}.t VALUES (1, 'x', 1.5, '2024-01-02', true), (2, NULL, NULL, NULL, NULL)",
        ):
            cursor.execute(statement)
    connection.commit()


def query() -> None:
    """The rows of a query, with parameters too."""
    same(list(redshift.read_sql_query(f"SELECT id FROM {SCHEMA}.t ORDER BY id", con=connection)["id"]), [1, 2])
    found = redshift.read_sql_query(f"SELECT name FROM {SCHEMA}.t WHERE id = %s", con=connection, params=[1])
    same(list(found["name"]), ["x"])


def in_chunks() -> None:
    """A table, some rows at a time."""
    frames = list(redshift.read_sql_table("t", con=connection, schema=SCHEMA, chunksize=1))
    same([len(frame) for frame in frames], [1, 1])


def written() -> None:
    """A frame that is written by INSERT."""
    frame = pandas.DataFrame({"id": [1, 2], "name": ["a", "b"]})
    redshift.to_sql(frame, con=connection, schema=SCHEMA, table="made", mode="overwrite", primary_keys=["id"])
    redshift.to_sql(frame, con=connection, schema=SCHEMA, table="made", mode="upsert", primary_keys=["id"])
    same(len(redshift.read_sql_table("made", con=connection, schema=SCHEMA)), 2)


attempt("prepare", prepare)
attempt("query", query)
attempt("table", lambda: same(len(redshift.read_sql_table("t", con=connection, schema=SCHEMA)), 2))
attempt("arrow types", lambda: redshift.read_sql_table("t", con=connection, schema=SCHEMA, dtype_backend="pyarrow"))
attempt("in chunks", in_chunks)
attempt("write and upsert", written)
