"""The example for provider authors works from one end to the other."""

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from veil.plugin.testing import Terraform, reattached

EXAMPLE = Path(__file__).parents[2] / "examples" / "provider_example"


@pytest.fixture
def terraform(tmp_path: Path) -> Iterator[Terraform]:
    """Terraform with the example's own configuration, its notes in a folder of the test."""
    with reattached(_example().Notes()) as reattach:
        here = Terraform(tmp_path, reattach)
        (tmp_path / "notes").mkdir()
        here.write((EXAMPLE / "main.tf").read_text().replace("~/notes", str(tmp_path / "notes")))
        yield here


def _example() -> Any:
    spec = importlib.util.spec_from_file_location("notes", EXAMPLE / "notes.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["notes"] = module
    spec.loader.exec_module(module)
    return module


def note(terraform: Terraform) -> Path:
    return terraform.folder / "notes" / "hello.txt"


def test_a_note_is_written_changed_and_deleted(terraform: Terraform) -> None:
    assert terraform.apply().status == 0
    assert note(terraform).read_text() == "Hello from Python."
    assert terraform.plan().status == 0
    main = terraform.folder / "main.tf"
    main.write_text(main.read_text().replace("Hello from Python.", "Good bye"))
    assert "words = 3 -> 2" in terraform.plan()
    assert terraform.apply().status == 0
    assert note(terraform).read_text() == "Good bye"
    assert terraform.destroy().status == 0
    assert not note(terraform).exists()


def test_a_change_by_hand_is_put_right(terraform: Terraform) -> None:
    assert terraform.apply().status == 0
    note(terraform).write_text("scribbled over")
    assert terraform.plan().status == 2
    assert terraform.apply().status == 0
    assert note(terraform).read_text() == "Hello from Python."


def test_a_note_that_exists_is_not_overwritten_but_can_be_imported(terraform: Terraform) -> None:
    note(terraform).write_text("Hello from Python.")
    assert "The note exists" in terraform.apply()
    assert terraform.run("import", "notes_note.hello", "hello").status == 0
    assert terraform.plan().status == 0


def test_a_title_that_is_no_file_name_is_refused(terraform: Terraform) -> None:
    main = terraform.folder / "main.tf"
    main.write_text(main.read_text().replace('= "hello"', '= "../hello"'))
    assert "Invalid value for title" in terraform.plan()
