"""The sample in the engine, and three Redshift users who look at it."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources

from veil.cli.quickstart.sample import Row, Table, Value
from veil.local import Address
from veil.warehouse import Session, Settings, identifier, literal

BATCH = 500
"""Rows per INSERT: Redshift's advice is few, large statements."""


@dataclass(frozen=True)
class Analyst:
    """A Redshift user of the quickstart, and what main.tf lets them see, in a few words."""

    name: str
    sees: str


ANALYSTS = (
    Analyst("ana", "clear: all rows, all values"),
    Analyst("ben", "masked: no personal data"),
    Analyst("cleo", "filtered: only rows of WA"),
)


def sign_in(address: Address, user: str | None = None, password: str | None = None) -> Settings:
    """How to connect to the engine: as its superuser, or as `user`."""
    return Settings(
        host=address.host,
        port=address.port,
        database=address.database,
        username=user or address.username,
        password=password if user else address.password,
        ssl=False,
        application_name="veil quickstart",
    )


def create_analysts(session: Session, password: str) -> None:
    """Make the three users, or give those who are there this password. Raises WarehouseError."""
    there = {row[0] for row in session.query("SELECT usename FROM pg_catalog.pg_user")}
    for analyst in ANALYSTS:
        verb = "ALTER" if analyst.name in there else "CREATE"
        session.execute(f"{verb} USER {identifier(analyst.name)} PASSWORD {literal(password)}")


def load(session: Session, tables: tuple[Table, ...]) -> None:
    """Make the sample's tables hold exactly these rows, in one transaction. Raises
    WarehouseError.
    """
    with session.transaction():
        for statement in definitions():
            session.execute(statement)
        for table in tables:
            session.execute(f"DELETE FROM src.{identifier(table.name)}")
            for start in range(0, len(table.rows), BATCH):
                session.execute(insert_text(table.name, table.rows[start : start + BATCH]))


def insert_text(name: str, rows: tuple[Row, ...]) -> str:
    """One INSERT of all the rows."""
    listed = ",\n".join(f"({', '.join(map(_value, row))})" for row in rows)
    return f"INSERT INTO src.{identifier(name)} VALUES\n{listed}"


def definitions() -> Iterator[str]:
    text = resources.files("veil.cli.quickstart").joinpath("sample.sql").read_text(encoding="utf-8")
    code = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
    return (statement for each in code.split(";") if (statement := each.strip()))


def _value(value: Value) -> str:
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int) else literal(str(value))
