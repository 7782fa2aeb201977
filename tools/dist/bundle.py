"""The folder that Terraform unpacks: the provider's executable, the `veil` command, and a Python
with all that they import.

Terraform hashes the folder when it installs it and refuses it once it differs. So all modules are
compiled beforehand, in the form that is never compared with its source, and Python writes nothing.
"""

import compileall
import os
import platform
import py_compile
import sys
from pathlib import Path

from tools.dist.packages import copy_packages, licences
from tools.dist.runtime import VERSION, copy_runtime
from tools.dist.windows import copy_windows_runtime, write_windows_executable
from veil.cli.launcher import ARCHITECTURES, launcher_name

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


def build_bundle(
    folder: Path,
    system: str = platform.system(),
    machine: str = platform.machine(),
    base: Path = Path(sys.base_prefix),
) -> None:
    """Make the bundle in `folder`, an empty one, of the interpreter that is installed in `base`,
    for a system and a machine as `platform` names them. Raises RuntimeCopyError.
    """
    python = folder / "python"
    library = copy_windows_runtime(base, python) if system == "Windows" else copy_runtime(base, python)
    distributions = copy_packages(library / "site-packages")
    (folder / "THIRD_PARTY_LICENSES.txt").write_text(licences(distributions), encoding="utf-8")
    compileall.compile_dir(
        library,
        quiet=2,
        workers=os.cpu_count() or 1,
        stripdir=str(folder),
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )
    for name, start in _EXECUTABLES.items():
        if system == "Windows":
            write_windows_executable(folder / f"{name}.exe", start, ARCHITECTURES.get(machine.lower(), machine))
        else:
            write_executable(folder / name, start)


def write_executable(path: Path, start: str) -> None:
    """A script beside the folder `python`, which runs `start`. `-I` keeps the caller's PYTHON*
    variables out.
    """
    path.write_text(_SCRIPT.format(python=VERSION, start=f"'{start}'"), encoding="utf-8")
    path.chmod(0o755)
