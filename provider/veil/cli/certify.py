"""`veil certify`: does veil do on this warehouse what it does elsewhere?"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from veil.certify import EXAMINATIONS, Options, Report, StatementLog, as_json, as_markdown, clean, run
from veil.certify.run import uninstall
from veil.certify.worlds import how_many
from veil.cli.errors import CliError
from veil.cli.output import one_line, say
from veil.cli.parsing import Parser
from veil.cli.telling import Teller
from veil.cli.warehouse import add_connection_arguments, settings_from
from veil.local import Engine, EngineError
from veil.model.names import parts_of
from veil.warehouse import Settings, connect

DIFFERED = 2
"""The exit code where something differed or could not be tried."""


def main(argv: Sequence[str]) -> int:
    """Run the command: 0 where everything is as it should be, 2 where something differed. Raises
    VeilError.
    """
    options = build_parser().parse_args(list(argv))
    wanted = Options(options.quick, options.worlds, options.rows, frozenset(options.only), options.external_table)
    if options.dry_run:
        return _dry_run(wanted)
    settings = settings_from(options)
    if options.clean:
        return _clean(settings)
    say(_estimate(wanted))
    sys.stdout.flush()
    report = run(settings, wanted, StatementLog(), Teller(3 + len(wanted.examinations)).step)
    _write(report, options.report)
    _show(report, options.report)
    return 0 if report.certified else DIFFERED


def build_parser() -> argparse.ArgumentParser:
    """The arguments that the command takes."""
    parser = Parser(
        prog="veil certify",
        description="Proves on a warehouse that veil does there what it does elsewhere: it makes schemas and users of its own, "
        "governs tables of its own, looks at them as these users, and compares what they see with the interpreter of the "
        "policy language. It reads nobody's tables, but for one external table where there is one, and removes all that it made. The account makes schemas, a database, users "
        "and a group, and the database holds no integration. The exit code is 0 where nothing differed, 2 where something did.",
    )
    parser.add_argument("--quick", action="store_true", help="samples only, in a few minutes")
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        choices=[each.name for each in EXAMINATIONS],
        metavar="NAME",
        help=f"examine only this: {', '.join(each.name for each in EXAMINATIONS)}; may be repeated",
    )
    parser.add_argument(
        "--worlds", type=_worlds, default=20, metavar="N", help=f"so many random worlds, at most {how_many()} (20)"
    )
    parser.add_argument(
        "--rows", type=int, default=1_000_000, metavar="N", help="rows of the table for costs (1000000)"
    )
    parser.add_argument(
        "--external-table",
        type=_external_table,
        metavar="SCHEMA.TABLE",
        help="the table of Redshift Spectrum to look at; without it, a small one that is there",
    )
    parser.add_argument("--report", type=Path, default=Path("veil-certify"), metavar="PATH",
                        help="where the report goes, without .md and .json (veil-certify)")  # fmt: skip
    parser.add_argument("--clean", action="store_true", help="only remove what earlier runs left, and end")
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="print every statement, as sent to an embedded engine; connects to nothing else",
    )
    add_connection_arguments(parser)
    return parser


def _worlds(number: str) -> int:
    if not number.isdecimal() or int(number) > how_many():
        raise argparse.ArgumentTypeError(f"{number} is not a number from 0 to {how_many()}: so many are recorded")
    return int(number)


def _external_table(name: str) -> tuple[str, str]:
    try:
        schema, table = parts_of(name)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{name!r} is no name of a table such as lake.customers") from None
    return schema, table


def _estimate(options: Options) -> str:
    return (
        f"A guess, as nobody has run it on a cluster yet: about {options.minutes} minutes where that is not busy. A provisioned cluster costs nothing beyond "
        f"what it costs anyway; a serverless workgroup is billed for the time: about {options.minutes / 60:.1f} hours times its "
        f"RPUs, which is {options.minutes / 60 * 8:.1f} RPU-hours at 8 and {options.minutes / 60 * 128:.0f} at 128."
    )


def _dry_run(options: Options) -> int:
    log = StatementLog()
    quiet = Teller(3 + len(options.examinations), Console(quiet=True))
    with tempfile.TemporaryDirectory(prefix="veil-certify-") as folder:
        engine = Engine(Path(folder) / "local")
        try:
            address = engine.up(progress=lambda line: None)
        except EngineError as problem:
            raise CliError("A dry run needs the embedded engine", str(problem)) from problem
        try:
            settings = Settings(
                address.host, address.database, address.username, address.password, port=address.port, ssl=False
            )
            example = _give_external_table(engine, settings)
            report = run(settings, replace(options, external_table=example), log, quiet.step)
        finally:
            engine.reset()
    for each in log.sent:
        say(f"{each.sql.strip().rstrip(';')};\n")
    return 0 if report.certified else DIFFERED


def _give_external_table(engine: Engine, settings: Settings) -> tuple[str, str]:
    """Makes one, so that the statements about one are printed, too; its name."""
    place = engine.storage / "example"
    place.mkdir(parents=True)
    (place / "people.csv").write_text("1,US,ann@example.org\n2,CA,ben@example.org\n", encoding="utf-8")
    with connect(settings) as session:
        session.execute(
            "CREATE EXTERNAL SCHEMA example FROM DATA CATALOG DATABASE 'example' "
            "IAM_ROLE 'arn:aws:iam::123456789012:role/example' CREATE EXTERNAL DATABASE IF NOT EXISTS"
        )
        session.execute(
            "CREATE EXTERNAL TABLE example.people (id INTEGER, territory VARCHAR(2), email VARCHAR(40)) "
            "ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' STORED AS TEXTFILE LOCATION 's3://example/'"
        )
    return "example", "people"


def _clean(settings: Settings) -> int:
    log = StatementLog()
    with connect(settings) as session:
        cleaned = clean(session, force=True, uninstall=lambda prefix: uninstall(session.settings, log, prefix))
    say(one_line(f"Removed: {', '.join(cleaned.removed) or 'nothing, for nothing was left'}."))
    for each in cleaned.left:
        say(one_line(f"Left: {each}"))
    return DIFFERED if cleaned.left else 0


def _write(report: Report, path: Path) -> None:
    try:
        path.with_suffix(".md").write_text(as_markdown(report), encoding="utf-8")
        path.with_suffix(".json").write_text(as_json(report), encoding="utf-8")
    except OSError as problem:
        raise CliError("The report could not be written", f"{path}: {problem.strerror}.") from problem


def _show(report: Report, path: Path) -> None:
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 110)
    table = Table(box=None)
    table.add_column("examined")
    for column in ("passed", "differed", "not tried", "seconds"):
        table.add_column(column, justify="right")
    for each in report.examined:
        table.add_row(
            each.examination.title,
            str(each.count("passed")),
            str(each.count("differed")),
            str(each.count("not tried")),
            f"{each.seconds:.0f}",
        )
    console.print(table)
    for examination, outcome in report.differences:
        console.print(
            one_line(f"differed, {examination.name}: {outcome.subject}. {outcome.detail[:300]}"), markup=False
        )
    for left in report.leftovers.left:
        console.print(one_line(f"could not be removed: {left}"), markup=False)
    console.print(
        f"{'Certified' if report.certified else 'Not certified'}: {one_line(report.server)}\n"
        f"{report.statements} statements of {report.shapes} shapes; the report is in {path.with_suffix('.md')} and "
        f"{path.with_suffix('.json')}.",
        markup=False,
    )
