"""`veil diff PLAN`: who gains and who loses access by it."""

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from veil.cli.diff.documents import as_html, as_markdown
from veil.cli.diff.machines import as_json, as_sarif
from veil.cli.diff.plan_file import PlanFile, read_plan
from veil.cli.diff.planned import Deployment, Planned, planned_alone, planned_over
from veil.cli.diff.report import Counts, Report, exit_code
from veil.cli.diff.row_counts import count
from veil.cli.diff.rules_file import DEFAULT, read_rules
from veil.cli.diff.table import write_table
from veil.cli.errors import CliError
from veil.cli.output import one_line, say
from veil.cli.parsing import Parser
from veil.cli.warehouse import add_connection_arguments, open_governance
from veil.diff import (
    Because,
    Broken,
    Bypass,
    Comparison,
    Deny,
    Gap,
    Require,
    broken_after,
    broken_by_gains,
    compare,
)
from veil.governance import DeployedState, Governance, drift, notices
from veil.model import KINDS, Integration, Kind, World
from veil.resources.people import directory

FORMATS = ("table", "json", "markdown", "sarif", "html")


def main(argv: Sequence[str]) -> int:
    """Run the command. Returns the exit code. Raises VeilError."""
    options = build_parser().parse_args(list(argv))
    rules = _rules(options)
    if options.offline and options.rows:
        raise CliError(
            "No rows to count", "With --offline there is no warehouse that holds rows. Leave one of the two out."
        )
    plan = read_plan(options.plan)
    now = datetime.now(UTC)
    if options.offline:
        planned = planned_alone(plan, options.integration)
        planned.notes.append(
            "Offline: the world before is the state that the plan was made from. Columns that no configuration names, what "
            "users have acknowledged, and changes made outside Terraform are not in it."
        )
        comparison = _whole(planned, compared(planned, now), ())
        counts: Counts = {}
    else:
        planned, comparison, counts = _from_warehouse(plan, options, now)
    broken = (*broken_by_gains(rules[0], comparison, planned.after), *broken_after(rules[1], planned.after, now))
    report = Report(comparison, _joined(broken), tuple(planned.notes), options.users, counts)
    _write(report, options)
    code = exit_code(report, frozenset(options.fail_on))
    for name in dict.fromkeys(each.rule for each in broken):
        say(one_line(f"veil: The rule {name!r} is broken"), sys.stderr)
    return code


def compared(planned: Planned, now: datetime) -> Comparison:
    """What changes for whom by a plan, at `now`. Where before it is possible that all is closed,
    what opens then is a gain too.
    """
    options = {"now": now, "addresses": planned.addresses, "renames": planned.renames}
    comparison = compare(planned.before, planned.after, **options)  # type: ignore[arg-type]
    if planned.closed_before is None:
        return comparison
    opened = compare(planned.closed_before, planned.after, **options).gains  # type: ignore[arg-type]
    gains = (
        replace(each, because=Because((planned.closed_because,), each.because.before, each.because.after))
        for each in opened
        if each.aspect != "identity"
    )
    return replace(comparison, findings=(*gains, *comparison.findings))


def _joined(broken: Sequence[Broken]) -> tuple[Broken, ...]:
    """What breaks a rule for the same users, as one."""
    places: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for each in broken:
        places.setdefault((each.rule, each.users), []).extend(each.places)
    return tuple(
        Broken(rule, users, tuple(dict.fromkeys(broken_places))) for (rule, users), broken_places in places.items()
    )


def _write(report: Report, options: argparse.Namespace) -> None:
    if options.format == "table":
        write_table(report)
    elif options.format == "sarif":
        sys.stdout.write(as_sarif(report, Path.cwd()))
    else:
        written = {"json": as_json, "markdown": as_markdown, "html": as_html}[options.format]
        sys.stdout.write(written(report))


def _rules(options: argparse.Namespace) -> tuple[tuple[Deny, ...], tuple[Require, ...]]:
    path = Path(options.rules or DEFAULT)
    if options.rules is None and not path.exists():
        return (), ()
    return read_rules(path)


def _from_warehouse(plan: PlanFile, options: argparse.Namespace, now: datetime) -> tuple[Planned, Comparison, Counts]:
    governance = open_governance(options)
    try:
        if options.rows:
            governance.require_reading_rows()
        deployed = governance.deployed()
        planned = planned_over(plan, deployment_of(deployed, governance))
        if deployed is not None:
            planned.gaps += _broken_rows(deployed)
            planned.gaps += functions_not_known(deployed, planned.published)
        comparison = compared(planned, now)
        counts = count(planned, comparison.findings, governance.count_rows) if options.rows else {}
        bypasses = () if deployed is None else tuple(_bypasses(deployed, planned.after))
        return planned, _whole(planned, comparison, bypasses), counts
    finally:
        governance.close()


def _whole(planned: Planned, comparison: Comparison, bypasses: Sequence[Bypass]) -> Comparison:
    """A comparison with what whoever made the Worlds has to add: gaps, and the ways around views
    that are about what changes.
    """
    touched = {each.data_source for each in comparison.findings}
    around = tuple(each for each in bypasses if not each.data_source or each.data_source in touched)
    return replace(comparison, gaps=(*planned.gaps, *comparison.gaps), bypasses=around if touched else ())


def deployment_of(deployed: DeployedState | None, governance: Governance) -> Deployment:
    """What is deployed, None where nothing is, as far as a plan needs to know of it."""
    if deployed is None:
        return Deployment(World(Integration("", governance.database, "")), "", {}, governance.columns, lambda _: ())
    tables = deployed.snapshot.columns
    return Deployment(
        world=deployed.world,
        integration_id=deployed.integration.id if deployed.integration is not None else "",
        ids={place: each.key for place, each in deployed.by_id.items()},
        table_of=lambda schema, table: tables.get((schema, table)) or governance.columns(schema, table),
        profiles_of=lambda token: directory.owned(deployed, token),
        broken=deployed.broken,
        closed_rows=deployed.snapshot.closed,
    )


def _broken_rows(deployed: DeployedState) -> Iterator[Gap]:
    for kind, key in sorted(deployed.broken, key=str):
        broken = deployed.stored[kind, key]
        yield Gap(
            f"{KINDS[kind].noun} {broken.shown}",
            f"its metadata row was {broken.fate} outside veil, so what it does is not known",
        )


def functions_not_known(deployed: DeployedState, published: Iterable[str]) -> Iterator[Gap]:
    """The data sources among those that are `published` of which it is not known whether their
    views call the functions that their masks name.
    """
    for key in sorted(published):
        source = deployed.world.data_sources.get(key)
        if source is not None and (called := sorted(drift.unlike_published(deployed, source))):
            yield Gap(
                f"{KINDS[Kind.DATA_SOURCE].noun} {key}",
                f"its view is not as it would be made now, and the apply makes it anew: columns may come to be masked by "
                f"{', '.join(called)} that are NULL so far, or become NULL",
            )


def _bypasses(deployed: DeployedState, after: World) -> Iterator[Bypass]:
    """What lets people read tables around their views already: what they can read so, they read
    anyway.
    """
    superusers = sorted(deployed.snapshot.superusers)
    if superusers:
        yield Bypass("", (f"Superusers see everything: {', '.join(superusers)}.",))
    for key, source in sorted(deployed.world.data_sources.items()):
        if key in after.data_sources and (
            ways := sorted({way.warning for way in notices.ways_around(deployed, source)})
        ):
            yield Bypass(key, tuple(ways))


def build_parser() -> argparse.ArgumentParser:
    """The arguments that the command takes."""
    parser = Parser(
        prog="veil diff",
        description="Says who gains and who loses access by a Terraform plan: which users, on which views, rows and columns, and "
        "because of which change. It changes nothing, and reads no row of a governed table unless --rows has it count them.",
        epilog="exit codes: 0 nobody's access changes; 2 somebody loses, or sees another mask, weaker ones included; 3 somebody gains, whatever else; "
        "4 gaps and nothing else; 1 an error, or a rule that is broken.",
    )
    parser.add_argument(
        "plan", metavar="PLAN", help="a saved plan, or what terraform show -json makes of one; - is standard input"
    )
    parser.add_argument(
        "--offline", action="store_true", help="compare with the plan's own prior state, without a warehouse"
    )
    parser.add_argument("--integration", metavar="NAME", help="with --offline: which one, where the plan has several")
    parser.add_argument("--format", choices=FORMATS, default="table", help="how it is written; default: table")
    parser.add_argument("--users", action="store_true", help="name all users, not only what they have in common")
    parser.add_argument(
        "--rows",
        action="store_true",
        help="count the rows that a typical member of each class sees before and after; the system account alone may",
    )
    parser.add_argument(
        "--fail-on",
        action="append",
        default=[],
        choices=("gain", "weaker", "any", "gap"),
        help="end in 0 unless there is such a thing; may be repeated",
    )
    parser.add_argument("--rules", metavar="FILE", help=f"rules to hold; default: {DEFAULT}, where there is one")
    add_connection_arguments(parser)
    return parser
