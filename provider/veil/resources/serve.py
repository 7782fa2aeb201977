"""The executable that Terraform starts."""

import sys


def main() -> None:
    """Serve the provider until Terraform says goodbye; `--debug` prints what TF_REATTACH_PROVIDERS takes."""
    from veil.plugin import serve
    from veil.resources.provider import Veil

    serve(Veil(), debug="--debug" in sys.argv[1:])


if __name__ == "__main__":
    main()
