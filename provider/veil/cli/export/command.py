"""The command."""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from veil.cli.errors import CliError
from veil.cli.export.hcl import Expression, Value, block
from veil.cli.export.resources import Resource, resources_of
from veil.cli.output import one_line, say, say_json
from veil.cli.parsing import Parser
from veil.cli.warehouse import add_connection_arguments, open_governance
from veil.governance import DeployedState, closing
from veil.model import KINDS, Kind

_TERRAFORM = """terraform {
  required_version = ">= 1.8"
  required_providers {
    veil = { source = "veil-data/veil" }
  }
}

"""


def main(argv: Sequence[str]) -> int:
    """Run the command. Raises VeilError."""
    options = build_parser().parse_args(list(argv))
    folder = Path(options.out)
    if taken := sorted(path.name for path in folder.glob("*.tf")):
        raise CliError(
            "The folder holds a configuration", f"{folder} has {', '.join(taken)}. Name an empty folder with --out."
        )
    governance = open_governance(options)
    try:
        deployed = governance.require()
    finally:
        governance.close()
    resources = resources_of(deployed)
    _write(folder, files_of(resources, provider_block(options, governance.database)))
    if options.json:
        say_json(_summary(folder, resources, deployed))
    else:
        _tell(folder, resources, deployed)
    return 0


def files_of(resources: Sequence[Resource], provider: str) -> dict[str, str]:
    """The texts of all files by name."""
    files = {"main.tf": [_TERRAFORM + provider]}
    for each in resources:
        text = block(("resource", each.type, each.name), each.attributes)
        files.setdefault(each.file, []).append(text)
    files["imports.tf"] = [
        block(("import",), {"to": Expression(each.address), "id": each.imported_as}) for each in resources
    ]
    beside = {name: text for each in resources for name, text in each.files.items()}
    return {name: "\n".join(texts) for name, texts in files.items()} | beside


def provider_block(options: argparse.Namespace, database: str) -> str:
    """What was given on the command line; the rest comes from the environment, a password
    always.
    """
    given: dict[str, Value | None] = {
        "engine": None if options.engine == "redshift" else options.engine,
        "host": options.host,
        "port": options.port,
        "ssl": False if options.no_ssl else None,
        "database": database,
        "username": options.username,
    }
    attributes = {name: value for name, value in given.items() if value is not None}
    comment = (
        "" if options.engine == "local" else "# The password comes from the environment variable REDSHIFT_PASSWORD.\n"
    )
    return comment + block(("provider", "veil"), attributes)


def _write(folder: Path, files: Mapping[str, str]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as problem:
        raise CliError("The files cannot be written", f"{folder}: {problem.strerror or problem}.") from problem


def _tell(folder: Path, resources: Sequence[Resource], deployed: DeployedState) -> None:
    say(f"Wrote {len(resources)} resources to {folder}. `terraform plan` there shows that many imports and no change.")
    for line in _left_out(deployed):
        say(one_line(f"Left out: {line}"))
    for line in _closed(deployed):
        say(one_line(f"Closed: {line}"))


def _summary(folder: Path, resources: Sequence[Resource], deployed: DeployedState) -> dict[str, Any]:
    return {
        "folder": str(folder),
        "resources": [{"address": each.address, "import_id": each.imported_as} for each in resources],
        "left_out": list(_left_out(deployed)),
        "closed": list(_closed(deployed)),
    }


def _left_out(deployed: DeployedState) -> Iterator[str]:
    for kind, key in sorted(deployed.broken, key=str):
        broken = deployed.stored[kind, key]
        yield f"the {KINDS[kind].noun} {broken.shown}, whose metadata row was {broken.fate} outside veil."


def _closed(deployed: DeployedState) -> Iterator[str]:
    """What is closed, and why: by failed policies, which are not written as they were to be, or for
    the integration.
    """
    for source in sorted(deployed.world.data_sources.values(), key=lambda each: each.key):
        for each in closing.closings_of(deployed.world, source):
            missing = "" if each.kind == Kind.INTEGRATION else " That policy is not written here as it was to be."
            yield f"{source.key}: {closing.why_closed(each)}{missing}"


def build_parser() -> argparse.ArgumentParser:
    """The arguments that the command takes."""
    parser = Parser(
        prog="veil export",
        description="Writes the configuration of what a warehouse already holds, with the import blocks that bring it "
        "under Terraform. It changes nothing in the warehouse and writes no secret.",
    )
    parser.add_argument(
        "--out", required=True, metavar="FOLDER", help="where the files go; it may not hold any .tf file"
    )
    parser.add_argument("--json", action="store_true", help="print what was written as JSON")
    add_connection_arguments(parser)
    return parser
