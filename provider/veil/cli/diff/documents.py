"""The report to read elsewhere: Markdown for a comment on a pull request, HTML for an archive."""

import html
import re
from collections.abc import Iterable, Iterator

from veil.cli.diff.report import Report
from veil.cli.output import one_line
from veil.diff import MOST_PLACES, Line, Verdict, people, where

MARK = "<!-- veil diff -->"
"""The first line of the Markdown: by it a pipeline finds its comment again, and keeps one up to
date.
"""
MOST_CHARACTERS = 60_000
"""What fits into a comment: GitHub takes 65,536 characters."""
_TITLES = {
    Verdict.GAINS: "Gains",
    Verdict.MAY_GAIN: "May gain: no row was found that shows it",
    Verdict.WEAKENS: "Weaker masks: more can be read",
    Verdict.LOSES: "Loses",
    Verdict.CHANGES: "Sees something else",
}


def as_markdown(report: Report) -> str:
    """The report as GitHub's Markdown. Where it does not fit into a comment, its end says how much
    is left out.
    """
    head = [MARK, "### Who gains, who loses", "", f"**{_text(report.summary)}**", ""]
    blocks = [*_broken(report), *_verdicts(report), *_gaps(report), *_bypasses(report), *_notes(report)]
    written = "\n".join(head)
    left = 0
    for each in blocks:
        if left or len(written) + len(each) > MOST_CHARACTERS:
            left += 1
        else:
            written += f"\n{each}"
    if left:
        written += f"\n\n_{left} more lines do not fit here. `veil diff` prints them all._"
    return written.rstrip() + "\n"


def _broken(report: Report) -> Iterator[str]:
    if report.broken:
        yield "\n#### Rules that are broken\n"
    for each in report.broken:
        yield f"- **{_text(each.rule)}**: {_text(people(each.users, ''))}, {_code(where(each.places))}"


def _verdicts(report: Report) -> Iterator[str]:
    for verdict in Verdict:
        lines = [each for each in report.lines if each.verdict is verdict]
        if lines:
            yield f"\n#### {_TITLES[verdict]}\n\n| Who | Where | What |\n| --- | --- | --- |"
        for each in lines:
            yield f"| {_who(each, report)} | {'<br>'.join(map(_cell_code, _places(each)))} | {_what(each, report)} |"


def _who(line: Line, report: Report) -> str:
    named = _text(people(line.users, line.who))
    if report.all_users and len(line.users) > 1:
        named += f"<br><sub>{_text(', '.join(line.users))}</sub>"
    return named


def _places(line: Line) -> Iterable[str]:
    return line.places if len(line.places) <= MOST_PLACES else [where(line.places)]


def _what(line: Line, report: Report) -> str:
    what = f"{_text(line.before)} → **{_text(line.after)}**" + (", and loses others" if line.also_loses else "")
    what += "".join(f"<br>{_text(each)}" for each in report.rows_of(line))
    if line.cause:
        what += f"<br><sub>{_text(line.cause)}"
        what += f" ({', '.join(map(_cell_code, line.because.addresses))})" if line.because.addresses else ""
        what += "</sub>"
    return what


def _gaps(report: Report) -> Iterator[str]:
    if report.comparison.gaps:
        yield "\n#### Not known before the apply\n"
    for each in report.comparison.gaps:
        yield f"- {_code(each.subject)}: {_text(each.reason)}"


def _bypasses(report: Report) -> Iterator[str]:
    if report.comparison.bypasses:
        yield "\n#### Ways around the views, before and after\n"
    for each in report.comparison.bypasses:
        yield f"- {_code(each.data_source) + ': ' if each.data_source else ''}{_text(' '.join(each.ways))}"


def _notes(report: Report) -> Iterator[str]:
    if report.notes:
        yield ""
    for each in report.notes:
        yield f"> {_text(each)}"


_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|~-])")


def _text(text: str, *, mentioning: bool = False) -> str:
    """A text of a plan inside Markdown: no markup, no HTML, and nobody is mentioned by it (in code
    nobody is anyway).
    """
    plain = _SPECIAL.sub(r"\\\1", one_line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
    return plain if mentioning else plain.replace("@", "@\u200b")


def _code(text: str) -> str:
    """A name as code: what stands there is taken literally."""
    plain = one_line(text).replace("`", "'").replace("|", "\\|")
    return f"`{plain}`" if plain.strip() else ""


_PART = re.compile(r"""[^._\[\]"/-]{1,24}[._\[\]"/-]*|[._\[\]"/-]+""")


def _cell_code(text: str) -> str:
    """A name as code in a cell of a table. GitHub widens a cell to its longest word, so that a
    comment with a long name has to be scrolled sideways: here a line may end after each part of a
    name.
    """
    parts = _PART.findall(one_line(text))
    return f"<code>{'<wbr>'.join(_text(each, mentioning=True) for each in parts)}</code>" if text.strip() else ""


_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1c2330}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}
th,td{text-align:left;vertical-align:top;padding:.5rem .75rem;border-bottom:1px solid #dfe3ea}
th{font-weight:600;color:#5a6578}code{font:13px ui-monospace,monospace;background:#f2f4f8;padding:.1em .3em;border-radius:4px}
h1{font-size:1.5rem}h2{font-size:1.1rem}.gains h2{color:#b42318}.may_gain h2{color:#b54708}.weakens h2{color:#c4320a}.loses h2{color:#175cd3}.changes h2{color:#93650a}
.why{color:#5a6578;font-size:13px}
@media(prefers-color-scheme:dark){body{background:#12161e;color:#e6e9ef}td,th{border-color:#2b3342}code{background:#1e2530}}
"""


def as_html(report: Report) -> str:
    """The report as one HTML page that needs nothing from elsewhere."""
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        f"<title>Who gains, who loses</title><style>{_STYLE}</style></head><body>",
        f"<h1>Who gains, who loses</h1><p><strong>{_html(report.summary)}</strong></p>",
    ]
    rules = [f"{each.rule}: {people(each.users, '')}, {where(each.places)}" for each in report.broken]
    parts += _list_of("Rules that are broken", rules)
    for verdict in Verdict:
        lines = [each for each in report.lines if each.verdict is verdict]
        if lines:
            rows = "".join(_row(each, report) for each in lines)
            parts.append(
                f'<section class="{verdict.value}"><h2>{_TITLES[verdict]}</h2><table>'
                f"<tr><th>Who</th><th>Where</th><th>What</th></tr>{rows}</table></section>"
            )
    parts += _list_of(
        "Not known before the apply", [f"{each.subject}: {each.reason}" for each in report.comparison.gaps]
    )
    around = [f"{each.data_source} {' '.join(each.ways)}".strip() for each in report.comparison.bypasses]
    parts += _list_of("Ways around the views, before and after", around)
    parts += [f'<p class="why">{_html(each)}</p>' for each in report.notes]
    return "\n".join([*parts, "</body></html>"]) + "\n"


def _row(line: Line, report: Report) -> str:
    places = "<br>".join(f"<code>{_html(each)}</code>" for each in line.places)
    names = f"<details><summary>{_html(people(line.users, line.who))}</summary>{_html(', '.join(line.users))}</details>"
    who = names if len(line.users) > 1 else _html(people(line.users, line.who))
    loses = ", and loses others" if line.also_loses else ""
    addresses = f" [{', '.join(line.because.addresses)}]" if line.because.addresses else ""
    why = f"{line.cause}{addresses}" if line.cause else ""
    what = f"{_html(line.before)} → <strong>{_html(line.after)}</strong>{loses}"
    what += "".join(f"<br>{_html(each)}" for each in report.rows_of(line))
    return f'<tr><td>{who}</td><td>{places}</td><td>{what}<div class="why">{_html(why)}</div></td></tr>'


def _list_of(title: str, items: list[str]) -> list[str]:
    if not items:
        return []
    return [f"<section><h2>{title}</h2><ul>{''.join(f'<li>{_html(each)}</li>' for each in items)}</ul></section>"]


def _html(text: str) -> str:
    return html.escape(one_line(text))
