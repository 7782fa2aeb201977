"""What Terraform says in the environment, and what it is answered."""

import base64
import stat
from pathlib import Path

import pytest

from veil.plugin.server.handshake import (
    COOKIE,
    COOKIE_NAME,
    HandshakeError,
    handshake_line,
    make_socket_path,
    read_invitation,
)

INVITED = {COOKIE_NAME: COOKIE}


def test_an_invitation_is_read() -> None:
    invitation = read_invitation(
        {
            **INVITED,
            "PLUGIN_PROTOCOL_VERSIONS": "6, 5",
            "PLUGIN_CLIENT_CERT": "PEM",
            "PLUGIN_MIN_PORT": "100",
            "PLUGIN_MAX_PORT": "200",
            "PLUGIN_UNIX_SOCKET_DIR": "/run/x",
        }
    )
    assert invitation.client_pem == "PEM"
    assert invitation.ports == range(100, 201)
    assert invitation.socket_folder == "/run/x"
    assert not invitation.multiplex


def test_what_is_not_said_has_a_default() -> None:
    invitation = read_invitation(INVITED)
    assert not invitation.client_pem
    assert invitation.ports == range(10_000, 25_001)
    assert invitation.socket_folder is None


@pytest.mark.parametrize("environment", [{}, {COOKIE_NAME: "wrong"}])
def test_without_the_cookie_there_is_no_handshake(environment: dict[str, str]) -> None:
    with pytest.raises(HandshakeError, match="Terraform starts it by itself"):
        read_invitation(environment)


def test_another_protocol_is_declined() -> None:
    with pytest.raises(HandshakeError, match="speaks plugin protocol 6"):
        read_invitation({**INVITED, "PLUGIN_PROTOCOL_VERSIONS": "5"})


def test_the_certificate_travels_without_padding() -> None:
    line = handshake_line("unix", "/s", b"four", multiplex=False)
    assert line == "1|6|unix|/s|grpc|" + base64.b64encode(b"four").decode().rstrip("=")
    assert handshake_line("tcp", "127.0.0.1:1", b"", multiplex=True) == "1|6|tcp|127.0.0.1:1|grpc||false"


def test_the_folder_of_a_socket_is_new_and_private(tmp_path: Path) -> None:
    short = Path("/tmp")
    path = Path(make_socket_path(str(short)))
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert path.parent.parent == short
    path.parent.rmdir()


def test_a_long_temporary_folder_is_passed_over(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 100)
    deep.mkdir()
    path = Path(make_socket_path(str(deep)))
    assert path.parent.parent == Path("/tmp")
    path.parent.rmdir()
