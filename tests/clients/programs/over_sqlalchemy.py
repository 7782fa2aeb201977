"""sqlalchemy-redshift and pandas over the engine: what people do with them."""

import pandas
import redshift_connector
import sqlalchemy
from sqlalchemy import Column, Integer, MetaData, String, Table, inspect, text
from told import DATABASE, HOST, PASSWORD, PORT, USER, attempt, same

url = sqlalchemy.URL.create("redshift+redshift_connector", USER, PASSWORD, HOST, int(PORT), DATABASE)
engine = sqlalchemy.create_engine(url, connect_args={"ssl": False})
SCHEMA = "by_sqlalchemy"


def prepare() -> None:
    """Makes what is reflected."""
    with engine.begin() as connection:
        for statement in (
            f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE",
            f"CREATE SCHEMA {SCHEMA}",
            f"CREATE TABLE {SCHEMA}.people (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL, UNIQUE (name))",
            f"CREATE TABLE {SCHEMA}.orders (id BIGINT IDENTITY(1, 1), person INTEGER, total DECIMAL(10, 2) DEFAULT 0, "
            f"at TIMESTAMP, FOREIGN KEY (person) REFERENCES {SCHEMA}.people (id))",
            f"CREATE VIEW {SCHEMA}.names AS SELECT name FROM {SCHEMA}.people",
            f"CREATE VIEW {SCHEMA}.late AS SELECT id FROM {SCHEMA}.orders WITH NO SCHEMA BINDING",
            f"INSERT INTO {SCHEMA}.people VALUES (1, 'Ada'), (2, 'Grace')",
        ):
            connection.execute(text(statement))


def columns() -> None:
    """The columns and their types."""
    found = inspect(engine).get_columns("orders", schema=SCHEMA)
    same([one["name"] for one in found], ["id", "person", "total", "at"])
    same([str(one["type"]) for one in found], ["BIGINT", "INTEGER", "NUMERIC(10, 2)", "TIMESTAMP"])


def rows() -> None:
    """What pandas reads."""
    frame = pandas.read_sql(text(f"SELECT id, name FROM {SCHEMA}.people ORDER BY id"), engine)
    same(frame.to_dict("list"), {"id": [1, 2], "name": ["Ada", "Grace"]})


def made_and_read() -> None:
    """A table of SQLAlchemy's, written and read."""
    table = Table(
        "made", MetaData(), Column("id", Integer, primary_key=True), Column("name", String(20)), schema=SCHEMA
    )
    table.create(engine)
    with engine.begin() as connection:
        connection.execute(table.insert(), [{"id": 1, "name": "x"}, {"id": 2, "name": None}])
        same(connection.execute(sqlalchemy.select(table).order_by(table.c.id)).fetchall(), [(1, "x"), (2, None)])


def written_by_pandas() -> None:
    """A table that pandas makes."""
    pandas.DataFrame({"a": [1, 2], "b": ["x", "y"]}).to_sql("framed", engine, schema=SCHEMA, index=False)
    same(len(pandas.read_sql_table("framed", engine, schema=SCHEMA)), 2)


def fetched_by_the_driver() -> None:
    """A frame of the driver's own."""
    with redshift_connector.connect(
        host=HOST, port=int(PORT), database=DATABASE, user=USER, password=PASSWORD, ssl=False
    ) as connection:
        cursor = connection.cursor()
        cursor.execute(f"SELECT id, name FROM {SCHEMA}.people ORDER BY id")
        same(list(cursor.fetch_dataframe()["name"]), ["Ada", "Grace"])


def reflected() -> MetaData:
    """The tables as SQLAlchemy reads them from the catalogs."""
    metadata = MetaData()
    metadata.reflect(engine, schema=SCHEMA, only=["people", "orders"])
    return metadata


attempt("prepare", prepare)
attempt("schemas", lambda: same(SCHEMA in inspect(engine).get_schema_names(), True))
attempt("tables", lambda: same(sorted(inspect(engine).get_table_names(schema=SCHEMA)), ["orders", "people"]))
attempt("views", lambda: same(sorted(inspect(engine).get_view_names(schema=SCHEMA)), ["late", "names"]))
attempt("columns", columns)
attempt(
    "columns of a late-binding view",
    lambda: same([c["name"] for c in inspect(engine).get_columns("late", schema=SCHEMA)], ["id"]),
)
attempt(
    "primary key",
    lambda: same(inspect(engine).get_pk_constraint("people", schema=SCHEMA)["constrained_columns"], ["id"]),
)
attempt(
    "foreign keys",
    lambda: same([k["referred_table"] for k in inspect(engine).get_foreign_keys("orders", schema=SCHEMA)], ["people"]),
)
attempt(
    "unique constraints",
    lambda: same(
        [k["column_names"] for k in inspect(engine).get_unique_constraints("people", schema=SCHEMA)], [["name"]]
    ),
)
attempt("indexes", lambda: same(inspect(engine).get_indexes("people", schema=SCHEMA), []))
attempt("view definition", lambda: same("people" in inspect(engine).get_view_definition("names", schema=SCHEMA), True))
attempt("table options", lambda: inspect(engine).get_table_options("people", schema=SCHEMA))
attempt(
    "has table", lambda: same([inspect(engine).has_table(n, schema=SCHEMA) for n in ("people", "no")], [True, False])
)
attempt("reflect all", lambda: same(len(reflected().tables), 2))
attempt("make and read", made_and_read)
attempt("pandas reads", rows)
attempt("pandas writes", written_by_pandas)
attempt("the driver's frame", fetched_by_the_driver)
