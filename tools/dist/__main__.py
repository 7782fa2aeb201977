"""python -m tools.dist: make the release of this platform, or gather those that were made on
others.
"""

import argparse
from pathlib import Path

from tools.dist.release import build_release, sign, write_sums


def main() -> None:
    """Make what is asked for, and print what is there, with sizes in MB."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("dist"), metavar="FOLDER", help="where the files go (dist)")
    parser.add_argument("--gather", action="store_true", help="make no zip: the folder holds those of all platforms")
    parser.add_argument("--sign", metavar="KEY", help="the GnuPG key that signs the checksums")
    options = parser.parse_args()
    if not options.gather:
        build_release(options.out)
    sums = write_sums(options.out)
    if options.sign:
        sign(sums, options.sign)
    for path in sorted(options.out.iterdir()):
        print(f"{path.stat().st_size / 1e6:8.2f} MB  {path}")


if __name__ == "__main__":
    main()
