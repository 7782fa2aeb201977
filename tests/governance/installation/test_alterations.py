"""Who puts right what was altered in an installation, and what that says about enforcement."""

from dataclasses import replace

from veil.governance.access.bypass import Person
from veil.governance.access.seeing import access_of
from veil.governance.installation.alterations import alterations, installation_drift
from veil.governance.metadata.deployed import Deployed, Stored
from veil.model import DataSource, Integration, Kind, Profile, World
from veil.warehouse import SCHEMA_VERSION, Layout, Rights, Snapshot

AUTOMATIC = Integration("main", "analytics", "governed")
SOURCE = DataSource("raw", "customers", "governed", "customers", ())


def deployed(integration: Integration) -> Deployed:
    """An installation of which nothing is left but its rows."""
    return Deployed(
        Layout("immuta", "governed", owner="veil"),
        Snapshot(0, "", SCHEMA_VERSION, "0", "veil"),
        {(Kind.INTEGRATION, "main"): Stored(Kind.INTEGRATION, "main", "analytics/1", integration)},
        World(integration, data_sources={SOURCE.key: SOURCE}, profiles={"alice": Profile("alice")}),
    )


def test_an_apply_repairs_what_veil_made():
    drift = set(installation_drift(deployed(AUTOMATIC)))
    assert "the view immuta_system.user_profile is missing" in drift
    assert drift == set(alterations(deployed(AUTOMATIC)))


def test_what_an_administrator_makes_is_no_drift_and_is_not_enforced_all_the_same():
    manual = deployed(replace(AUTOMATIC, bootstrap="manual"))
    assert list(installation_drift(manual)) == []
    access = access_of(manual, Person("alice"), SOURCE, None, lambda database, schemas: Rights())
    assert "integration main: the view immuta_system.user_profile is missing." in access.problems
    assert not access.enforced
