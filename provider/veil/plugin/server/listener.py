"""The gRPC server: where it listens, and with how many hands."""

import os
import socket
from collections.abc import Callable
from concurrent import futures
from dataclasses import dataclass

import grpc

from .service import ProviderService
from .side_services import SideServices

MESSAGE_LIMIT = 256 * 1024 * 1024
# Terraform's -parallelism may be raised far above its default of 10; a waiting call holds a worker.
WORKERS = 64
_STREAMS = 2


@dataclass
class Listener:
    """A server that is ready to listen. It ends when this object does."""

    server: grpc.Server
    service: ProviderService

    @classmethod
    def create(cls, service: ProviderService, ended: Callable[[], None]) -> "Listener":
        """A server for ``service``, listening nowhere yet. ``ended`` is called when the client asks
        for the end.
        """
        server = grpc.server(
            futures.ThreadPoolExecutor(WORKERS + _STREAMS, thread_name_prefix="call"),
            handlers=[service, SideServices(service.caller, ended)],
            options=(
                ("grpc.max_receive_message_length", MESSAGE_LIMIT),
                ("grpc.max_send_message_length", MESSAGE_LIMIT),
                ("grpc.so_reuseport", 0),
            ),
        )
        return cls(server, service)

    def listen(self, path: str) -> None:
        """Listen at a socket. Raises RuntimeError when that is not possible."""
        self.server.add_insecure_port(f"unix:{path}")

    def connect(self, path: str) -> socket.socket:
        """Listen at ``path`` for one connection, our own, and remove the socket. Raises OSError,
        RuntimeError.

        Another process of this user that connects in between is answered nothing.
        """
        self.listen(path)
        try:
            return self.service.caller.connect(path)
        finally:
            os.unlink(path)  # noqa: PTH108 - pathlib would have to be imported for it
