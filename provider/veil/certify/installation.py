"""An integration made from nothing, what its checks say, and what only a real cluster can answer."""

from collections.abc import Iterator

from veil.certify.outcome import Outcome
from veil.certify.place import Place
from veil.governance import drift_of


def examine(place: Place) -> Iterator[Outcome]:
    """Raises GovernanceError or WarehouseError where there can be no integration: nothing else can be examined then."""
    place.governance.install(place.integration)
    yield Outcome("the schemas, tables, procedures and views of an integration are made")
    place.forget()
    deployed = place.governance.require()
    stored = deployed.integration
    assert stored is not None
    lines = drift_of(deployed, stored, place.integration)
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
