"""Providers that run before Terraform does, forked from a process that has imported everything.

Terraform starts a provider three to five times a command, and Python's imports are most of what a
run takes. A command that is given TF_REATTACH_PROVIDERS attaches to a provider that runs already,
as HashiCorp's own framework for acceptance tests makes it. The provider is otherwise the same: the
shipped classes behind the same gRPC calls, in a process of its own for each command, with that
command's environment and folder.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import select
import socket
import socketserver
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


class Providers:
    """Starts providers, each of which runs until its context ends."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="veil-attached-")
        self._address = str(Path(self._folder.name) / "socket")
        self._parent = subprocess.Popen(
            [sys.executable, "-m", "tests.acceptance.attached", self._address],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for the tests, at whose end this one ends.
        )
        assert self._parent.stdout is not None
        assert self._parent.stdout.readline() == b"ready\n"

    @contextmanager
    def running(self, environment: Mapping[str, str], folder: Path) -> Iterator[str]:
        """A provider in this folder; gives the value of TF_REATTACH_PROVIDERS."""
        with socket.socket(socket.AF_UNIX) as connection, connection.makefile("rw") as stream:
            connection.connect(self._address)
            print(json.dumps({"environment": dict(environment), "folder": str(folder)}), file=stream, flush=True)
            value = stream.readline()
            assert value, "the provider did not start"
            try:
                yield value
            finally:
                connection.shutdown(socket.SHUT_WR)
                stream.read()

    def close(self) -> None:
        """Start no more of them."""
        self._parent.communicate()
        self._folder.cleanup()


class _Provider(socketserver.StreamRequestHandler):
    """Serves one command, in a child of the process that has imported everything. It ends when
    whoever asked does.
    """

    def handle(self) -> None:
        from veil.plugin.server.debug import ReattachServer
        from veil.resources.provider import Veil

        asked = json.loads(self.rfile.readline())
        os.environ.clear()
        os.environ.update(asked["environment"])
        os.chdir(asked["folder"])
        server = ReattachServer(Veil())
        self.wfile.write(server.start().encode() + b"\n")
        self.rfile.read()
        server.stop()


class _Parent(socketserver.ForkingMixIn, socketserver.UnixStreamServer):
    request_queue_size = 64


def _prepare() -> None:
    """Whatever a command may need: what there is to import, what follows from the models, and the
    statements of an installation as they are read from their files. The classes and the files keep
    what was made of them, and so do the processes that are forked from this one.
    """
    import redshift_connector  # noqa: F401

    import veil.plugin
    import veil.resources
    from veil.plugin.calls.registry import Registry
    from veil.plugin.schema.objects import bind_model
    from veil.resources.provider import Veil
    from veil.warehouse import Layout, expected_routines, expected_tables, expected_views, install_statements

    for package in (veil.plugin, veil.resources):
        for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(each.name)
    registry = Registry(Veil())
    for definition in (
        registry.provider_definition,
        *registry.resources().values(),
        *registry.data_sources().values(),
        *registry.ephemerals().values(),
    ):
        definition.model.model_rebuild()
        bind_model(definition.model)
        assert definition.schema.attributes
    layout = Layout("immuta", "governed")
    for made_of in (install_statements, expected_tables, expected_views, expected_routines):
        assert made_of(layout)


def main(address: str) -> None:
    """Fork a provider for each connection to ``address``, until the standard input ends."""
    _prepare()
    gc.collect()
    gc.freeze()
    with _Parent(address, _Provider) as server:
        print("ready", flush=True)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        while sys.stdin not in select.select([server, sys.stdin], [], [])[0]:
            server.handle_request()
            server.service_actions()


if __name__ == "__main__":
    main(sys.argv[1])
