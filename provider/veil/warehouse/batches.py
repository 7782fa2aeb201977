"""Rows as JSON texts, each small enough for one argument of a procedure."""

import json
from collections.abc import Iterable, Iterator, Mapping

LIMIT = 60_000
"""Bytes of one batch; a Redshift VARCHAR holds 65,535."""

PART = 40_000
"""Bytes of one part of a body as JSON, which leaves room for its kind, name and id in the same
batch.
"""

Item = Mapping[str, object]


def batches(items: Iterable[Item]) -> Iterator[str]:
    """JSON arrays that hold all items in their order, each array under `LIMIT` bytes.

    Raises ValueError for an item that is too long by itself.
    """
    texts: list[str] = []
    size = 2
    for item in items:
        text = _json(item)
        length = len(text.encode()) + 1
        if length > LIMIT - 2:
            raise ValueError(f"a row of {length} bytes is too long for the warehouse's metadata")
        if texts and size + length > LIMIT:
            yield f"[{','.join(texts)}]"
            texts, size = [], 2
        texts.append(text)
        size += length
    if texts:
        yield f"[{','.join(texts)}]"


def parts(body: str) -> list[str]:
    """A body cut into parts of at most `PART` bytes as JSON. An empty body is one empty part."""
    if size_of(body) <= PART:
        return [body]
    middle = len(body) // 2
    return parts(body[:middle]) + parts(body[middle:])


def size_of(value: object) -> int:
    """How many bytes of a batch a value takes."""
    return len(_json(value).encode())


_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
# Not ASCII only: whether JSON_PARSE joins surrogate pairs is not documented.
