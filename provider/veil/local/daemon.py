"""The engine's own process: it holds the folder's lock, runs PostgreSQL as its child and serves the
gateway.

Run as `python -m veil.local.daemon <folder> <options>`.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
import traceback
from pathlib import Path

from veil import __version__
from veil.local.address import FILE_NAME, Address
from veil.local.cluster.server import Server
from veil.local.cluster.setup import ADMINISTRATOR, DATABASES
from veil.local.errors import EngineError
from veil.local.faults import Faults
from veil.local.folder import Folder
from veil.local.foreign import Foreign
from veil.local.gateway.connection import ClientSide
from veil.local.gateway.statement_log import StatementLog
from veil.local.lock import Lock
from veil.local.options import Options
from veil.local.passwords import Passwords
from veil.local.rewrite import Rewriter

HOST = "127.0.0.1"
ALREADY_RUNNING = 3
LOCK_ATTEMPTS = 50
FAILED = 1


def main() -> int:
    """Runs the engine until it is told to stop; gives the exit code."""
    folder, options = Folder(Path(sys.argv[1])), Options.from_argument(sys.argv[2])
    lock = Lock(folder.running_lock)
    if not _acquire(lock):
        return ALREADY_RUNNING
    server = Server(folder)
    try:
        passwords = Passwords.of(folder)
        server.start(passwords, cross_database=options.cross_database, barrier=options.barrier, refused=options.refused)
        asyncio.run(_serve(folder, server, passwords, options))
    except EngineError as error:
        print(error, file=sys.stderr, flush=True)
        return FAILED
    except Exception:
        print(traceback.format_exc(), file=sys.stderr, flush=True)
        return FAILED
    finally:
        (folder.path / FILE_NAME).unlink(missing_ok=True)
        server.stop()
    return 0  # the lock goes with the process


def _acquire(lock: Lock) -> bool:
    """Takes the folder's lock. Whoever asks whether it is held, holds it for a moment; so more than
    one attempt.
    """
    for _ in range(LOCK_ATTEMPTS):
        if lock.acquire():
            return True
        time.sleep(0.01)
    return False


async def _serve(folder: Folder, server: Server, passwords: Passwords, options: Options) -> None:
    loop = asyncio.get_running_loop()
    stopping = asyncio.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, stopping.set)
    rewriter, foreign = (
        Rewriter(cross_database=options.cross_database, signing_key=passwords.signing_key, refused=options.refused),
        Foreign(server.socket, passwords.system, folder),
    )
    log, faults = _open_log(options.statement_log), Faults(folder.faults)
    try:
        listener = await loop.create_server(
            lambda: ClientSide(server.socket, rewriter, foreign, log, faults), HOST, options.port
        )
    except OSError as error:
        raise EngineError(
            f"Port {options.port} on {HOST} cannot be used: {error.strerror}. Choose another one, or none."
        ) from error
    chosen = listener.sockets[0].getsockname()[1]
    Address(HOST, chosen, DATABASES[-1], ADMINISTRATOR, passwords.administrator, os.getpid(), __version__).write(
        folder.path
    )
    while not stopping.is_set():
        if server.has_ended():
            raise EngineError("PostgreSQL has ended; the engine stops.")
        try:
            await asyncio.wait_for(stopping.wait(), 1.0)
        except TimeoutError:
            continue
    listener.close()


def _open_log(path: Path | None) -> StatementLog | None:
    try:
        return StatementLog(path) if path else None
    except OSError as error:
        raise EngineError(f"The statement log {path} cannot be written: {error.strerror}.") from error


if __name__ == "__main__":
    sys.exit(main())
