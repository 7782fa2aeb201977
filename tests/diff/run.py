"""Many random changes, compared with what rows show:
`python -m tests.diff.run --cases 500 --seed 7`.
"""

import argparse
import random
import sys
from datetime import UTC, datetime

from tests.diff.laws import unannounced
from tests.diff.worlds import change


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    failed = 0
    for at in range(options.cases):
        found = change(random.Random(f"{options.seed}/{at}").randrange, datetime.now(UTC))
        if silent := unannounced(found, datetime.now(UTC)):
            failed += 1
            print(f"seed {options.seed}/{at}: not announced: {sorted(silent)[:5]}")
    print(f"{options.cases} changes, {failed} of them with something that was not announced")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
