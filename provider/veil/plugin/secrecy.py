"""Sensitive values, kept out of what people read: a driver's error message likes to repeat the
password.
"""

import logging
import threading
import traceback
from collections.abc import Iterable, Iterator, Mapping

from .lifecycle.pairing import children, is_present
from .schema.schema import Attribute
from .values.raw import Raw, Typed

# Anything shorter occurs in texts that have nothing to do with it.
_SHORTEST = 4
_INSTEAD = "(sensitive value)"


class Secrets:
    """The sensitive texts that a session knows: those of the provider block, and in each thread
    those of its call.
    """

    def __init__(self) -> None:
        self._lasting: frozenset[str] = frozenset()
        self._passing = threading.local()

    def keep(self, texts: Iterable[str]) -> None:
        """Know ``texts`` until others are kept."""
        self._lasting = frozenset(texts)

    def hold(self, texts: Iterable[str]) -> None:
        """Know ``texts`` in this thread until others are held."""
        self._passing.texts = frozenset(texts)

    def redact(self, text: str) -> str:
        """``text`` without any of them."""
        known = self._lasting | getattr(self._passing, "texts", frozenset())
        for secret in sorted(known, key=len, reverse=True):
            text = text.replace(secret, _INSTEAD)
        return text

    def filter(self, record: logging.LogRecord) -> bool:
        """Redact a log record, as a filter of ``logging``."""
        message = record.getMessage()
        if record.exc_info:
            message = "\n".join([message, *traceback.format_exception(*record.exc_info)])
        record.msg, record.args, record.exc_info = self.redact(message), None, None
        return True


def secrets_in(attributes: Mapping[str, Attribute], value: Raw) -> Iterator[str]:
    """The texts in an object that must not be repeated."""
    if not isinstance(value, dict):
        return
    for name, attribute in attributes.items():
        if attribute.sensitive or attribute.write_only:
            yield from _texts(value[name])
        elif attribute.nested is not None:
            for _, item in children(attribute.nested, value[name]) if is_present(value[name]) else ():
                yield from secrets_in(attribute.nested.attributes, item)


def _texts(value: Raw) -> Iterator[str]:
    if isinstance(value, str) and len(value) >= _SHORTEST:
        yield value
    elif isinstance(value, Typed):
        yield from _texts(value.value)
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)
