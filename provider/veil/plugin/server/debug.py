"""Serving for a debugger or a test: Terraform attaches to a process that runs already."""

import json
import os
import signal

from ..api.provider import Provider
from .handshake import PROTOCOL, make_socket_path
from .latch import Latch
from .listener import Listener
from .logs import set_up_logging
from .service import ProviderService, load_provider

_REGISTRIES = ("registry.terraform.io", "registry.opentofu.org")


class ReattachServer:
    """A provider on a socket without encryption, for any number of Terraform runs."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self.path = make_socket_path(None)
        self._service = ProviderService(provider)
        self._listener = Listener.create(self._service, lambda: None)

    def start(self) -> str:
        """Start serving; returns the value of TF_REATTACH_PROVIDERS."""
        self._listener.listen(self.path)
        self._listener.server.start()
        return reattach_value(self.provider, self.path)

    def stop(self) -> None:
        """Stop serving, without waiting for calls in flight."""
        self._listener.server.stop(None).wait(5)
        self.provider.close()
        if os.path.exists(self.path):  # noqa: PTH110
            os.unlink(self.path)  # noqa: PTH108
        os.rmdir(os.path.dirname(self.path))  # noqa: PTH106, PTH120


def reattach_value(provider: Provider, path: str) -> str:
    """The JSON that tells Terraform where ``provider`` is already running. Test keeps Terraform
    from ending it.
    """
    where = {"Network": "unix", "String": path}
    entry = {"Protocol": "grpc", "ProtocolVersion": PROTOCOL, "Pid": os.getpid(), "Test": True, "Addr": where}
    return json.dumps(dict.fromkeys(addresses(provider), entry))


def addresses(provider: Provider) -> list[str]:
    """The full source addresses of ``provider``: Terraform and OpenTofu each have a registry that
    need not be named.
    """
    address = provider.address or f"hashicorp/{provider.name}"
    host, _, rest = address.partition("/")
    if address.count("/") == 1:
        host, rest = _REGISTRIES[0], address
    return [f"{each}/{rest}" for each in _REGISTRIES] if host in _REGISTRIES else [address]


def serve_debug(source: Provider | str) -> None:
    """Serve until interrupted, after printing what to put into the environment of Terraform."""
    provider = load_provider(source)
    set_up_logging(os.environ, provider.name)
    done = Latch()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: done.set())
    server = ReattachServer(provider)
    value = server.start()
    print(f"Provider started. Attach Terraform with:\n\n\tTF_REATTACH_PROVIDERS='{value}'\n", flush=True)
    done.wait()
    server.stop()
