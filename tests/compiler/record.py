"""Write the compiled views of `worlds.CASES` to `cases/`, to be read before they are committed."""

from pathlib import Path

from tests.compiler.worlds import CASES
from veil.compiler import compile_view

FOLDER = Path(__file__).parent / "cases"


def main() -> None:
    for stale in {path.stem for path in FOLDER.glob("*.sql")} - set(CASES):
        (FOLDER / f"{stale}.sql").unlink()
    for name, (world, source) in CASES.items():
        (FOLDER / f"{name}.sql").write_text(compile_view(world, source) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
