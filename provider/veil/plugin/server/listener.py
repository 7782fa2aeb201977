"""The gRPC server: where it listens, and with how many hands."""

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
    """A server that is ready to listen."""

    server: grpc.Server

    @classmethod
    def create(cls, service: ProviderService, arrived: Callable[[], None], ended: Callable[[], None]) -> "Listener":
        """A server for ``service``, listening nowhere yet."""
        server = grpc.server(
            futures.ThreadPoolExecutor(WORKERS + _STREAMS, thread_name_prefix="call"),
            handlers=[service, SideServices(arrived, ended)],
            options=(
                ("grpc.max_receive_message_length", MESSAGE_LIMIT),
                ("grpc.max_send_message_length", MESSAGE_LIMIT),
                ("grpc.so_reuseport", 0),
            ),
        )
        return cls(server)

    def listen(self, address: str, key_pem: bytes = b"", certificate_pem: bytes = b"") -> int:
        """Listen at a gRPC address (``unix:PATH`` or ``HOST:PORT``), encrypted if there is a key. Returns the port.

        Raises RuntimeError or returns 0 when the address is taken.
        """
        if not key_pem:
            return self.server.add_insecure_port(address)
        # Terraform's own certificate cannot be asked for: it is P-521, which BoringSSL does not offer to verify.
        credentials = grpc.ssl_server_credentials([(key_pem, certificate_pem)])
        return self.server.add_secure_port(address, credentials)
