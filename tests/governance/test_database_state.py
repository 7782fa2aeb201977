"""What the parts of Governance share, without a warehouse: what was read, and until when answers
about it hold.
"""

from typing import Any

import pytest

from tests.governance.sending import Recording
from veil.governance import database_state
from veil.governance.admission.admit import Catalog
from veil.governance.checks.validation import CheckInputs
from veil.governance.database_state import DatabaseState
from veil.governance.inspection import Inspector
from veil.governance.metadata.deployed import DeployedState
from veil.governance.planning import Planner
from veil.governance.requests import SourceDraft
from veil.model import ColumnType, Family, Integration, World
from veil.warehouse import SCHEMA_VERSION, Account, Layout, Snapshot

WORLD = World(Integration("main", "analytics", "governed"))
DEPLOYED = DeployedState(Layout("immuta", "governed"), Snapshot(7, "", SCHEMA_VERSION, "0", "veil"), {}, WORLD)


def new_state() -> DatabaseState:
    session: Any = Recording()
    return DatabaseState("analytics", lambda: session)


@pytest.mark.parametrize("found", [DEPLOYED, None], ids=["an integration", "nothing"])
def test_what_is_there_is_read_once_and_again_after_a_reload(
    found: DeployedState | None, monkeypatch: pytest.MonkeyPatch
):
    reads: list[str] = []
    monkeypatch.setattr(database_state, "read_deployed", lambda _, database: (reads.append(database), found)[1])
    state = new_state()
    assert [state.deployed(), state.deployed()] == [found, found]
    assert reads == ["analytics"]
    state.reload()
    assert state.deployed() is found
    assert reads == ["analytics", "analytics"]


def test_what_we_wrote_is_known_without_reading_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(database_state, "read_deployed", lambda *_: pytest.fail("it was read"))
    state = new_state()
    state.wrote(DEPLOYED)
    assert state.require() is DEPLOYED


def test_what_checks_need_is_asked_once_until_something_is_written_or_reloaded(monkeypatch: pytest.MonkeyPatch):
    looks: list[DeployedState] = []

    def collect_inputs(_: object, deployed: DeployedState, *, probing: bool) -> CheckInputs:
        looks.append(deployed)
        return CheckInputs(Account("veil", False, True))

    monkeypatch.setattr("veil.governance.inspection.collect_inputs", collect_inputs)
    monkeypatch.setattr(database_state, "read_deployed", lambda *_: DEPLOYED)
    state = new_state()
    inspector = Inspector(state)
    inspector.checks()
    inspector.checks()
    state.keep(DEPLOYED)
    inspector.drift_around()
    assert len(looks) == 1, "more is known of the same"
    state.wrote(DEPLOYED)
    inspector.checks()
    state.reload()
    inspector.checks()
    assert len(looks) == 3


def test_a_plan_takes_the_catalog_that_a_write_left_with_what_it_wrote():
    def gone(*_: object) -> Any:
        pytest.fail("the catalog of before the write was asked")

    class Written(DatabaseState):
        """A write ends just before this plan learns what is deployed. Writes bring the catalog up
        to date first.
        """

        def deployed(self) -> DeployedState | None:
            columns = (("id", ColumnType(Family.INTEGER)),)
            self.catalog = Catalog(columns=lambda *_: columns, relation=lambda *_: None)
            return None

    state = Written("analytics", lambda: pytest.fail("nothing is asked of the warehouse"))
    state.catalog = Catalog(columns=gone, relation=gone)
    Planner(state, tells_unknown_names=False).put(SourceDraft("raw", "customers"), None, lambda: None)
