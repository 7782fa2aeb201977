"""What the project promises about itself: its commands, and the files that people read first."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = sorted(set(re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.MULTILINE)) - {"terraform"})


@pytest.mark.parametrize("target", TARGETS)
def test_make_help_explains_every_target(target: str) -> None:
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert re.search(rf"^make {target} +\w", shown, re.MULTILINE)


def test_every_command_that_the_texts_name_can_be_made() -> None:
    texts = [(ROOT / name).read_text() for name in ("README.md", "CONTRIBUTING.md")]
    named = {target for text in texts for target in re.findall(r"`make ([a-z-]+)", text)}
    assert named
    assert named <= set(TARGETS)


def test_every_folder_of_the_package_is_in_the_layout() -> None:
    layout = (ROOT / "CONTRIBUTING.md").read_text()
    folders = [each.name for each in (ROOT / "provider" / "veil").iterdir() if (each / "__init__.py").is_file()]
    assert folders
    assert [name for name in folders if f"{name}/" not in layout] == []


def test_every_link_to_a_file_leads_somewhere() -> None:
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"):
        for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", (ROOT / name).read_text()):
            assert (ROOT / target).exists(), f"{name} links to {target}"


def test_the_changelog_has_the_version_of_the_package() -> None:
    from veil import __version__

    assert f"## [{__version__}]" in (ROOT / "CHANGELOG.md").read_text()
