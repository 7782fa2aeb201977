"""Sensitive values do not reach the log."""

import io
import logging

from veil.plugin import Model, attribute
from veil.plugin.schema.derive import derive_schema
from veil.plugin.secrecy import Secrets, secrets_in


class Inner(Model):
    token: str | None = attribute("", sensitive=True)
    name: str | None = attribute("")


class Outer(Model):
    password: str | None = attribute("", write_only=True)
    keys: dict[str, list[str]] | None = attribute("", sensitive=True)
    several: list[Inner] | None = attribute("")
    named: dict[str, Inner] | None = attribute("")
    one: Inner | None = attribute("")


VALUE = {
    "password": "p4ssw0rd",
    "keys": {"a": ["first-key", "ab"]},
    "several": [{"token": "token-1", "name": "clear"}, None],
    "named": {"x": {"token": "token-2", "name": "clear"}},
    "one": {"token": "token-3", "name": "clear"},
}


def test_secrets_are_found_at_any_depth() -> None:
    found = set(secrets_in(derive_schema(Outer).attributes, VALUE))
    assert found == {"p4ssw0rd", "first-key", "token-1", "token-2", "token-3"}
    assert not set(secrets_in(derive_schema(Outer).attributes, None))


def test_longer_secrets_go_before_those_they_contain() -> None:
    secrets = Secrets()
    secrets.keep(["word", "word-two"])
    assert secrets.redact("a word, a word-two") == "a (sensitive value), a (sensitive value)"


def test_log_records_and_traces_are_redacted() -> None:
    stream, secrets, log = io.StringIO(), Secrets(), logging.getLogger("secrecy-test")
    handler = logging.StreamHandler(stream)
    log.addHandler(handler)
    log.addFilter(secrets)
    secrets.keep(["p4ssw0rd"])
    secrets.hold(["token-1"])
    try:
        raise ValueError("bad p4ssw0rd")
    except ValueError:
        log.warning("using %s and %s", "token-1", "p4ssw0rd", exc_info=True)
    told = stream.getvalue()
    assert "using (sensitive value) and (sensitive value)" in told
    assert "ValueError: bad (sensitive value)" in told
    assert "p4ssw0rd" not in told
    secrets.hold([])
    assert secrets.redact("token-1") == "token-1"
    log.removeHandler(handler)
