"""The executable that Terraform starts."""

import gc
import os
import sys

COLLECT_AFTER = 200_000
"""New objects after which Python looks for garbage. A directory of 100,000 users is millions of
objects, none of them garbage; at Python's own 700 a plan over it takes twice as long.
"""

RECORDED = os.path.join(os.path.dirname(__file__), "recorded")  # noqa: PTH118, PTH120 - pathlib would have to be imported
"""The folder of answers that follow from the models alone, the schema first of all. `make docs`
writes them.
"""


def main() -> None:
    """Serve the provider until Terraform says goodbye; `--debug` prints what TF_REATTACH_PROVIDERS
    takes.
    """
    from veil.plugin import serve

    gc.set_threshold(COLLECT_AFTER)
    # By name, so that the handshake does not wait for the provider's own imports.
    serve("veil.resources.provider:Veil", debug="--debug" in sys.argv[1:], recorded=RECORDED)


if __name__ == "__main__":
    main()
