"""How long a provider's process takes to start: to its handshake, and to its schema."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from time import perf_counter

from tests.benchmarks.bench.measuring import Cost, compared, ended, in_turns, run
from tests.benchmarks.bench.rows import Row
from tests.plugin.server.process import INVITED, connect

PROVIDER = (sys.executable, "-I", "-c", "from veil.resources.serve import main; main()")
ROUNDS = 10


def measure() -> Iterator[Row]:
    """Our own starts, beside the import of what Terraform speaks."""
    found = in_turns(
        ROUNDS,
        handshake=lambda: to_handshake(PROVIDER),
        schema=to_schema,
        grpc=lambda: run([sys.executable, "-I", "-c", "import grpc"]),
    )
    yield compared("start to handshake, against import grpc", 1, 0.45, found["handshake"], found["grpc"])
    yield compared("start to schema, against import grpc", 1, 1.3, found["schema"], found["grpc"])


def to_handshake(command: Sequence[str]) -> Cost:
    """From the start of a process to its handshake, at which it is ended."""
    begun = perf_counter()
    process = _started(command)
    assert process.stdout is not None
    line = process.stdout.readline()
    seconds = perf_counter() - begun
    process.kill()
    process.stdout.close()
    cost = ended(process, begun)
    assert line.startswith("1|6|"), (command, line)
    return Cost(seconds, cost.cpu_seconds, cost.peak_mb)


def to_schema() -> Cost:
    """From the start of our process to the answer of GetProviderSchema; its processor time until it
    has ended.
    """
    begun = perf_counter()
    process = _started(PROVIDER)
    assert process.stdout is not None
    channel = connect(process.stdout.readline().rstrip("\n").split("|"))
    answer = channel.unary_unary("/tfplugin6.Provider/GetProviderSchema")(b"", wait_for_ready=True, timeout=120)
    seconds = perf_counter() - begun
    channel.close()
    process.stdout.close()
    cost = ended(process, begun)
    assert b"veil_data_source" in answer
    return Cost(seconds, cost.cpu_seconds, cost.peak_mb)


def _started(command: Sequence[str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        command,
        env={**os.environ, **INVITED},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
