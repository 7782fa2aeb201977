"""The executable that Terraform starts."""

import sys


def main() -> None:
    """Serve the provider until Terraform says goodbye; `--debug` prints what TF_REATTACH_PROVIDERS takes."""
    from veil.plugin import serve

    # By name, so that the handshake does not wait for the provider's own imports.
    serve("veil.resources.provider:Veil", debug="--debug" in sys.argv[1:])


if __name__ == "__main__":
    main()
