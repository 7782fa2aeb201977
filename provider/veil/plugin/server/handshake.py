"""go-plugin's handshake: what Terraform tells a provider in the environment, and the line it waits
for on stdout.
"""

import base64
import os
import sys
from collections.abc import Mapping
from typing import NamedTuple

COOKIE_NAME = "TF_PLUGIN_MAGIC_COOKIE"
COOKIE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"
PROTOCOL = 6
# The kernel's limit for the path of a socket is 104 bytes on macOS and 108 on Linux.
_LONGEST_PATH = 100


class HandshakeError(Exception):
    """This process was not started by Terraform, or by one that we cannot speak with."""


class Invitation(NamedTuple):
    """What Terraform asked for: whether to encrypt, where sockets go, which ports are allowed where
    there are none.
    """

    client_pem: str
    socket_folder: str | None
    ports: range
    multiplex: bool


def read_invitation(environment: Mapping[str, str]) -> Invitation:
    """Read the environment. Raises HandshakeError, with a text for people, when it is not
    Terraform's.
    """
    if environment.get(COOKIE_NAME) != COOKIE:
        raise HandshakeError(
            "This program is a Terraform provider. Terraform starts it by itself; there is nothing to do with it directly.\n"
            "To run it under a debugger, start it with --debug."
        )
    offered = environment.get("PLUGIN_PROTOCOL_VERSIONS", str(PROTOCOL)).split(",")
    if str(PROTOCOL) not in (version.strip() for version in offered):
        raise HandshakeError(
            f"This provider speaks plugin protocol {PROTOCOL}. Use Terraform 1.0 or newer, or OpenTofu."
        )
    low, high = (int(environment.get(name) or default) for name, default in _PORTS)
    return Invitation(
        client_pem=environment.get("PLUGIN_CLIENT_CERT", ""),
        socket_folder=environment.get("PLUGIN_UNIX_SOCKET_DIR") or None,
        ports=range(low, high + 1),
        multiplex="PLUGIN_MULTIPLEX_GRPC" in environment,
    )


_PORTS = (("PLUGIN_MIN_PORT", 10_000), ("PLUGIN_MAX_PORT", 25_000))


def make_socket_path(folder: str | None) -> str:
    """A path for a socket in a new folder that only this user can enter."""
    parents = [folder or os.environ.get("TMPDIR") or "/tmp", "/tmp"]  # noqa: S108 - the folder inside is new and 0700
    for parent in parents:
        path = f"{parent.rstrip('/')}/plugin-{os.urandom(8).hex()}/s"
        if len(os.fsencode(path)) <= _LONGEST_PATH:
            os.mkdir(os.path.dirname(path), 0o700)  # noqa: PTH102, PTH120 - pathlib is not imported before the handshake
            return path
    raise HandshakeError(f"The path of the temporary folder is too long for a socket: {parents[0]}")


def handshake_line(network: str, address: str, certificate: bytes, *, multiplex: bool) -> str:
    """The line that tells Terraform where to connect, and which certificate to expect there."""
    # go-plugin refuses padding.
    encoded = base64.b64encode(certificate).decode().rstrip("=")
    fields = ["1", str(PROTOCOL), network, address, "grpc", encoded]
    return "|".join([*fields, "false"] if multiplex else fields)


def take_stdout() -> int:
    """Reserve stdout for the handshake: anything printed from now on goes to stderr. Returns the
    real one.
    """
    sys.stdout.flush()
    reserved = os.dup(1)
    os.dup2(2, 1)
    return reserved
