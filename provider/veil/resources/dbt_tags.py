"""`data.veil_dbt_tags`: the tags that a dbt project gives its tables and columns."""

import json
from pathlib import Path
from typing import Any

from veil.plugin import Context, DataSource, Model, PluginError, attribute, computed
from veil.resources.hcl.names import Text
from veil.resources.tags.dbt_manifest import Selection, read_manifest
from veil.resources.tags.tables import TaggedTableModel, merged, models


class DbtTagsModel(Model):
    """Tags, descriptions and meta of the models, sources, seeds and snapshots in a dbt manifest, in
    the form that `veil_data_source` takes. Names are folded to lower case, as Redshift folds them.

    Versions 7 to 12 of the manifest are read (dbt 1.3 to 1.11), and 20, that of the Fusion engine.
    """

    manifest: Text = attribute(
        "Path of the `manifest.json` that dbt wrote to `target/`; begin it with `${path.module}/`."
    )
    database: Text | None = attribute("Read tables of this database only.")
    schemas: frozenset[Text] | None = attribute("Read tables of these schemas only.")
    meta_tags: dict[Text, Text] = attribute(
        'Which keys of `meta` stand for tags: `{ contains_pii = "pii", class = "data" }` makes `contains_pii: true` the tag '
        "`pii` and `class: secret` the tag `data.secret`. With an empty string the value itself is the tag. A key that the "
        "manifest nowhere has is an error.",
        default={},
    )
    tables: dict[str, TaggedTableModel] = computed(
        'By `schema.table`: `columns = data.veil_dbt_tags.project.tables["src.customers"].columns`.'
    )


class DbtTags(DataSource[DbtTagsModel]):
    type_name = "veil_dbt_tags"
    model = DbtTagsModel

    def read(self, config: DbtTagsModel, ctx: Context) -> DbtTagsModel:
        selection = Selection(config.database, config.schemas, config.meta_tags)
        manifest = _load(config.manifest)
        try:
            tables = merged(read_manifest(manifest, selection))
        except ValueError as problem:
            raise _unusable(config.manifest, str(problem)) from problem
        return config.model_copy(update={"tables": models(tables)})


def _load(path: str) -> Any:
    try:
        return json.loads(Path(path).read_bytes())
    except FileNotFoundError as problem:
        raise PluginError(
            "No such manifest",
            f"There is no file {path} in {Path.cwd()}. Run dbt parse (or dbt build), and begin the path with "
            "${path.module}/.",
            path=("manifest",),
        ) from problem
    except OSError as problem:
        raise PluginError(
            "The manifest cannot be read", f"{path}: {problem.strerror or problem}.", path=("manifest",)
        ) from problem
    except json.JSONDecodeError as problem:
        raise _unusable(path, f"line {problem.lineno}, column {problem.colno}: {problem.msg}") from problem
    except UnicodeDecodeError as problem:
        raise _unusable(path, "it is not UTF-8") from problem


def _unusable(path: str, problem: str) -> PluginError:
    return PluginError("The manifest cannot be used", f"{path}: {problem}.", path=("manifest",))
