"""What people are told when there is no connection."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from veil.warehouse import Settings, WarehouseError, connect


def refusal(settings: Settings) -> WarehouseError:
    with pytest.raises(WarehouseError) as error:
        connect(settings)
    assert settings.password is None or settings.password not in str(error.value)
    return error.value


def test_an_unknown_host_is_named(settings: Settings) -> None:
    error = refusal(replace(settings, host="no-such-host.invalid"))
    assert error.summary == "Unknown host"
    assert "'no-such-host.invalid'" in error.found


def test_an_engine_that_is_down_refuses_the_connection(settings: Settings) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    error = refusal(replace(settings, port=port))
    assert error.summary == "Nothing listens there"
    assert f"127.0.0.1:{port}" in error.found


def test_a_wrong_password_is_told_and_not_retryable(settings: Settings) -> None:
    error = refusal(replace(settings, password="wrong"))
    assert error.summary == "The warehouse did not accept the password"
    assert settings.username in error.found
    assert not error.retryable
    assert not error.lost


def test_an_unknown_user_looks_like_a_wrong_password(settings: Settings) -> None:
    assert refusal(replace(settings, username="nobody")).summary == "The warehouse did not accept the password"


def test_a_missing_database_is_named(settings: Settings) -> None:
    error = refusal(replace(settings, database="no_such_database"))
    assert error.summary == "Unknown database"
    assert "'no_such_database'" in error.found


@pytest.mark.filterwarnings("ignore:ssl:DeprecationWarning")
def test_a_server_without_tls_is_told(settings: Settings) -> None:
    assert refusal(replace(settings, ssl=True)).summary == "No encrypted connection"


@pytest.mark.parametrize("mode", ["require", "prefer", "disable", "allow"])
def test_an_sslmode_that_would_not_encrypt_is_refused(settings: Settings, mode: str) -> None:
    assert refusal(replace(settings, ssl=True, sslmode=mode)).summary == "Unknown sslmode"


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        kept: list[socket.socket] = []

        def accept() -> None:
            try:
                while True:
                    kept.append(server.accept()[0])
            except OSError:
                return

        threading.Thread(target=accept, daemon=True).start()
        yield server.getsockname()[1]
        for each in kept:
            each.close()


def test_a_warehouse_that_does_not_answer_is_given_up(settings: Settings, silent_port: int) -> None:
    error = refusal(replace(settings, port=silent_port, connect_timeout=1))
    assert error.summary == "The warehouse does not answer"
    assert "within 1 seconds" in error.found


def test_settings_do_not_show_secrets() -> None:
    settings = Settings("h", "d", "u", "hunter2")
    assert "hunter" not in repr(settings)
