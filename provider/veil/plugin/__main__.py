"""Start a provider by its name: ``python -m veil.plugin package.module:Class``, with ``--debug``
for a debugger.

So the provider is imported while Terraform is already connecting, which is the fastest way to
start.
"""

import sys

from .server.serve import serve


def main(arguments: list[str]) -> None:
    """Serve the provider that ``arguments`` name."""
    names = [argument for argument in arguments if argument != "--debug"]
    if len(names) != 1 or ":" not in names[0]:
        sys.exit("Usage: python -m veil.plugin PACKAGE.MODULE:CLASS [--debug]")
    serve(names[0])


if __name__ == "__main__":
    main(sys.argv[1:])
