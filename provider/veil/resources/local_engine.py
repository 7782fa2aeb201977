"""Where the embedded engine is: the address file that `veil local up` wrote. The provider never starts the engine."""

import json
import os
from pathlib import Path

from veil.plugin import PluginError
from veil.warehouse.settings import Settings


def local_settings(database: str | None, statement_timeout: int, application_name: str) -> Settings:
    """How to reach the running embedded engine. Raises PluginError where there is none.

    The folder is VEIL_LOCAL_DIR, or `.veil/local` in the home directory.
    """
    folder = Path(os.environ.get("VEIL_LOCAL_DIR") or Path.home() / ".veil" / "local")
    try:
        address = json.loads((folder / "address.json").read_text(encoding="utf-8"))
        return Settings(
            host=address["host"],
            port=int(address["port"]),
            database=database or address["database"],
            username=address["username"],
            password=address["password"],
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
            f"{folder / 'address.json'} is not what veil local up writes. Run: veil local down, then veil local up",
            path=("engine",),
        ) from problem
