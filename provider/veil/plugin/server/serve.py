"""The entry point of a provider's process. Everything up to the handshake imports as little as it
can.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from typing import TYPE_CHECKING

from .handshake import HandshakeError, read_invitation

if TYPE_CHECKING:
    from ..api.provider import Provider


def serve(provider: Provider | str, *, debug: bool | None = None, recorded: str | None = None) -> None:
    """Serve ``provider`` until Terraform ends the process. Does not return.

    "package.module:Class" names a provider that is imported while Terraform is already connecting,
    which is the faster way to start.

    ``recorded`` is a folder with the files of ``calls.recording.record``. What these answer is sent
    as it stands, and a named provider is imported when Terraform first asks for something else; a
    process that only tells the schema imports none of it.

    With ``debug`` (or ``--debug`` on the command line) it prints the value of TF_REATTACH_PROVIDERS
    instead of the handshake and serves any number of runs until it is interrupted.
    """
    if debug if debug is not None else "--debug" in sys.argv[1:]:
        from .debug import serve_debug

        serve_debug(provider)
        return
    try:
        invitation = read_invitation(os.environ)
    except HandshakeError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
    # Ctrl-C reaches the whole process group. Terraform says with StopProvider what it wants us to
    # do about it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Nothing that start-up makes is garbage: looking for it would only take time.
    gc.disable()
    from .process import run

    run(provider, invitation, recorded)
