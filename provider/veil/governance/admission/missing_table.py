"""Why a table cannot be governed that is not there, or not for us to see."""

import json
from collections.abc import Iterable, Sequence

from veil.governance.errors import GovernanceError
from veil.governance.requests import SourceDraft
from veil.language.errors import did_you_mean
from veil.model import Integration
from veil.model.names import dotted, folded
from veil.warehouse import SchemaRow, identifier, literal


def missing_table(
    draft: SourceDraft, integration: Integration, schemas: Sequence[SchemaRow], tables: Iterable[str] = ()
) -> GovernanceError:
    """What to tell whoever declared a data source on a table that the catalog does not show.
    `schemas` are those of all databases, and `tables` the names of those that are in the schema.
    """
    database = integration.table_database
    there = [each for each in schemas if folded(each.database) == folded(database)]
    schema = next((each for each in there if each.name == draft.schema), None)
    if there and schema is None:
        return _missing_schema(draft, integration, schemas)
    if schema is not None and schema.external and integration.mode == "single_database":
        return GovernanceError(
            "An external table",
            f"The schema {draft.schema} of the database {database} is external: its tables are files that Redshift Spectrum "
            'reads. Set mode = "spectrum" in the integration.',
            ("schema",),
        )
    place = f"the database {database}" if integration.other_database else "this database"
    return GovernanceError(
        "No such table",
        f"There is no table or view {dotted(draft.schema, draft.table)} in {place}, or the provider's account may not read "
        f"it.{_suggested('table', draft.table, tables)} Create it first, grant SELECT on it, or correct schema and table.",
        ("table",),
    )


def _missing_schema(draft: SourceDraft, integration: Integration, schemas: Sequence[SchemaRow]) -> GovernanceError:
    database = integration.table_database
    elsewhere = [each for each in schemas if each.name == draft.schema and each.database != database]
    if integration.mode == "spectrum":
        return GovernanceError(
            "No such external schema",
            f"There is no schema {draft.schema} in the database {database}, or the provider's account may not use it. Views "
            "of external tables are made in the database that holds these, so make the schema there: "
            f"{_recreate(draft.schema, elsewhere)}",
            ("schema",),
        )
    here = [each.name for each in schemas if folded(each.database) == folded(database)]
    hint = f" The database {elsewhere[0].database} has one." if elsewhere else _suggested("schema", draft.schema, here)
    return GovernanceError(
        "No such schema",
        f"There is no schema {draft.schema} in the database {database}, or the provider's account may not use it.{hint} Create "
        "it first, grant USAGE on it, or correct schema.",
        ("schema",),
    )


def _suggested(attribute: str, name: str, known: Iterable[str]) -> str:
    """The nearest name that is there, as it is written in HCL; empty where none is near."""
    near = did_you_mean(name, known, quote=f'{attribute} = "{{}}"')
    return f" {near}" if near else ""


def _recreate(schema: str, elsewhere: Sequence[SchemaRow]) -> str:
    """The statement that makes an external schema as another database has it, as far as that is
    known.
    """
    known = next((each for each in elsewhere if each.external), SchemaRow("", schema))
    source, role = known.source or "<database of the data catalog>", _role(known) or "<role>"
    return (
        f"CREATE EXTERNAL SCHEMA {identifier(schema)} FROM DATA CATALOG DATABASE {literal(source)} "
        f"IAM_ROLE {literal(role)};"
    )


def _role(schema: SchemaRow) -> str:
    try:
        return str(json.loads(schema.options)["IAM_ROLE"])
    except (ValueError, KeyError, TypeError):
        return ""
