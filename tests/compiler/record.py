"""Write what is kept of compiled views to `cases/`, to be read before it is committed:
`python -m tests.compiler.record`.

Views that are published keep the text of the version that made them until a newer one comes:
whatever changes a text raises COMPILER_VERSION. `--same-version` is for a version that no release
has.
"""

import json
import sys
from collections.abc import Sequence

from tests.compiler.recorded import FOLDER, LINES, VERSIONS, compiled_hash, lines, pinned, views
from veil.compiler import COMPILER_VERSION


def main(arguments: Sequence[str]) -> int:
    version, found = str(COMPILER_VERSION), compiled_hash()
    if pinned().get(version, found) != found and "--same-version" not in arguments:
        print(
            f"Views compile to other texts than those of version {version}. Raise COMPILER_VERSION, or, where no release"
        )
        print("has that version yet, say --same-version.")
        return 1
    texts = views()
    for path in FOLDER.glob("*.sql"):
        if path.stem not in texts:
            path.unlink()
    for name, text in texts.items():
        (FOLDER / f"{name}.sql").write_text(text, encoding="utf-8")
    LINES.write_text(lines(), encoding="utf-8")
    VERSIONS.write_text(json.dumps({**pinned(), version: found}, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
