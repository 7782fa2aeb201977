"""Log records as go-plugin reads them: JSON lines on stderr, which Terraform prints when TF_LOG
asks for it.

Terraform 1.11 itself crashes on a line whose ``@message`` is not a string, and drops the level of
one whose timestamp has no six fractional digits. Hence everything here is a string, and the format
is fixed.
"""

import io
import json
import logging
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import IO

TRACE = 5
OFF = logging.CRITICAL + 1
_LEVELS = {
    "TRACE": TRACE,
    "DEBUG": logging.DEBUG,
    "INFO": logging.INFO,
    "WARN": logging.WARNING,
    "ERROR": logging.ERROR,
    "OFF": OFF,
    "JSON": TRACE,
}
_LONGEST_LINE = 60_000


class JsonFormatter(logging.Formatter):
    """One record, one line. Attributes given as ``extra={"fields": {...}}`` become keys of their
    own.
    """

    def format(self, record: logging.LogRecord) -> str:
        message = record.getMessage()
        if record.exc_info:
            message = f"{message}\n{self.formatException(record.exc_info)}"
        line = {
            "@level": level_name(record.levelno),
            "@message": message[:_LONGEST_LINE],
            "@module": record.name,
            "@timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="microseconds"),
        }
        fields = getattr(record, "fields", None)
        if isinstance(fields, Mapping):
            line.update({str(name): str(value) for name, value in fields.items() if not str(name).startswith("@")})
        return json.dumps(line)


class PrintedLines(io.TextIOBase):
    """A stand-in for stdout: what provider code prints becomes log records, and cannot be mistaken
    for one.
    """

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self._pending = ""

    def writable(self) -> bool:
        """Whether it can be written to: yes."""
        return True

    def write(self, text: str) -> int:
        """Log every line that ``text`` completes."""
        *lines, self._pending = (self._pending + text).split("\n")
        for line in lines:
            self._log.debug("printed: %s", line)
        return len(text)


def level_name(level: int) -> str:
    """Terraform's name of a Python log level."""
    for bound, name in ((logging.ERROR, "error"), (logging.WARNING, "warn"), (logging.INFO, "info")):
        if level >= bound:
            return name
    return "debug" if level >= logging.DEBUG else "trace"


def wanted_level(environment: Mapping[str, str], provider: str = "") -> int:
    """The level that the user asked for; OFF when TF_LOG and its relatives are not set."""
    for name in (f"TF_LOG_PROVIDER_{provider.upper()}", "TF_LOG_PROVIDER", "TF_LOG"):
        value = environment.get(name, "").strip().upper()
        if value:
            # Terraform takes what it does not know for TRACE.
            return _LEVELS.get(value, TRACE)
    return OFF


def set_up_logging(environment: Mapping[str, str], provider: str = "", stream: IO[str] | None = None) -> logging.Logger:
    """Send all records of this process to stderr in Terraform's form, at the level that the user
    asked for.

    Returns the logger of the provider, whose name may not be known yet.
    """
    logging.addLevelName(TRACE, "TRACE")
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    level = wanted_level(environment, provider)
    root.setLevel(max(level, logging.WARNING))
    logging.getLogger("terraform").setLevel(level)
    logging.captureWarnings(True)
    return logging.getLogger(f"terraform.provider.{provider}".rstrip("."))
