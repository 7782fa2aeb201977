"""The report for people, on a terminal: coloured where it is one and NO_COLOR is not set."""

import sys

from rich.console import Console
from rich.text import Text

from veil.cli.diff.report import Report
from veil.cli.output import one_line
from veil.cli.telling import WIDTH
from veil.diff import Line, Verdict, people, where

_COLOURS = {
    Verdict.GAINS: "bold red",
    Verdict.MAY_GAIN: "bold bright_red",
    Verdict.WEAKENS: "bold magenta",
    Verdict.LOSES: "bold cyan",
    Verdict.CHANGES: "bold yellow",
}
_INDENT = 9


def write_table(report: Report) -> None:
    """Print the report to standard output."""
    console = Console(width=None if sys.stdout.isatty() else WIDTH, highlight=False)
    for each in report.lines:
        _write_line(console, each, report)
    if report.lines:
        console.print()
    for gap in report.comparison.gaps:
        _write(console, "GAP", "bold blue", Text(f"{one_line(gap.subject)}  {one_line(gap.reason)}"))
    for bypass in report.comparison.bypasses:
        text = " ".join(map(one_line, bypass.ways))
        _write(
            console, "AROUND", "bold", Text(f"{one_line(bypass.data_source)}  {text}" if bypass.data_source else text)
        )
    for broken in report.broken:
        users = people(broken.users, "")
        text = f"{one_line(broken.rule)}: {one_line(users)}, {one_line(where(broken.places))}"
        _write(console, "RULE", "bold red", Text(text))
    for note in report.notes:
        _write(console, "NOTE", "bright_black", Text(one_line(note)))
    console.print(Text(report.summary, style="bold"))


def _write_line(console: Console, line: Line, report: Report) -> None:
    text = Text()
    text.append(one_line(people(line.users, line.who)), style="bold")
    text.append(f"  {one_line(where(line.places))}  ")
    text.append(f"{one_line(line.before)} -> {one_line(line.after)}")
    if line.also_loses:
        text.append(", and loses others", style="yellow")
    _write(console, line.verdict.label, _COLOURS[line.verdict], text)
    addresses = f"  [{', '.join(line.because.addresses)}]" if line.because.addresses else ""
    if line.cause:
        _under(console, f"{line.cause}{addresses}")
    if line.because.before or line.because.after:
        before, after = (", ".join(each) or "no policy" for each in (line.because.before, line.because.after))
        _under(console, f"decided by {before}" + (f", then by {after}" if before != after else ""))
    for rows in report.rows_of(line):
        _under(console, rows)
    if report.all_users and len(line.users) > 1:
        _under(console, f"users: {', '.join(line.users)}")


def _under(console: Console, text: str) -> None:
    _wrapped(console, Text(" " * _INDENT), Text(one_line(text), style="bright_black"))


def _write(console: Console, label: str, style: str, text: Text) -> None:
    _wrapped(console, Text(label.ljust(_INDENT), style=style), text)


def _wrapped(console: Console, begin: Text, text: Text) -> None:
    """A text behind its beginning, further lines as far in, and no blanks at the end of any."""
    for each in text.wrap(console, max(console.width - _INDENT, _LEAST)):
        each.rstrip()
        console.print(Text.assemble(begin, each), soft_wrap=True)
        begin = Text(" " * _INDENT)


_LEAST = 40
"""So wide is the text at least, on however narrow a terminal."""
