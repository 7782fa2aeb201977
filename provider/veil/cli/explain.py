"""`veil explain`: what would this user see of this table, and why?"""

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime

from veil.cli.errors import CliError
from veil.cli.output import one_line, say, say_json
from veil.cli.parsing import Parser, did_you_mean
from veil.cli.trial_rows import trial_row
from veil.cli.warehouse import add_connection_arguments, open_governance
from veil.governance import Governance, answers
from veil.model import DataSource, World
from veil.model.names import canonical
from veil.oracle import Sight, explain_json, explain_rows, explain_rows_json, explain_text, see


def main(argv: Sequence[str]) -> int:
    """Run the command. Raises VeilError."""
    options = build_parser().parse_args(list(argv))
    governance = open_governance(options)
    try:
        return _explain(options, governance)
    finally:
        governance.close()


def build_parser() -> argparse.ArgumentParser:
    """The arguments that the command takes."""
    parser = Parser(
        prog="veil explain",
        description="Says what a user would see of a governed table, and which policies decide. It asks the interpreter of "
        "the policy language, over what is published now. It reads no row of the table; with --row it reads those of the "
        "tables that policies look up in.",
    )
    parser.add_argument("--user", required=True, help="the Redshift user")
    parser.add_argument("--table", required=True, help="the table or its view, such as src.customers")
    parser.add_argument("--project", help="as if acting in this project only")
    parser.add_argument(
        "--row",
        action="append",
        default=[],
        metavar="COLUMN=VALUE,…",
        help="try the policies on a row, also as a JSON object; columns that are left out are NULL; may be repeated",
    )
    parser.add_argument("--include-staged", action="store_true", help="as if every staged policy were active")
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_connection_arguments(parser)
    return parser


def _explain(options: argparse.Namespace, governance: Governance) -> int:
    world = governance.require().world
    source = _source(world, options.table)
    _require_project(world, options.project)
    rows = [trial_row(text, source) for text in options.row]
    access = governance.access(options.user, source, options.project, include_staged=options.include_staged)
    world = world.with_staged() if options.include_staged else world
    looked_up = answers.LookedUp({}, ())
    if rows:
        looked_up = governance.lookups(world, source)
    # A hash shown here is of another salt: the real ones never leave the warehouse.
    salts = dict.fromkeys([source.key, *(project.salt_key for project in world.projects.values())], "explain")
    sight = see(
        world,
        options.user,
        source.key,
        rows,
        now=datetime.now(UTC),
        salts=salts,
        lookups=looked_up.rows,
        project=options.project,
    )
    (_print_json if options.json else _print_text)(access, looked_up, sight if rows else None)
    return 0


def _print_json(access: answers.Access, looked_up: answers.LookedUp, sight: Sight | None) -> None:
    answer = explain_json(access.effective) | {
        "enforced": access.enforced,
        "problems": [*access.problems, *looked_up.problems],
        "bypass": list(access.bypass),
    }
    if sight is not None:
        answer["tried"] = explain_rows_json(sight)
    say_json(answer)


def _print_text(access: answers.Access, looked_up: answers.LookedUp, sight: Sight | None) -> None:
    say(explain_text(access.effective).removesuffix("\n"))
    for line in (*access.problems, *access.bypass, *looked_up.problems):
        say(one_line(f"Attention: {line}"))
    if sight is not None:
        say("\n" + explain_rows(sight).removesuffix("\n"))


def _require_project(world: World, name: str | None) -> None:
    if name is None or name in world.projects:
        return
    known = sorted(world.projects)
    listed = f"There are: {', '.join(known)}{did_you_mean(name, known)}" if known else "There is none here"
    raise CliError("No such project", f"{name!r} is no project here. {listed}{'' if listed.endswith('?') else '.'}")


def _source(world: World, name: str) -> DataSource:
    try:
        wanted = canonical(name)
    except ValueError as problem:
        raise CliError("Not a name", str(problem)) from problem
    for each in world.data_sources.values():
        if wanted in map(canonical, (each.key, each.view)):
            return each
    known = ", ".join(sorted(world.data_sources)) or "none"
    raise CliError("No such data source", f"{name} is not governed here. Governed tables: {known}.")
