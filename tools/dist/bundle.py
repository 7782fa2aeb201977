"""The folder that Terraform unpacks: the provider's executable, the `veil` command, and a Python with all that they import.

Terraform hashes the folder when it installs it and refuses it once it differs. So all modules are compiled beforehand, in the
form that is never compared with its source, and Python writes nothing.
"""

import compileall
import os
import py_compile
from pathlib import Path

from tools.dist.packages import copy_packages, licences
from tools.dist.runtime import VERSION, copy_runtime
from veil.cli.launcher import launcher_name

_SCRIPT = """\
#!/bin/sh
here=$(CDPATH= cd -- "${{0%/*}}" && pwd) || exit 1
# No command but the shell's own: a runner of Terraform may have no other.
exec "$here/python/bin/{python}" -I -B -c {start} "$@"
"""

_EXECUTABLES = {
    launcher_name(): "from veil.resources.serve import main; main()",
    "veil": "import sys; from veil.cli.main import main; sys.exit(main())",
}


def build_bundle(folder: Path) -> None:
    """Make the bundle in `folder`, an empty one. Raises RuntimeCopyError."""
    python = folder / "python"
    copy_runtime(python)
    site_packages = python / "lib" / VERSION / "site-packages"
    distributions = copy_packages(site_packages)
    (folder / "THIRD_PARTY_LICENSES.txt").write_text(licences(distributions), encoding="utf-8")
    compileall.compile_dir(
        python / "lib",
        quiet=2,
        workers=os.cpu_count() or 1,
        stripdir=str(folder),
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )
    for name, start in _EXECUTABLES.items():
        write_executable(folder / name, start)


def write_executable(path: Path, start: str) -> None:
    """A script beside the folder `python`, which runs `start`. `-I` keeps the caller's PYTHON* variables out."""
    path.write_text(_SCRIPT.format(python=VERSION, start=f"'{start}'"), encoding="utf-8")
    path.chmod(0o755)
