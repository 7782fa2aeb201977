"""What people download works where nothing but Terraform is: no Python, no packages, no network."""

import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.acceptance.conftest import Database, header
from tests.acceptance.terraform import Workspace, find_terraform
from tools.dist.release import NAME, build_release, sign, write_sums
from veil import __version__
from veil.cli.launcher import HOSTS, this_platform

MEGABYTES = 40


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release")
    build_release(folder)
    write_sums(folder)
    return folder


@pytest.fixture(scope="module")
def archive(release: Path) -> Path:
    return release / f"{NAME}_{this_platform()}.zip"


@pytest.fixture
def bare(tmp_path: Path) -> dict[str, str]:
    """An environment in which the only commands are terraform, and the shell's that a launcher may
    use: none.
    """
    commands = tmp_path / "commands"
    commands.mkdir()
    (commands / "terraform").symlink_to(find_terraform() or "terraform")
    return {"PATH": str(commands), "HOME": str(tmp_path), "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}


def test_the_download_protects_a_table_from_a_mirror_with_a_lock_file_and_without_python(
    archive: Path, bare: dict[str, str], tmp_path: Path, database: Database, workspace: Workspace
) -> None:
    mirror = tmp_path / "mirror"
    for host in HOSTS:
        folder = mirror / host / "veil-data" / "veil"
        folder.mkdir(parents=True)
        (folder / archive.name).symlink_to(archive)
    config = tmp_path / "cli.tfrc"
    config.write_text(f'provider_installation {{\n  filesystem_mirror {{\n    path = "{mirror}"\n  }}\n}}\n')
    workspace.write(header(database))
    environment = bare | {"TF_CLI_CONFIG_FILE": str(config), "VEIL_LOCAL_DIR": workspace.environment["VEIL_LOCAL_DIR"]}

    def terraform(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["terraform", *arguments],
            cwd=workspace.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    begun = terraform("init", "-no-color")
    assert begun.returncode == 0, begun.stderr
    assert 'hashes = [\n    "h1:' in (workspace.folder / ".terraform.lock.hcl").read_text()
    done = terraform("apply", "-no-color", "-auto-approve")
    assert done.returncode == 0, done.stderr
    # A second command checks the folder against the lock file: the first one may have written
    # nothing into it.
    planned = terraform("plan", "-no-color", "-detailed-exitcode")
    assert planned.returncode == 0, planned.stdout + planned.stderr
    assert terraform("init", "-no-color", "-lockfile=readonly").returncode == 0
    assert database.query("SELECT COUNT(*) FROM immuta_system.integration") == [(1,)]


def test_the_command_comes_with_the_download(archive: Path, bare: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "moved here"
    _unpack(archive, folder)

    shown = subprocess.run([str(folder / "veil"), "version"], env=bare, capture_output=True, text=True, check=False)

    assert shown.stdout.startswith(f"veil {__version__} "), shown.stderr


def test_no_part_of_the_download_loads_a_library_from_where_it_was_made(archive: Path, tmp_path: Path) -> None:
    _unpack(archive, tmp_path / "bundle")

    loaded = [
        line.split()[2]
        for path in (tmp_path / "bundle").rglob("*")
        if (path.name.startswith("python3.") and path.parent.name == "bin") or ".so" in path.name
        for line in subprocess.run(["ldd", str(path)], capture_output=True, text=True, check=False).stdout.splitlines()
        if "=>" in line
    ]

    strange = [each for each in loaded if not each.startswith((str(tmp_path), "/lib/", "/lib64/", "/usr/lib/"))]
    assert loaded and not strange


def test_the_download_is_small_and_its_checksums_are_right(release: Path, archive: Path) -> None:
    assert archive.stat().st_size < MEGABYTES * 1_000_000
    checked = subprocess.run(
        ["sha256sum", "--check", f"{NAME}_SHA256SUMS"], cwd=release, capture_output=True, text=True, check=False
    )
    assert checked.stdout.splitlines() == [f"{archive.name}: OK", f"{NAME}_manifest.json: OK"]
    assert json.loads((release / f"{NAME}_manifest.json").read_text()) == {
        "version": 1,
        "metadata": {"protocol_versions": ["6.0"]},
    }


def test_the_bill_of_materials_and_the_notices_name_what_the_download_holds(release: Path, archive: Path) -> None:
    listed = json.loads((release / f"{NAME}_{this_platform()}.cdx.json").read_text())
    names = {each["name"].lower() for each in listed["components"]}
    with zipfile.ZipFile(archive) as opened:
        held = {
            Path(name).parent.name.partition("-")[0].replace("_", "-").lower()
            for name in opened.namelist()
            if name.endswith(".dist-info/METADATA")
        }
        notices = opened.read("THIRD_PARTY_LICENSES.txt").decode()

    assert {name.replace("_", "-") for name in names} == held
    assert {"grpcio", "redshift-connector", "pydantic"} <= held
    assert "lxml" not in held
    assert "Apache License" in notices and "grpcio " in notices


def test_the_checksums_are_signed_where_a_key_is_given(
    release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("gpg") is None:
        pytest.skip("there is no gpg to sign with")
    home = tmp_path / "gnupg"
    home.mkdir(mode=0o700)
    monkeypatch.setenv("GNUPGHOME", str(home))
    made = ["gpg", "--batch", "--passphrase", "", "--quick-generate-key", "releases@example.org", "rsa2048"]
    subprocess.run(made, check=True, capture_output=True)
    sums = tmp_path / "SHA256SUMS"
    shutil.copy(release / f"{NAME}_SHA256SUMS", sums)

    sign(sums, "releases@example.org")

    verified = subprocess.run(
        ["gpg", "--verify", f"{sums}.sig", str(sums)], capture_output=True, text=True, check=False
    )
    assert verified.returncode == 0, verified.stderr
    subprocess.run(["gpgconf", "--kill", "all"], check=False)


def _unpack(archive: Path, folder: Path) -> None:
    with zipfile.ZipFile(archive) as opened:
        for entry in opened.infolist():
            path = Path(opened.extract(entry, folder))
            path.chmod(entry.external_attr >> 16 & 0o777)
