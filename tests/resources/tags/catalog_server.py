"""A small data catalog with Immuta's custom REST catalog interface, on this machine."""

import json
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from veil.plugin.server.certificate import self_signed


@dataclass
class Catalog:
    """What the catalog answers by table, and what it was asked. An answer is a JSON value, raw
    bytes, or a status.
    """

    answers: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    authorization: str | None = None
    """The Authorization header to insist on; None lets everybody in."""
    asked: list[tuple[str, Mapping[str, str], Any]] = field(default_factory=list)
    port: int = 0

    def answer(self, authorization: str | None, table: str) -> Any:
        """The answer for one table."""
        if self.authorization is not None and authorization != self.authorization:
            return 401
        return self.answers.get(table, 404)


@contextmanager
def served(catalog: Catalog, folder: Path | None = None) -> Iterator[Catalog]:
    """The catalog on a free port of 127.0.0.1; over TLS as localhost, its certificate in `folder`,
    where given.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            catalog.asked.append((self.path, dict(self.headers), question))
            place = question["handlerInfo"]
            found = catalog.answer(self.headers["Authorization"], f"{place['schema']}.{place['table']}")
            body = found if isinstance(found, bytes) else b"" if isinstance(found, int) else json.dumps(found).encode()
            self.send_response(found if isinstance(found, int) else 200)
            for name, value in {"Content-Length": str(len(body)), **catalog.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if folder is not None:
        server.socket = _context(folder).wrap_socket(server.socket, server_side=True)
    catalog.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield catalog
    finally:
        server.shutdown()
        server.server_close()


def _context(folder: Path) -> ssl.SSLContext:
    made = self_signed()
    (folder / "ca.pem").write_bytes(made.certificate_pem)
    (folder / "key.pem").write_bytes(made.key_pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "ca.pem", folder / "key.pem")
    return context
