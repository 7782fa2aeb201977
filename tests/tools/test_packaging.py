"""What is built holds all files that the provider reads beside its own code."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tools.dist.packages import copy_packages

ROOT = Path(__file__).resolve().parents[2]
READ = {
    str(path.relative_to(ROOT / "provider"))
    for path in (ROOT / "provider" / "veil").rglob("*")
    if path.is_file() and path.suffix in (".binpb", ".gz", ".sql", ".typed")
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of this checkout, built by the setuptools that is installed here, where nothing of
    the checkout is written.
    """
    folder = tmp_path_factory.mktemp("wheel")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / "provider", folder / "provider", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    build = "from setuptools import build_meta; print(build_meta.build_wheel('.'))"
    done = subprocess.run([sys.executable, "-c", build], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return folder / done.stdout.splitlines()[-1]


def test_the_recorded_schema_is_among_the_files_that_are_read() -> None:
    assert "veil/resources/recorded/GetProviderSchema.binpb" in READ


def test_the_wheel_holds_what_the_provider_reads(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as held:
        assert sorted(READ - set(held.namelist())) == []


def test_the_download_holds_what_the_provider_reads(tmp_path: Path) -> None:
    copy_packages(tmp_path)
    assert sorted(each for each in READ if not (tmp_path / each).is_file()) == []
