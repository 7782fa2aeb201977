"""The working copy of what is deployed that a plan makes for each of its resources."""

import pytest

from tests.policy.building import column, source, varchar, world
from veil.governance.admission.overlay import Overlay
from veil.governance.metadata import deployed as module
from veil.governance.metadata.deployed import DeployedState
from veil.warehouse import SCHEMA_VERSION, Layout, PublishedRow, Snapshot

SOURCE = source(column("ssn", varchar(11)))
PUBLISHED = {SOURCE.key: PublishedRow("Governed", "customers", "", "", 1)}
SNAPSHOT = Snapshot(7, "", SCHEMA_VERSION, "0", "veil", published=PUBLISHED)


def deployed() -> DeployedState:
    return DeployedState(Layout("immuta", "governed"), SNAPSHOT, {}, world(SOURCE))


def test_the_names_of_views_are_written_once_for_all_that_is_planned(monkeypatch: pytest.MonkeyPatch):
    written: list[str] = []
    monkeypatch.setattr(module, "canonical", lambda name: written.append(name) or name)
    there = deployed()
    overlays = [Overlay(there, there.world.integration) for _ in range(3)]
    assert written == [SOURCE.view]
    assert {each.ours for each in overlays} == {frozenset({("governed", "customers")})}


def test_what_one_decides_no_other_sees():
    there = deployed()
    one, other = Overlay(there, there.world.integration), Overlay(there, there.world.integration)
    one.views.clear()
    assert list(other.views.values()) == [SOURCE.key]
