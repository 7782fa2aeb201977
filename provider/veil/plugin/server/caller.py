"""Who may call the gRPC server behind the gate: the gate itself, and no other process of the same
user.
"""

import os
import socket
import sys

import grpc


class Caller:
    """The one client that is answered, known by the name of its socket; everybody, until there is
    one.
    """

    def __init__(self) -> None:
        self._peer = ""

    def connect(self, path: str) -> socket.socket:
        """Connect to the server at ``path`` and be the one from now on. Raises OSError.

        On Linux no other socket can have the name while this one is open. Elsewhere it is a path
        beside the server's.
        """
        connection = socket.socket(socket.AF_UNIX)
        name = f"veil-{os.urandom(16).hex()}" if sys.platform == "linux" else f"{path}c"
        try:
            connection.bind(f"\0{name}" if sys.platform == "linux" else name)
            connection.connect(path)
        except OSError:
            connection.close()
            raise
        finally:
            if sys.platform != "linux":
                os.unlink(name)  # noqa: PTH108 - pathlib would have to be imported for it
        self._peer = f"unix-abstract:{name}" if sys.platform == "linux" else f"unix:{name}"
        return connection

    def check(self, context: grpc.ServicerContext) -> None:
        """End the call, by gRPC's own exception, if it comes from somebody else."""
        if self._peer and context.peer() != self._peer:
            context.abort(grpc.StatusCode.UNAUTHENTICATED, "only Terraform is served")
