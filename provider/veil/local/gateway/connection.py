"""The two sockets of a connection: the client's and, behind it, the server's."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

from veil.local.faults import Faults
from veil.local.foreign import Foreign
from veil.local.gateway import startup, wire
from veil.local.gateway.pipeline import Pipeline
from veil.local.gateway.session import Session
from veil.local.gateway.statement_log import StatementLog
from veil.local.rewrite import Rewriter

LARGEST_STARTUP = 10_000


class ServerSide(asyncio.Protocol):
    """The connection to PostgreSQL's private socket."""

    def __init__(self, client: ClientSide) -> None:
        self._client = client
        self._frames = wire.Frames()
        self.pipeline = Pipeline(self._write)
        self.transport: asyncio.Transport | None = None

    def close(self) -> None:
        """Ends the connection, and drops what still waits to be sent."""
        self.pipeline.close()
        if self.transport is not None:
            self.transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self._client.from_server(self._frames.feed(data))

    def connection_lost(self, exc: Exception | None) -> None:
        self._client.close()

    def pause_writing(self) -> None:
        self._client.pause(paused=True)

    def resume_writing(self) -> None:
        self._client.pause(paused=False)

    def _write(self, data: bytes) -> None:
        if self.transport is not None:
            self.transport.write(data)


class ClientSide(asyncio.Protocol):
    """The connection of a driver, psql or BI tool."""

    def __init__(
        self,
        socket: Path,
        rewriter: Rewriter,
        foreign: Foreign,
        statement_log: StatementLog | None = None,
        faults: Faults | None = None,
    ) -> None:
        self._socket = socket
        self._statement_log = statement_log
        self._session = Session(rewriter, socket.parent, foreign, faults=faults)
        self._to_client = Pipeline(self._write)
        self._frames = wire.Frames()
        self._beginning = bytearray()
        self._started = False
        self._transport: asyncio.Transport | None = None
        self._server: ServerSide | None = None
        self._connecting: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        if not self._started:
            self._beginning += data
            self._begin()
        elif self._server is None or self._server.transport is None:
            self._beginning += data
        else:
            self._to_server(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._to_client.close()
        if self._connecting is not None:
            self._connecting.cancel()
        if self._server is not None:
            self._server.close()

    def pause_writing(self) -> None:
        if self._server is not None and self._server.transport is not None:
            self._server.transport.pause_reading()

    def resume_writing(self) -> None:
        if self._server is not None and self._server.transport is not None:
            self._server.transport.resume_reading()

    def pause(self, *, paused: bool) -> None:
        """Stops or resumes reading from the client while the server cannot keep up."""
        if self._transport is not None:
            (self._transport.pause_reading if paused else self._transport.resume_reading)()

    def from_server(self, data: bytes) -> None:
        """Passes the server's whole messages on."""
        if self._transport is not None and data:
            adjusted = self._session.from_server(data)
            self._to_client.pass_on(adjusted, self._session.before_returning())

    def close(self) -> None:
        """Ends the connection once what was written to it has gone out."""
        if self._transport is not None:
            self._transport.close()

    def _write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)

    def _to_server(self, data: bytes) -> None:
        assert self._server is not None
        whole = self._frames.feed(data)
        if not whole:
            return
        try:
            rewritten = self._session.from_client(whole)
            if self._session.cut:
                self._cut()
                return
            self._server.pipeline.pass_on(rewritten, self._session.before_sending())
        except ValueError:
            self._fail("08P01", "malformed message")

    def _cut(self) -> None:
        """Ends the connection as a network does that breaks: what was on its way is lost."""
        if self._transport is not None:
            self._transport.abort()

    def _begin(self) -> None:
        """Handles the messages that have no kind: requests for encryption, the startup message, a
        cancellation.
        """
        while len(self._beginning) >= 8 and not self._started:
            length = wire.read_length(self._beginning, 0)
            if not 8 <= length <= LARGEST_STARTUP:
                self._fail("08P01", "invalid length of startup packet")
                return
            if len(self._beginning) < length:
                return
            packet = bytes(self._beginning[:length])
            del self._beginning[:length]
            self._begin_with(packet)

    def _begin_with(self, packet: bytes) -> None:
        assert self._transport is not None
        request = wire.read_length(packet, 4)
        if request in (wire.SSL_REQUEST, wire.GSS_REQUEST):
            self._transport.write(b"N")
            return
        self._started = True
        if request == wire.CANCEL_REQUEST:
            self._connecting = asyncio.ensure_future(self._cancel(packet))
        elif request >> 16 != 3:
            self._fail("0A000", f"unsupported frontend protocol {request >> 16}.{request & 0xFFFF}")
        else:
            self._start_with(packet)

    def _start_with(self, packet: bytes) -> None:
        try:
            parameters = startup.accepted(wire.startup_parameters(packet[8:]))
            self._session.settings.database = parameters.get("database", parameters.get("user", ""))
        except ValueError:
            self._fail("08P01", "invalid startup packet layout")
            return
        if self._statement_log is not None:
            self._session.record = self._statement_log.of_client(parameters)
        self._connecting = asyncio.ensure_future(self._connect(parameters))

    async def _connect(self, parameters: dict[str, str]) -> None:
        server = ServerSide(self)
        await self._session.foreign.before_session(self._session.settings.database)
        try:
            await asyncio.get_running_loop().create_unix_connection(lambda: server, str(self._socket))
        except OSError:
            self._fail("57P03", "the database system is starting up or shutting down")
            return
        assert server.transport is not None
        self._server = server
        server.transport.write(wire.startup_message(parameters))
        if self._beginning:
            waiting = bytes(self._beginning)
            self._beginning.clear()
            self._to_server(waiting)

    async def _cancel(self, packet: bytes) -> None:
        """Passes a cancellation on; PostgreSQL closes the connection once it has acted, and so do
        we.
        """
        with contextlib.suppress(OSError):
            reader, writer = await asyncio.open_unix_connection(str(self._socket))
            writer.write(packet)
            await reader.read()
            writer.close()
        self.close()

    def _fail(self, code: str, text: str) -> None:
        if self._transport is not None:
            self._transport.write(wire.error(code, text, severity="FATAL"))
            self._transport.close()
