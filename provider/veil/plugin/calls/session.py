"""What one process remembers between calls: the configured client, and whether the user wants to
stop.
"""

import json
import logging
import threading
from typing import Any

from ..api.context import Context
from ..api.provider import Provider
from ..secrecy import Secrets
from .registry import Registry
from .walk import Walk


class Session:
    """State shared by all calls of a process. A debugged process is configured several times; the
    last one counts.
    """

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self.registry = Registry(provider)
        self.client: Any = None
        self.walk: Walk | None = None
        """What is known of the walk that this process serves; None until it is configured."""
        self.terraform_version = ""
        self.stopping = threading.Event()
        self.secrets = Secrets()
        self.log = logging.getLogger(f"terraform.provider.{provider.name}")
        for old in [each for each in self.log.filters if isinstance(each, Secrets)]:
            self.log.removeFilter(old)
        self.log.addFilter(self.secrets)

    def context(self, private: bytes = b"") -> Context:
        """The surroundings of one call."""
        return Context(
            client=self.client,
            private=decode_private(private),
            stopping=self.stopping,
            log=self.log,
            terraform_version=self.terraform_version,
        )


def decode_private(private: bytes) -> dict[str, str]:
    """Private state as the text map that hooks see. What another implementation left there is
    ignored.
    """
    try:
        decoded = json.loads(private) if private else {}
    except (ValueError, RecursionError):
        return {}
    return {str(k): str(v) for k, v in decoded.items()} if isinstance(decoded, dict) else {}


def encode_private(private: Any) -> bytes:
    """The text map as private state; empty when it is."""
    return json.dumps(dict(private), sort_keys=True, separators=(",", ":")).encode() if private else b""
