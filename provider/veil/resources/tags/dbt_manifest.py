"""The tags of a dbt project's manifest.json.

Facts: docs.getdbt.com, "Manifest JSON file" (versions and top-level keys), "meta" and "tags" (where
a resource carries them: on itself, and in its `config`).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from veil.model.names import folded
from veil.resources.tags.reading import json_object, json_text
from veil.resources.tags.tables import TaggedColumn, TaggedTable, checked_tag, merged_columns

VERSIONS = frozenset({7, 8, 9, 10, 11, 12, 20})
"""Versions of the manifest's schema that are read: dbt 1.3 to 1.11, and the Fusion engine, whose 20
is as 12.
"""

_VERSION = re.compile(r"/manifest/v(\d+)\.json\Z")
_KINDS = frozenset({"model", "seed", "snapshot", "source"})

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Selection:
    """Which tables are read, None for all, and which meta keys stand for tags."""

    database: str | None = None
    schemas: frozenset[str] | None = None
    meta_tags: Mapping[str, str] = field(default_factory=dict)

    def holds(self, table: TaggedTable) -> bool:
        """Whether the table is to be read."""
        return (self.database is None or table.database == folded(self.database)) and (
            self.schemas is None or table.schema in set(map(folded, self.schemas))
        )


def read_manifest(manifest: Any, selection: Selection) -> list[TaggedTable]:
    """The tables of a manifest that are selected. Names are folded to lower case, as Redshift folds
    them.

    Raises ValueError, which names the place in the manifest, for another version, for what is not
    in the documented form, and for a meta key that nothing in the manifest has.
    """
    _require_version(manifest)
    reader = _Reader(selection.meta_tags)
    tables = [reader.table(name, node) for name, node in _relations(manifest)]
    if unused := selection.meta_tags.keys() - reader.used:
        raise ValueError(
            f"no table and no column has meta {' or '.join(map(repr, sorted(unused)))}, so no tag would come of it. "
            "Correct meta_tags"
        )
    return [table for table in tables if selection.holds(table)]


def _require_version(manifest: Any) -> None:
    metadata = manifest.get("metadata") if isinstance(manifest, dict) else None
    schema = metadata.get("dbt_schema_version") if isinstance(metadata, dict) else None
    if not isinstance(schema, str):
        raise ValueError("it is not a dbt manifest: it has no metadata.dbt_schema_version")
    version = _VERSION.search(schema)
    if version is None or int(version[1]) not in VERSIONS:
        raise ValueError(
            f"its version {schema} is not known. Versions 7 to 12 (dbt 1.3 to 1.11) and 20 (the Fusion engine) are read"
        )


def _relations(manifest: Json) -> Iterator[tuple[str, Json]]:
    """The nodes that are tables or views in the warehouse, by their unique id."""
    for section in ("nodes", "sources"):
        for name, node in sorted(json_object(manifest.get(section), section).items()):
            relation = json_object(node, name)
            config = json_object(relation.get("config"), f"{name}.config")
            if relation.get("resource_type") in _KINDS and config.get("materialized") != "ephemeral":
                yield name, relation


class _Reader:
    """Reads nodes, and remembers which meta keys were found on any of them."""

    def __init__(self, meta_tags: Mapping[str, str]) -> None:
        self._meta_tags = meta_tags
        self.used: set[str] = set()

    def table(self, name: str, node: Json) -> TaggedTable:
        """What a node says of its table."""
        relation = node.get("identifier") or node.get("alias") or node.get("name")
        columns = json_object(node.get("columns"), f"{name}.columns")
        return TaggedTable(
            database=folded(json_text(node.get("database") or "", f"{name}.database")),
            schema=folded(json_text(node.get("schema"), f"{name}.schema")),
            table=folded(json_text(relation, f"{name}.name")),
            tags=self._tags(node, name),
            description=json_text(node.get("description") or "", f"{name}.description"),
            columns=merged_columns(self._column(f"{name}.columns.{key}", key, each) for key, each in columns.items()),
        )

    def _column(self, where: str, key: str, column: Any) -> tuple[str, TaggedColumn]:
        entry = json_object(column, where)
        description = json_text(entry.get("description") or "", f"{where}.description")
        name = json_text(entry.get("name") or key, f"{where}.name")
        return name, TaggedColumn(self._tags(entry, where), description)

    def _tags(self, thing: Json, where: str) -> frozenset[str]:
        """The tags of a node or column: its own, those of its config, and those that its meta
        stands for.
        """
        config = json_object(thing.get("config"), f"{where}.config")
        tags: set[str] = set()
        for holder, place in ((thing, where), (config, f"{where}.config")):
            tags |= set(_listed(holder.get("tags"), f"{place}.tags"))
            meta = json_object(holder.get("meta"), f"{place}.meta")
            for key in self._meta_tags.keys() & meta.keys():
                self.used.add(key)
                tags |= set(_meant(self._meta_tags[key], meta[key], f"{place}.meta.{key}"))
        return frozenset(tags)


def _listed(tags: Any, where: str) -> Iterator[str]:
    """The tags of a list; dbt lets a single one stand alone."""
    if tags is not None and not isinstance(tags, list | str):
        raise ValueError(f"{where}: it is not a list of strings")
    for tag in [tags] if isinstance(tags, str) else tags or ():
        yield checked_tag(json_text(tag, where), where)


def _meant(prefix: str, value: Any, where: str) -> Iterator[str]:
    """The tags that a meta value stands for: true the prefix itself, a text what follows the
    prefix.
    """
    if value is None or value is False:
        return
    if value is True:
        yield checked_tag(prefix, where)
        return
    for each in value if isinstance(value, list) else [value]:
        if not isinstance(each, str):
            raise ValueError(f"{where}: only true, false, a string or a list of strings can stand for tags")
        yield checked_tag(f"{prefix}.{each}" if prefix else each, where)
