"""External functions: what stands for AWS Lambda is a folder of Python files.

Source: Amazon Redshift Database Developer Guide, "Scalar Lambda UDFs", for what a function gets and
answers.
"""

from __future__ import annotations

import asyncio
import json
import re
import runpy
import threading
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from veil.local.rewrite.errors import RefusalError

HANDLER = "lambda_handler"
_NAME = re.compile(r"(?:arn:[^:]+:lambda:[^:]*:[^:]*:function:)?([A-Za-z0-9_-]{1,64})(?::[A-Za-z0-9_$-]{1,128})?")
"""A function's name or ARN, with or without a version."""

Handler = Callable[[dict[str, Any], object], Any]


class Lambdas:
    """The functions of a folder. A file is run once, and again when it has changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._handlers: dict[Path, tuple[tuple[int, int], Handler]] = {}
        self._lock = threading.Lock()

    async def answer(self, asked: dict[str, Any]) -> str:
        """The answer to one row of arguments, as a JSON array of one value.

        Raises:
            RefusalError: there is no such function, or it fails.
        """
        return await asyncio.to_thread(self._call, asked)

    def _call(self, asked: dict[str, Any]) -> str:
        event = {
            "request_id": str(uuid.uuid4()),
            "cluster": "veil-local",
            "user": asked["user"],
            "database": asked["database"],
            "external_function": asked["external_function"],
            "query_id": 0,
            "num_records": 1,
            "arguments": [asked["arguments"]],
        }
        name = asked["function"]
        handler = self._handler(name)
        try:
            answer = handler(event, None)
            response = json.loads(answer) if isinstance(answer, str) else answer
            if response.get("success") is False:
                raise RefusalError(
                    "XX000", f"Lambda function {name} failed: {response.get('error_msg', 'no error_msg')}"
                )
            (result,) = response["results"]
            return json.dumps([result])
        except RefusalError:
            raise
        except Exception as error:
            raise RefusalError("XX000", f"Lambda function {name} failed: {type(error).__name__}") from error

    def _handler(self, name: str) -> Handler:
        named = _NAME.fullmatch(name)
        if named is None:
            raise RefusalError("22023", f'"{name}" is no name of a Lambda function')
        file = self._folder / f"{named[1]}.py"
        try:
            status = file.stat()
        except OSError:
            hint = f"Put {file.name} with a {HANDLER}(event, context) into the folder {self._folder.name} of the engine's folder."
            raise RefusalError("XX000", f"Lambda function {name} does not exist", hint) from None
        state = (status.st_mtime_ns, status.st_size)
        with self._lock:
            known = self._handlers.get(file)
            if known is None or known[0] != state:
                known = self._handlers[file] = (state, _load(file, name))
        return known[1]


def _load(file: Path, name: str) -> Handler:
    try:
        handler = runpy.run_path(str(file)).get(HANDLER)
    except Exception as error:
        raise RefusalError("XX000", f"Lambda function {name} failed: {type(error).__name__}") from error
    if not callable(handler):
        raise RefusalError("XX000", f"Lambda function {name} has no {HANDLER}")
    loaded: Handler = handler
    return loaded
