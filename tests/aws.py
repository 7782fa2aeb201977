"""A stand-in for the two AWS APIs that give temporary credentials, on this machine.

It speaks their wire forms (query and XML for Redshift, JSON for Redshift Serverless) to the real
boto3. moto knows only the first of the two, and no way to refuse.
"""

import json
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

EXPIRES = "2130-01-01T00:00:00Z"
IDENTITY = "IAMR:deployer"
"""The database user that AWS derives from the identity that asks."""


@dataclass
class Aws:
    """One cluster and one workgroup, both at `host` and `port`. `sign_in` is told each user and
    password given out.
    """

    host: str
    port: int
    sign_in: Callable[[str, str], None] = lambda user, password: None
    cluster: str = "main"
    workgroup: str = "adhoc"
    refusal: tuple[str, str] | None = None
    """The code and message to answer everything with."""
    paused: bool = False
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    passwords: list[str] = field(default_factory=list)
    url: str = ""

    def give(self, user: str) -> dict[str, Any]:
        """A fresh password for the user."""
        password = f"Aws1{secrets.token_hex(12)}"
        self.passwords.append(password)
        self.sign_in(user, password)
        return {"user": user, "password": password}

    def answer(self, action: str, given: dict[str, Any]) -> dict[str, Any] | tuple[str, str]:
        """What AWS answers, or the code and message of its refusal."""
        self.asked.append((action, given))
        if self.refusal is not None:
            return self.refusal
        if given.get("ClusterIdentifier", self.cluster) != self.cluster:
            return "ClusterNotFound", f"Cluster {given['ClusterIdentifier']} not found."
        if given.get("workgroupName", self.workgroup) != self.workgroup:
            return "ResourceNotFoundException", f"Workgroup {given['workgroupName']} not found."
        if action in ("DescribeClusters", "GetWorkgroup"):
            return {} if self.paused else {"host": self.host, "port": self.port}
        creates = given.get("AutoCreate") == "true"
        return self.give(f"{'IAMA' if creates else 'IAM'}:{given['DbUser']}" if "DbUser" in given else IDENTITY)


def _xml(action: str, found: dict[str, Any]) -> str:
    if action == "DescribeClusters":
        endpoint = (
            f"<Endpoint><Address>{found['host']}</Address><Port>{found['port']}</Port></Endpoint>" if found else ""
        )
        state = "available" if found else "paused"
        body = f"<Clusters><Cluster><ClusterStatus>{state}</ClusterStatus>{endpoint}</Cluster></Clusters>"
    else:
        body = (
            f"<DbUser>{found['user']}</DbUser><DbPassword>{found['password']}</DbPassword>"
            f"<Expiration>{EXPIRES}</Expiration>"
        )
    return f"<{action}Response><{action}Result>{body}</{action}Result></{action}Response>"


def _json(action: str, found: dict[str, Any]) -> str:
    if action == "GetWorkgroup":
        endpoint = {"endpoint": {"address": found["host"], "port": found["port"]}} if found else {}
        return json.dumps({"workgroup": {"status": "AVAILABLE" if found else "CREATING", **endpoint}})
    return json.dumps({"dbUser": found["user"], "dbPassword": found["password"], "expiration": 5049388800})


@contextmanager
def served(aws: Aws) -> Iterator[Aws]:
    """The APIs on a free port; `aws.url` is what AWS_ENDPOINT_URL takes."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            target = self.headers.get("X-Amz-Target", "")
            if target:
                action, given = target.partition(".")[2], json.loads(body)
            else:
                given = {name: values[0] for name, values in parse_qs(body).items()}
                action = given["Action"]
            found = aws.answer(action, given)
            if isinstance(found, tuple):
                self._send(400, _refusal(bool(target), *found))
            else:
                self._send(200, _json(action, found) if target else _xml(action, found))

        def _send(self, status: int, text: str) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    aws.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield aws
    finally:
        server.shutdown()
        server.server_close()


def _refusal(as_json: bool, code: str, message: str) -> str:
    if as_json:
        return json.dumps({"__type": code, "message": message})
    return f"<ErrorResponse><Error><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
