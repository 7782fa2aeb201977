"""Resources belong to the integration that they name, on the host where it is."""

import pytest

from veil.governance.errors import GovernanceError
from veil.governance.installation.ownership import require_installed
from veil.governance.metadata.deployed import DeployedState, StoredObject
from veil.model import Integration, Kind, World
from veil.warehouse import Layout, Snapshot

MAIN = Integration("main", "analytics", "governed")
DEPLOYED = DeployedState(
    Layout("immuta", "governed", owner="veil"),
    Snapshot(0, "", 1, "0", "veil"),
    {(Kind.INTEGRATION, "main"): StoredObject(Kind.INTEGRATION, "main", "analytics/1", MAIN)},
    World(MAIN),
)


def test_where_none_is_wanted_nothing_is_said_of_hosts():
    with pytest.raises(GovernanceError, match=r"has no veil_integration. Create one first\.$"):
        require_installed(None, None, database="analytics", place="a:5439")


def test_the_integration_that_is_there_is_found():
    assert require_installed(DEPLOYED, "analytics/1", database="analytics", place="a:5439") is DEPLOYED
    assert require_installed(DEPLOYED, None, database="analytics", place="a:5439") is DEPLOYED


@pytest.mark.parametrize("deployed", [None, DEPLOYED])
def test_a_data_source_on_another_host_than_its_integration_is_refused(deployed: DeployedState | None):
    with pytest.raises(GovernanceError) as refused:
        require_installed(deployed, "analytics/2", database="analytics", place="b.example:5439")
    assert "on b.example:5439" in refused.value.detail
    assert "The host of a data source must be the host of its integration" in refused.value.detail
    assert refused.value.path == ("integration",)
