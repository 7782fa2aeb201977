"""What else is on the cluster."""

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
