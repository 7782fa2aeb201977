"""Opaque identifiers: who owns an object's row."""

import json
import secrets
from typing import Any

from veil.model import KINDS, Kind


def new_id() -> str:
    """A fresh token for any object but the integration."""
    return secrets.token_hex(12)


def new_integration_id(database: str) -> str:
    """A fresh token for an integration. It carries the database, so that every object that names it
    can be found from it alone.
    """
    return f"{database}/{new_id()}"


def database_of(integration_id: str) -> str:
    """The database in an integration's identifier. Raises ValueError where the text is no such
    identifier.
    """
    database, slash, token = integration_id.rpartition("/")
    if not (slash and database and token):
        raise ValueError(f"{integration_id!r} is not the id of a veil_integration")
    return database


def key_text(key: Any) -> str:
    """An object's key as the metadata's `name` column keeps it: names as they are, pairs as a JSON
    list.
    """
    return key if isinstance(key, str) else json.dumps(list(key), ensure_ascii=False)


def object_key(kind: Kind, text: str) -> Any:
    """The key that `key_text` turned into `text`. Raises ValueError where it cannot have."""
    attributes = KINDS[kind].key
    if len(attributes) == 1:
        return text
    parts = json.loads(text)
    if not isinstance(parts, list) or [type(each) for each in parts] != [str] * len(attributes):
        raise ValueError(f"{text!r} is no key of {' and '.join(attributes)}")
    return tuple(parts)


def readable(key: Any) -> str:
    """An object's key for people to read."""
    return key if isinstance(key, str) else "/".join(key)
