"""An integration made from nothing, what its checks say, and what only a real cluster can
answer.
"""

from collections.abc import Iterator

from veil.certify.outcome import Outcome
from veil.certify.place import Place
from veil.governance import drift, errors
from veil.warehouse import WarehouseError, identifier, qualified


def examine(place: Place) -> Iterator[Outcome]:
    """Raises GovernanceError or WarehouseError where there can be no integration: nothing else can
    be examined then.
    """
    try:
        place.governance.install(place.integration)
    except errors.ImpersonationError as problem:
        yield Outcome("somebody may act as somebody else", "differed", str(problem))
        place.impersonates = False
        place.forget()
        place.governance.install(place.integration)
    yield Outcome("the schemas, tables, procedures and views of an integration are made")
    place.forget()
    deployed = place.governance.require()
    stored = deployed.integration
    assert stored is not None
    lines = drift.drift_of(deployed, stored, place.integration)
    yield Outcome(
        "an integration reads back as it was made",
        "differed" if lines else "passed",
        "; ".join(sorted(lines)),
    )
    for probe, answer in place.governance.probes():
        yield Outcome(
            f"probe: {probe.name}",
            "differed" if answer else "passed",
            probe.consequence if answer else "",
            probe.sql if answer else "",
            answer,
        )
    for check in place.governance.checks():
        if check.status == "failed" and check.name != "probes":
            yield Outcome(f"check: {check.name}", "differed", f"{check.message} {' '.join(check.advice)}".strip())
    yield _readers(place)


def _readers(place: Place) -> Outcome:
    """Whether whoever reads a view needs no right on what it reads. Where they need USAGE on the
    schemas of its tables, those of this run get it, so that all else is examined.
    """
    subject = "who reads a late-binding view needs no USAGE on the schemas of its tables"
    table, view = qualified(place.raw, "readers"), qualified(place.integration.view_schema, "readers")
    user = place.users[0]
    place.session.execute(f"CREATE TABLE {table} (nothing INTEGER)")
    place.session.execute(f"CREATE VIEW {view} AS SELECT nothing FROM {table} WITH NO SCHEMA BINDING")
    place.session.execute(f"GRANT SELECT ON {view} TO {identifier(user)}")
    asked = f"SELECT nothing FROM {view}"
    try:
        place.signed_in(user).query(asked)
    except WarehouseError as problem:
        place.session.execute(f"GRANT USAGE ON SCHEMA {identifier(place.raw)} TO PUBLIC")
        message = (
            "CREATE VIEW documents that SELECT on the view is enough. Here, grant PUBLIC the USAGE on the schemas of governed tables: "
            "the checks say on which. This run has granted it on its own, for what follows."
        )
        return Outcome(subject, "differed", message, asked, problem.found)
    finally:
        place.session.execute(f"DROP VIEW {view}")
        place.session.execute(f"DROP TABLE {table}")
    return Outcome(subject)
