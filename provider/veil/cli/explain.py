"""`veil explain`: what would this user see of this table, and why?"""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from veil.cli.errors import CliError
from veil.cli.warehouse import add_connection_arguments, open_governance
from veil.governance.errors import GovernanceError
from veil.governance.service import Governance
from veil.model import Column, DataSource, Family, World
from veil.model.names import dotted, split
from veil.oracle import Value, explain_rows, see
from veil.warehouse import WarehouseError


def main(argv: Sequence[str]) -> int:
    """Run the command. Raises CliError."""
    options = _parser().parse_args(list(argv))
    governance = open_governance(options)
    try:
        return _explain(options, governance)
    except (GovernanceError, WarehouseError) as problem:
        raise CliError(getattr(problem, "summary", "The warehouse refused"), problem.detail) from problem
    finally:
        governance.close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="veil explain",
        description="Says what a user would see of a governed table, and which policies decide. It asks the interpreter of "
        "the policy language, over what is published now; it reads no row of the table.",
    )
    parser.add_argument("--user", required=True, help="the Redshift user")
    parser.add_argument("--table", required=True, help="the table or its view, such as raw.customers")
    parser.add_argument("--project", help="as if acting in this project only")
    parser.add_argument(
        "--row",
        action="append",
        default=[],
        metavar="COLUMN=VALUE,…",
        help="try the policies on a row; may be repeated",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_connection_arguments(parser)
    return parser


def _explain(options: argparse.Namespace, governance: Governance) -> int:
    from veil.oracle import explain_json, explain_text

    world = governance.require().world
    source = _source(world, options.table)
    access = governance.access(options.user, source, options.project)
    if options.json:
        answer = explain_json(access.effective) | {"enforced": access.enforced, "bypass": list(access.bypass)}
        print(json.dumps(answer, indent=2, ensure_ascii=False))
        return 0
    sys.stdout.write(explain_text(access.effective))
    for line in (*access.problems, *access.bypass):
        print(f"Attention: {line}")
    if options.row:
        rows = [_row(text, source) for text in options.row]
        # A hash shown here is of another salt: the real one never leaves the warehouse.
        sight = see(world, options.user, source.key, rows, now=datetime.now(UTC), salts={source.key: "explain"})
        sys.stdout.write("\n" + explain_rows(sight))
    return 0


def _source(world: World, name: str) -> DataSource:
    try:
        wanted = dotted(*split(name))
    except ValueError as problem:
        raise CliError("Not a name", str(problem)) from problem
    for each in world.data_sources.values():
        if wanted in (each.key, each.view):
            return each
    known = ", ".join(sorted(world.data_sources)) or "none"
    raise CliError("No such data source", f"{name} is not governed here. Governed tables: {known}.")


def _row(text: str, source: DataSource) -> dict[str, Value]:
    row: dict[str, Value] = {column.name: None for column in source.columns}
    for part in text.split(","):
        name, equals, value = part.partition("=")
        column = source.column(name.strip())
        if not equals or column is None:
            raise CliError("Not a row", f"{part!r}: write COLUMN=VALUE with a column of {source.key}.")
        row[column.name] = _value(value, column)
    return row


def _value(text: str, column: Column) -> Value:
    family = column.type.family
    try:
        if family.is_integer:
            return int(text)
        if family is Family.NUMERIC:
            return Decimal(text)
        if family is Family.BOOLEAN:
            return {"true": True, "false": False}[text.lower()]
        if family is Family.DATE:
            return datetime.fromisoformat(text).date()
        if family.is_moment:
            return datetime.fromisoformat(text)
    except (ValueError, KeyError, InvalidOperation) as problem:
        raise CliError("Not a value", f"{text!r} is no {column.type} for the column {column.name}.") from problem
    return text
