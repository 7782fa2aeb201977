"""PostgreSQL's JDBC driver: what programs in Java ask of a connection."""

from __future__ import annotations

from pathlib import Path

from tests.clients.asking import TABLES
from tests.clients.place import MissingError, Place, run
from tests.clients.trying import Outcome, program, statements

_JRE = ("openjdk-17-jre-headless", "openjdk-17-jdk-headless")
_SOURCE = Path(__file__).parent / "programs" / "Ask.java"


def jdbc(place: Place) -> Outcome:
    """Runs a program of ours with Debian's package of the driver."""
    statements(place, {"tables": TABLES})
    java = place.debian("java", _JRE)
    home = place.folder / "jdbc"
    jar = next(home.glob("root/usr/share/java/postgresql.jar"), None)
    if jar is None:
        home.mkdir(parents=True, exist_ok=True)
        run(["apt-get", "download", "libpostgresql-jdbc-java"], "Debian's package of the JDBC driver", cwd=home)
        for archive in home.glob("libpostgresql-jdbc-java*.deb"):
            run(["dpkg", "-x", str(archive), "root"], archive.name, cwd=home)
        jar = next(home.glob("root/usr/share/java/postgresql.jar"), None)
    if jar is None:
        raise MissingError("Debian's libpostgresql-jdbc-java holds no postgresql.jar.")
    return program(place, [str(java), "-cp", f"{jar}:{jar.resolve()}", str(_SOURCE)])
