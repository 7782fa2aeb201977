"""What a run found, for people and for programs. It holds nothing of the warehouse but its version:
only scratch names and what was in scratch tables.
"""

import json
from datetime import UTC, datetime

from veil import __version__
from veil.certify.run import Report

_LONGEST = 4000
"""So many characters of a statement are shown; views are long."""


def as_markdown(report: Report) -> str:
    """The report for people."""
    lines = [
        f"# veil {__version__}: {'certified' if report.certified else 'not certified'}",
        "",
        f"{report.server}, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC.",
        f"{report.statements} statements of {report.shapes} shapes were sent.",
        "",
        "| examined | passed | differed | not tried | seconds |",
        "|---|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {each.examination.title} | {each.count('passed')} | {each.count('differed')} | {each.count('not tried')} "
        f"| {each.seconds:.0f} |"
        for each in report.examined
    ]
    for examination, outcome in report.differences:
        lines += ["", f"## {examination.name}: {outcome.subject}", "", outcome.detail]
        if outcome.statement:
            lines += ["", "```sql", outcome.statement[:_LONGEST], "```"]
        if outcome.answer:
            lines += ["", f"The warehouse answered: {outcome.answer}"]
    for examination, outcome in report.untried:
        lines += ["", f"## {examination.name}: not tried", "", outcome.detail]
    if report.absent:
        lines += ["", "## What there is nothing of in this warehouse", ""]
        lines += [f"- {outcome.subject}" for _, outcome in report.absent]
    if report.leftovers.left:
        lines += ["", "## What could not be removed", "", *(f"- {each}" for each in report.leftovers.left)]
    costs = [each for each in report.examined if each.examination.name == "costs"]
    if report.plans:
        lines += ["", "## What governed queries cost", ""]
        lines += [f"- {outcome.subject}" for each in costs for outcome in each.outcomes]
    for name, plan in report.plans.items():
        lines += ["", f"### {name}", "", "```", plan, "```"]
    return "\n".join(lines) + "\n"


def as_json(report: Report) -> str:
    """The report for programs."""
    return (
        json.dumps(
            {
                "veil": __version__,
                "server": report.server,
                "certified": report.certified,
                "statements": report.statements,
                "shapes": report.shapes,
                "left": list(report.leftovers.left),
                "examined": [
                    {
                        "name": each.examination.name,
                        "seconds": round(each.seconds, 1),
                        "outcomes": [
                            {
                                key: value
                                for key, value in (
                                    ("subject", outcome.subject),
                                    ("status", outcome.status),
                                    ("detail", outcome.detail),
                                    ("statement", outcome.statement),
                                    ("answer", outcome.answer),
                                )
                                if value
                            }
                            for outcome in each.outcomes
                        ],
                    }
                    for each in report.examined
                ],
                "plans": report.plans,
            },
            indent=2,
            ensure_ascii=False,
        )
        + "\n"
    )
