"""Faults of a cluster, switched on and off on a running engine, and what the provider's retries
make of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import redshift_connector

from tests.engine import connect
from tests.local.conftest import Client, ServerError
from veil.cli.local import main
from veil.local import Address, Engine
from veil.local.errors import EngineError
from veil.warehouse import Session, Settings, WarehouseError, run_in_transaction
from veil.warehouse import connect as connect_provider


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine of its own: faults are everybody's."""
    found = Engine(tmp_path_factory.mktemp("faulty") / "local")
    found.up(progress=lambda line: None)
    yield found
    found.reset()


@pytest.fixture
def address(faulty: Engine) -> Iterator[Address]:
    found = faulty.address()
    assert found is not None
    yield found
    for name in ("serialization", "disconnect", "slow"):
        faulty.fault(name, 0)


@pytest.fixture
def provider(address: Address) -> Iterator[Session]:
    """The provider's own session."""
    settings = Settings(
        host=address.host, port=address.port, database=address.database,
        username=address.username, password=address.password, ssl=False,
    )  # fmt: skip
    with connect_provider(settings) as session:
        session.execute("CREATE TABLE IF NOT EXISTS public.counted (n INTEGER)")
        session.execute("DELETE FROM public.counted")
        yield session


def counting(statements: int, attempts: list[int]) -> Callable[[Session], int]:
    """Work of so many inserts, which notes how often it was tried."""

    def work(session: Session) -> int:
        attempts.append(0)
        for n in range(statements):
            session.execute(f"INSERT INTO public.counted VALUES ({n})")
            attempts[-1] += 1
        return len(attempts)

    return work


def no_pause(seconds: float) -> None:
    assert seconds > 0


def test_a_share_of_statements_in_transaction_blocks_fails_to_serialize(faulty: Engine, address: Address) -> None:
    client = Client(connect(address))
    assert faulty.fault("serialization", 0.5) == {"serialization": 0.5}
    outcomes = []
    for _ in range(6):
        client("BEGIN")
        try:
            client("SELECT 1")
            outcomes.append(True)
        except ServerError as error:
            assert (error.code, error.message) == ("40001", "1023")
            assert "Serializable isolation violation" in error.hint
            outcomes.append(False)
        client("ROLLBACK")
    assert sorted(outcomes) == [False] * 3 + [True] * 3
    faulty.fault("serialization", 1)
    assert client.one("SELECT 2") == 2  # in no block
    assert faulty.fault("serialization", 0) == {}
    client("BEGIN")
    assert client.one("SELECT 3") == 3
    client("COMMIT")
    client.connection.close()


def test_a_statement_that_was_prepared_before_meets_the_fault_too(faulty: Engine, address: Address) -> None:
    client = Client(connect(address))
    client("BEGIN")
    assert client.one("SELECT %s::INTEGER", 1) == 1
    faulty.fault("serialization", 1)
    with pytest.raises(ServerError) as refused:
        client("SELECT %s::INTEGER", 1)
    assert refused.value.code == "40001"
    client.connection.close()


def test_a_disconnect_loses_the_connection_and_the_transaction(
    faulty: Engine, address: Address, provider: Session
) -> None:
    lost = connect(address)
    faulty.fault("disconnect", 1)
    with lost.cursor() as cursor:
        cursor.execute("BEGIN")
        with pytest.raises((redshift_connector.InterfaceError, OSError)):
            cursor.execute("INSERT INTO public.counted VALUES (1)")
    faulty.fault("disconnect", 0)
    assert provider.query("SELECT COUNT(*) FROM public.counted")[0][0] == 0


def test_slow_statements_still_answer_what_they_were_asked(faulty: Engine, provider: Session) -> None:
    assert faulty.fault("slow", 0.05) == {"slow": 0.05}
    assert provider.query("SELECT 7")[0][0] == 7
    with provider.transaction():
        provider.execute("INSERT INTO public.counted VALUES (1)")
    assert provider.query("SELECT n FROM public.counted")[0][0] == 1


@pytest.mark.parametrize("fault", ["serialization", "disconnect"])
def test_the_provider_repeats_its_transaction_until_it_gets_through(
    faulty: Engine, provider: Session, fault: str
) -> None:
    attempts: list[int] = []
    # Each fifth of the statements fails; a transaction has three, so that one after a failed one
    # gets through.
    faulty.fault(fault, 0.2)
    tries = [run_in_transaction(provider, counting(3, attempts), pause=no_pause) for _ in range(4)]
    faulty.fault(fault, 0)
    assert len(attempts) > len(tries)
    assert [done for done in attempts if done < 3]
    rows = provider.query("SELECT n, COUNT(*) FROM public.counted GROUP BY n ORDER BY n")
    assert [tuple(row) for row in rows] == [(n, len(tries)) for n in range(3)]


def test_where_every_statement_fails_the_provider_gives_up_with_a_message(faulty: Engine, provider: Session) -> None:
    attempts: list[int] = []
    faulty.fault("serialization", 1)
    with pytest.raises(WarehouseError) as error:
        run_in_transaction(provider, counting(1, attempts), attempts=3, pause=no_pause)
    assert attempts == [0, 0, 0]
    assert error.value.summary == "Transactions got in each other's way"
    assert "Serializable isolation violation" in error.value.detail


def test_the_command_switches_faults_on_and_off(
    faulty: Engine, address: Address, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = ["--directory", str(faulty.directory), "fault"]
    assert main([*folder, "serialization", "0.25"]) == 0
    assert main([*folder, "slow", "0.5"]) == 0
    assert main([*folder, "serialization", "off"]) == 0
    assert capsys.readouterr().out.splitlines() == ["serialization 0.25", "serialization 0.25, slow 0.5", "slow 0.5"]
    assert main([*folder, "serialization", "often"]) == 1
    assert "neither a number nor 'off'" in capsys.readouterr().err
    assert main([*folder, "serialization", "2"]) == 1
    assert "2 is no value for serialization" in capsys.readouterr().err.replace("\n", " ")


def test_faults_end_with_the_engine(tmp_path_factory: pytest.TempPathFactory) -> None:
    engine = Engine(tmp_path_factory.mktemp("ending") / "local")
    with pytest.raises(EngineError, match="does not run"):
        engine.fault("slow", 1)
    engine.up(progress=lambda line: None)
    engine.fault("serialization", 1)
    engine.down()
    client = Client(connect(engine.up(progress=lambda line: None)))
    client("BEGIN")
    assert client.one("SELECT 1") == 1
    client.connection.close()
    engine.reset()
