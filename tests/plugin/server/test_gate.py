"""Who is let in: Terraform, once, and nobody else."""

import itertools
import os
import socket
import ssl
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import grpc
import pytest

from veil.plugin.server.certificate import Certificate, self_signed
from veil.plugin.server.handshake import COOKIE, COOKIE_NAME, HandshakeError
from veil.plugin.server.listener import Listener
from veil.plugin.server.peer import ancestors, process_of
from veil.plugin.server.port import Port
from veil.plugin.server.service import ProviderService
from veil.plugin.server.tunnel import Tunnel
from veil.plugin.server.visitors import Room, Visitor
from veil.plugin.wire import tfplugin6_pb2 as pb

from .flood import flooding, greeting
from .process import INVITED, TERRAFORM, Started, certificate_of, connect, running
from .sample import Sample

SCHEMA = "/tfplugin6.Provider/GetProviderSchema"


def is_served(started: Started) -> bool:
    response = started.call("tfplugin6.Provider/GetProviderSchema", None, pb.GetProviderSchema.Response)
    return "sample_thing" in response.resource_schemas


def knock(started: Started) -> socket.socket:
    """A bare connection."""
    stranger = socket.socket(socket.AF_UNIX)
    stranger.settimeout(10)
    stranger.connect(str(started.socket))
    return stranger


def shake_hands(started: Started, client: Certificate | None, folder: Path) -> ssl.SSLSocket:
    """A TLS connection of a client that shows ``client``. It is known to be let in only when it has
    been answered.
    """
    context = ssl.create_default_context(cadata=certificate_of(started.handshake))
    context.set_alpn_protocols(["h2"])
    if client is not None:
        (folder / "client.pem").write_bytes(client.certificate_pem + client.key_pem)
        context.load_cert_chain(folder / "client.pem")
    return context.wrap_socket(knock(started), server_hostname="localhost")


def is_refused(connection: socket.socket) -> bool:
    """Whether a connection is closed, with an alert or without."""
    try:
        return connection.recv(1000) == b""
    except (ssl.SSLError, ConnectionError):
        return True


@pytest.mark.parametrize("client", [None, self_signed()], ids=["no certificate", "another certificate"])
def test_a_client_that_does_not_hold_terraforms_key_is_refused(client: Certificate | None, tmp_path: Path) -> None:
    with running() as started:
        assert is_refused(shake_hands(started, client, tmp_path))
        foreign = connect(started.handshake, client)
        with pytest.raises(grpc.RpcError):
            foreign.unary_unary(SCHEMA)(b"", timeout=5)
        foreign.close()
        assert is_served(started)


def test_terraforms_certificate_without_its_key_is_of_no_use(tmp_path: Path) -> None:
    with running() as started, pytest.raises(ssl.SSLError):
        other = self_signed()
        shake_hands(started, Certificate(TERRAFORM.der, TERRAFORM.certificate_pem, other.key_pem), tmp_path)


@pytest.mark.parametrize(
    "garbage",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x16\x03\x01\xff\xff" + b"\x00" * 70_000,
        b"\x00",
    ],
    ids=["http", "http2 in the clear", "a broken greeting", "a byte"],
)
def test_garbage_is_refused_and_keeps_nobody_out(garbage: bytes) -> None:
    with running() as started:
        stranger = knock(started)
        stranger.sendall(garbage)
        stranger.shutdown(socket.SHUT_WR)
        assert is_refused(stranger) or is_refused(stranger)
        assert is_served(started)


def test_strangers_who_say_nothing_keep_nobody_out() -> None:
    with running() as started:
        strangers = [knock(started) for _ in range(20)]
        assert is_served(started)
        for stranger in strangers:
            stranger.close()


def test_a_crowd_of_strangers_is_turned_away() -> None:
    with running() as started:
        first = knock(started)
        first.sendall(b"\x00" * 1000)
        assert is_refused(first)
        crowd = []
        while len(crowd) < 300:
            try:
                crowd.append(knock(started))
            except BlockingIOError:  # The queue is full for the moment.
                time.sleep(0.01)
        assert is_refused(crowd[0])
        for stranger in crowd:
            stranger.close()
        assert is_served(started)


@pytest.fixture
def sockets() -> Iterator[Path]:
    """A folder for sockets, of a name that is short enough for one."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        yield Path(folder)


@pytest.mark.parametrize("words", [b"", greeting()], ids=["silent", "greeting"])
def test_a_flood_of_other_processes_neither_keeps_terraform_out_nor_costs_much(sockets: Path, words: bytes) -> None:
    with running({**INVITED, "TMPDIR": str(sockets)}) as started:
        assert is_quiet(started)
        before = usage(started.process.pid)
        with flooding(sockets, words) as flood:
            flood.rise(6)
            during = usage(started.process.pid)
            assert is_served(started)
    assert during["Threads"] <= before["Threads"]
    assert during["VmRSS"] - before["VmRSS"] < 20_000


def test_a_flood_does_not_pass_for_terraform_where_the_user_has_disabled_tls(sockets: Path) -> None:
    invited = {COOKIE_NAME: COOKIE, "PLUGIN_PROTOCOL_VERSIONS": "6", "TMPDIR": str(sockets)}
    with flooding(sockets) as flood, running(invited) as started:
        flood.rise(3)
        assert is_served(started)


def usage(process: int) -> dict[str, int]:
    """How many threads a process has, and how much of its memory, in kB, is in use."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    fields = dict(line.split(":\t", 1) for line in lines)
    return {name: int(fields[name].split()[0]) for name in ("Threads", "VmRSS")}


def is_quiet(started: Started) -> bool:
    """Whether a process has come to the end of its start."""
    known, deadline = -1, time.monotonic() + 120
    while time.monotonic() < deadline:
        now = usage(started.process.pid)["VmRSS"]
        if now == known:
            return True
        known = now
        time.sleep(0.3)
    return False


class Knocking:
    """Sockets that only have a number."""

    def __init__(self) -> None:
        self._numbers = itertools.count()

    def visitor(self, process: int) -> Visitor:
        number = next(self._numbers)
        return Visitor(SimpleNamespace(fileno=lambda: number), process, expected=False)  # type: ignore[arg-type]


def test_a_full_room_takes_from_the_process_that_has_most() -> None:
    room, knocking = Room(4), Knocking()
    first = knocking.visitor(1)
    assert room.enter(first) is None
    crowd = [knocking.visitor(2) for _ in range(10)]
    assert [room.enter(each) for each in crowd] == [None, None, None, *crowd[:7]]
    others = [knocking.visitor(process) for process in (3, 4)]
    assert [room.enter(each) for each in others] == crowd[7:9]
    assert room.everybody() == [first, crowd[9], *others]
    room.forget(first)
    assert len(room) == 3 and room.enter(knocking.visitor(5)) is None


def test_the_kernel_tells_who_has_connected() -> None:
    here, there = socket.socketpair()
    assert process_of(here) == os.getpid()
    assert os.getppid() in ancestors() and os.getpid() not in ancestors() and 1 not in ancestors()
    here.close()
    there.close()
    with socket.socket() as other:
        assert process_of(other) == 0


def test_nobody_else_is_let_in_once_terraform_is_inside() -> None:
    with running() as started:
        early = knock(started)
        assert is_served(started)
        assert not started.socket.parent.exists()
        # One who came before comes too late, whatever key he holds.
        assert is_refused(early)
        assert is_served(started)


def test_the_end_of_the_session_ends_the_process(tmp_path: Path) -> None:
    with running() as started:
        inside = shake_hands(started, TERRAFORM, tmp_path)
        assert inside.selected_alpn_protocol() == "h2"
        inside.close()
        assert started.process.wait(120) == 0


def test_garbage_from_inside_ends_the_session(tmp_path: Path) -> None:
    with running() as started:
        inside = shake_hands(started, TERRAFORM, tmp_path)
        inside.sendall(os.urandom(100_000))
        assert started.process.wait(120) == 0


def test_a_connection_cut_within_a_record_ends_the_session(tmp_path: Path) -> None:
    with running() as started:
        inside = shake_hands(started, TERRAFORM, tmp_path)
        bare = socket.socket(fileno=os.dup(inside.fileno()))
        bare.sendall(b"\x17\x03\x03\x40\x00abc")
        bare.shutdown(socket.SHUT_RDWR)
        assert started.process.wait(120) == 0


def test_where_the_user_has_disabled_tls_the_first_client_is_terraform() -> None:
    with running({COOKIE_NAME: COOKIE, "PLUGIN_PROTOCOL_VERSIONS": "6"}) as started:
        assert is_served(started)
        assert not started.socket.exists()


def test_a_certificate_that_is_none_is_reported() -> None:
    with running({COOKIE_NAME: COOKIE, "PLUGIN_CLIENT_CERT": "nonsense"}) as started:
        _, err = started.process.communicate(timeout=120)
        assert started.process.returncode == 1
        assert b"cannot listen for Terraform" in err
        assert b"Traceback" not in err
        assert not started.socket.parent.exists()


def test_without_unix_sockets_grpc_listens_at_a_port() -> None:
    certificate = self_signed()
    port = Port(range(20_000, 21_000), certificate)
    listener = Listener.create(ProviderService(Sample()), lambda: None)
    port.open(listener, lambda: None)
    listener.server.start()
    network, address = port.address
    trusted = grpc.ssl_channel_credentials(certificate.certificate_pem)
    with grpc.secure_channel(address, trusted, options=[("grpc.ssl_target_name_override", "localhost")]) as channel:
        assert channel.unary_unary(SCHEMA)(b"", timeout=120)
    assert network == "tcp"
    listener.server.stop(None).wait()


def test_a_port_that_is_taken_is_passed_over() -> None:
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    number = taken.getsockname()[1]
    with pytest.raises(HandshakeError, match="no free port"):
        Port([number], None)


def test_who_slips_in_behind_the_gate_is_not_served(tmp_path: Path) -> None:
    listener = Listener.create(ProviderService(Sample()), lambda: None)
    path = str(tmp_path / "s")
    ours, kept = tmp_path / "ours", tmp_path / "kept"

    def slip_in(at: str) -> socket.socket:
        # The moment in which the inner socket can be connected to, made as long as need be.
        os.link(at, kept)
        return connect_as_gate(at)

    connect_as_gate = listener.service.caller.connect
    listener.service.caller.connect = slip_in  # type: ignore[method-assign]
    inner = listener.connect(path)
    listener.server.start()
    with grpc.insecure_channel(f"unix:{kept}") as channel:
        for method in (SCHEMA, "/plugin.GRPCController/Shutdown"):
            with pytest.raises(grpc.RpcError) as refused:
                channel.unary_unary(method)(b"", timeout=120)
            assert refused.value.code() is grpc.StatusCode.UNAUTHENTICATED
    with joined(ours, inner), grpc.insecure_channel(f"unix:{ours}") as channel:
        assert channel.unary_unary(SCHEMA)(b"", timeout=120)
    listener.server.stop(None).wait()


@contextmanager
def joined(path: Path, inner: socket.socket) -> Iterator[None]:
    """A socket at ``path`` whose first client is joined to ``inner``."""
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(path))
    listening.listen()

    def join() -> None:
        Tunnel(inner, lambda: None).carry(listening.accept()[0], None)

    threading.Thread(target=join, daemon=True).start()
    yield
    listening.close()
