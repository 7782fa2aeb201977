"""Where the embedded engine is: the address file that `veil local up` wrote. The provider never
starts the engine.
"""

import json
import os
from pathlib import Path

from veil.plugin import PluginError
from veil.warehouse.settings import Settings

_FILE = "address.json"


def is_up() -> bool:
    """Whether `veil local up` left an address, which `veil local down` takes away."""
    return (_folder() / _FILE).is_file()


def _folder() -> Path:
    return Path(os.environ.get("VEIL_LOCAL_DIR") or Path.home() / ".veil" / "local")


def local_settings(
    database: str | None,
    statement_timeout: int,
    application_name: str,
    *,
    username: str | None = None,
    password: str | None = None,
) -> Settings:
    """How to reach the running embedded engine: as the user whose name and password are given, else
    as its administrator, so that a configuration written for a cluster, whose password is not here,
    works. Raises PluginError where there is no engine.

    The folder is VEIL_LOCAL_DIR, or `.veil/local` in the home directory.
    """
    folder = _folder()
    try:
        address = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        return Settings(
            host=address["host"],
            port=int(address["port"]),
            database=database or address["database"],
            username=username if username and password else address["username"],
            password=password if username and password else address["password"],
            ssl=False,
            statement_timeout=statement_timeout,
            application_name=application_name,
        )
    except FileNotFoundError as problem:
        raise PluginError(
            "The embedded engine is not running",
            f'The provider is set to engine = "local", and there is no engine in {folder}. Run: veil local up',
            path=("engine",),
        ) from problem
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise PluginError(
            "The embedded engine's address cannot be read",
            f"{folder / _FILE} is not what veil local up writes. Run: veil local down, then veil local up",
            path=("engine",),
        ) from problem
