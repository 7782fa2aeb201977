"""Installations as older versions left them, recorded then: one apply upgrades them, and nobody
sees more meanwhile.
"""

from collections.abc import Callable, Iterator

import pytest

from tests.acceptance.conftest import Database
from tests.acceptance.older import FOLDER, GROUP, NAME, kept, problems_of_upgrade
from tests.acceptance.terraform import Workspace
from veil.local import Address
from veil.warehouse import SCHEMA_VERSION

VERSIONS = sorted(int(path.stem.rpartition("_")[2]) for path in FOLDER.glob("version_*.json"))


@pytest.fixture
def system(users: Address) -> Iterator[Database]:
    """The engine's own database; the one with the recorded name is dropped at the end."""
    database = Database(users.database, users)
    yield database
    database.run(f"DROP DATABASE {NAME}", f"DROP GROUP {GROUP}")


def test_the_version_before_this_one_is_kept():
    assert SCHEMA_VERSION - 1 in VERSIONS


@pytest.mark.parametrize("version", VERSIONS)
def test_what_an_older_version_left_is_upgraded_by_one_apply_and_shows_the_same(
    system: Database, new_workspace: Callable[[], Workspace], version: int
):
    workspace = new_workspace()
    database = kept(version).load(system.address, workspace.folder)
    assert problems_of_upgrade(database, workspace) == []
