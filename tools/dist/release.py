"""A release of one platform, as Terraform's registry takes it: the zip, its manifest, checksums
and, where a key is given, their signature; and a bill of materials (CycloneDX) of what the zip
holds.
"""

import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from tools.dist.bundle import build_bundle
from tools.dist.runtime import VERSION
from veil import __version__
from veil.cli.launcher import platform_name

NAME = f"terraform-provider-veil_{__version__}"

MANIFEST = f"{NAME}_manifest.json"

PROTOCOL = "6.0"

_MADE_AT = (1980, 1, 1, 0, 0, 0)
"""The date of every file in the zip, the earliest that a zip can say: the same files make the same
zip.
"""


def build_release(folder: Path) -> Path:
    """Make the zip of this platform, its bill of materials and the manifest in `folder`. Returns
    the zip.

    Raises RuntimeCopyError where Python cannot be copied, and CalledProcessError where a command
    fails.
    """
    folder.mkdir(parents=True, exist_ok=True)
    archive = folder / f"{NAME}_{platform_name()}.zip"
    with tempfile.TemporaryDirectory(prefix="veil-dist-") as temporary:
        bundle = Path(temporary)
        build_bundle(bundle)
        write_zip(bundle, archive)
        write_bill_of_materials(bundle, archive.with_suffix(".cdx.json"))
    manifest = {"version": 1, "metadata": {"protocol_versions": [PROTOCOL]}}
    (folder / MANIFEST).write_text(json.dumps(manifest) + "\n", encoding="utf-8")
    return archive


def write_zip(bundle: Path, archive: Path) -> None:
    """All files of the bundle, in the order of their names, executable where they are."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as written:
        for path in sorted(path for path in bundle.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(bundle).as_posix(), _MADE_AT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            mode = 0o755 if path.stat().st_mode & 0o100 else 0o644
            entry.external_attr = (0o100000 | mode) << 16
            written.writestr(entry, path.read_bytes())


def write_sums(folder: Path) -> Path:
    """Checksums of every zip in the folder, of whatever platform, and of the manifest. Returns
    their file.
    """
    sums = folder / f"{NAME}_SHA256SUMS"
    files = [*sorted(folder.glob(f"{NAME}_*.zip")), folder / MANIFEST]
    lines = (f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files)
    sums.write_text("".join(lines), encoding="utf-8")
    return sums


def sign(sums: Path, key: str) -> None:
    """A detached binary signature beside the checksums, as the registry asks for."""
    signature = sums.with_name(f"{sums.name}.sig")
    command = ["gpg", "--batch", "--yes", "--local-user", key, "--output", str(signature), "--detach-sign", str(sums)]
    subprocess.run(command, check=True, capture_output=True)


def write_bill_of_materials(bundle: Path, target: Path) -> None:
    """What the bundle holds, read from the bundle itself and not from what was meant to go into
    it.
    """
    found = [bundle / "python" / "bin" / VERSION, bundle / "python" / "python.exe"]
    python = next(path for path in found if path.exists())
    command = [sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible", "--of", "JSON",
               "--output-file", str(target), str(python)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
