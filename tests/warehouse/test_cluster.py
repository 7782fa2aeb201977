"""What else is on the cluster."""

from veil.model import ColumnType, Family
from veil.warehouse import Session, Tables, read_columns, read_databases, read_schemas, refusal_to_cross


def test_the_databases_of_the_cluster_are_known(admin: Session) -> None:
    assert {"dev", admin.settings.database} <= read_databases(admin)


def test_the_schemas_of_databases_are_known(admin: Session) -> None:
    found = {(each.database, each.name, each.external) for each in read_schemas(admin)}
    assert (admin.settings.database, "public", False) in found


def test_no_external_table_is_known_where_there_is_none(admin: Session) -> None:
    assert read_columns(admin, "public", Tables(external=True)) == read_columns(admin, "public")


def test_a_session_beside_is_of_the_same_account_in_the_other_database(admin: Session) -> None:
    with admin.beside("dev") as other:
        (row,) = other.query("SELECT CURRENT_USER, CURRENT_DATABASE()")
    assert row == (admin.settings.username, "dev")


def test_another_database_is_reached_where_the_warehouse_looks_into_it(admin: Session) -> None:
    assert refusal_to_cross(admin, "dev") is None


def test_external_tables_are_known_only_where_they_are_asked_for(admin: Session) -> None:
    source = "FROM DATA CATALOG DATABASE 'columns' IAM_ROLE 'arn:aws:iam::123456789012:role/any'"
    admin.execute(f"CREATE EXTERNAL SCHEMA columns {source} CREATE EXTERNAL DATABASE IF NOT EXISTS")
    try:
        admin.execute(
            "CREATE EXTERNAL TABLE columns.events (id BIGINT, name VARCHAR(20), rate REAL, price DECIMAL(12,4))"
            " PARTITIONED BY (day DATE) STORED AS PARQUET LOCATION 's3://bucket/events/'"
        )
        here, external = read_columns(admin, "columns"), read_columns(admin, "columns", Tables(external=True))
        with admin.beside("dev") as other:
            across = read_columns(other, "columns", Tables(admin.settings.database, external=True))
        (schema,) = [each for each in read_schemas(admin) if each.name == "columns"]
    finally:
        admin.execute("DROP SCHEMA columns DROP EXTERNAL DATABASE")
    assert here == {}
    assert (
        external
        == across
        == {
            "events": (
                ("id", ColumnType(Family.BIGINT)),
                ("name", ColumnType(Family.VARCHAR, length=20)),
                ("rate", ColumnType(Family.REAL)),
                ("price", ColumnType(Family.NUMERIC, precision=12, scale=4)),
                ("day", ColumnType(Family.DATE)),
            )
        }
    )
    assert (schema.external, schema.source) == (True, "columns")
    assert "arn:aws:iam::123456789012:role/any" in schema.options
