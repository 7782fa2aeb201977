"""Connections that end in the middle: what people are told holds nothing that the driver or Python
says of it.
"""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

import pytest

from veil.warehouse import Session, Settings, WarehouseError, connect
from veil.warehouse.errors import from_server

FOREIGN = re.compile(
    r"Errno|Error\b(?!:)|Exception|Traceback|BrokenPipe|socket|unpack|buffer|codec|0x|redshift_connector|\('|<class|_ssl\.c"
)
"""What only a driver or a programming language says."""


class Cutter:
    """Stands between a session and the engine, and cuts the engine's answers off."""

    def __init__(self, settings: Settings) -> None:
        self._to = (settings.host, settings.port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.left: int | None = None
        """So many bytes of answers are let through from now on; None: all."""
        self.reset = False
        """Whether the connection is reset then, and not closed."""
        self.instead = b""
        """What is sent in the place of what is cut off."""
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(self._to)
                threading.Thread(target=self._forward, args=(client, server), daemon=True).start()
                threading.Thread(target=self._answer, args=(server, client), daemon=True).start()

    def _forward(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while data := client.recv(65536):
                server.sendall(data)

    def _answer(self, server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while data := server.recv(65536):
                if self.left is None:
                    client.sendall(data)
                    continue
                client.sendall(data[: self.left])
                self.left -= min(self.left, len(data))
                if self.left == 0:
                    break
            client.sendall(self.instead)
            if self.reset:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            # The other thread reads from it, and would else keep it open.
            client.shutdown(socket.SHUT_RD if self.reset else socket.SHUT_RDWR)
            client.close()


@pytest.fixture
def cutter(settings: Settings) -> Iterator[Cutter]:
    made = Cutter(settings)
    yield made
    made.close()


@contextmanager
def connected(settings: Settings, cutter: Cutter) -> Iterator[Session]:
    with connect(replace(settings, host="127.0.0.1", port=cutter.port)) as session:
        yield session


def told(error: WarehouseError) -> str:
    """All that people see of an error, once it is sure to be in our words and to say where and what
    to do.
    """
    said = f"{error.summary}\n{error.detail}"
    assert not FOREIGN.search(said), said
    assert "127.0.0.1:" in said and len(error.detail) > len(error.found), said
    return said


@pytest.mark.parametrize("reset", [False, True], ids=["closed", "reset"])
@pytest.mark.parametrize("left", [0, 1, 3, 5, 9, 30])
def test_wherever_an_answer_is_cut_off_the_connection_is_lost_in_our_words(
    settings: Settings, cutter: Cutter, left: int, *, reset: bool
) -> None:
    with connected(settings, cutter) as session:
        cutter.left, cutter.reset = left, reset
        with pytest.raises(WarehouseError) as caught:
            session.query("SELECT 'something that is longer than what is let through of it' AS text")
        assert caught.value.lost and caught.value.retryable and not session.is_open
        assert "The connection to the warehouse was lost" in told(caught.value)
        with pytest.raises(WarehouseError) as again:
            session.query("SELECT 1")
        assert "is closed" in told(again.value)


def test_a_connection_lost_in_commit_says_how_to_know_what_was_written(settings: Settings, cutter: Cutter) -> None:
    with connected(settings, cutter) as session, pytest.raises(WarehouseError) as caught, session.transaction():
        session.query("SELECT 1")
        cutter.left = 0
    assert caught.value.in_commit and not caught.value.retryable
    assert "it is not known whether its changes are there: terraform plan shows it" in told(caught.value)


@pytest.mark.parametrize("garbage", [b"?\0\0\0\4" * 4, b"HTTP/1.1 400 Bad Request\r\n\r\n"])
def test_an_answer_that_the_driver_makes_nothing_of_is_told_and_ends_the_connection(
    settings: Settings, cutter: Cutter, garbage: bytes
) -> None:
    with connected(settings, cutter) as session:
        cutter.left, cutter.instead = 0, garbage
        with pytest.raises(WarehouseError) as caught:
            session.query("SELECT 1")
        assert not session.is_open and caught.value.lost and not caught.value.retryable
        assert "An answer that cannot be read" in told(caught.value)


@pytest.mark.parametrize("reset", [False, True], ids=["closed", "reset"])
@pytest.mark.parametrize("left", [0, 4, 20, 100])
def test_a_connection_that_ends_while_one_signs_in_is_told_in_our_words(
    settings: Settings, cutter: Cutter, left: int, *, reset: bool
) -> None:
    cutter.left, cutter.reset = left, reset
    with pytest.raises(WarehouseError) as caught, connected(settings, cutter):
        pass
    said = f"{caught.value.summary}\n{caught.value.detail}"
    assert not FOREIGN.search(said), said
    assert "127.0.0.1:" in said and caught.value.lost


def test_what_the_server_says_when_it_ends_a_connection_comes_with_what_to_do() -> None:
    error = from_server({"C": "57P01", "M": "terminating connection due to administrator command"})
    assert error.lost and "Apply again" in error.detail
