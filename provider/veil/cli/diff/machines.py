"""The report for machines: JSON of our own, and SARIF."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from veil import __version__
from veil.cli.diff.report import Report
from veil.cli.output import json_text
from veil.diff import Finding, Line, Verdict, people, where

FORMAT = 2
"""The version of the JSON report: it grows with every change that a reader could stumble over."""
_NAMED = 20
"""So many users are named in JSON unless all are asked for."""


def as_json(report: Report) -> str:
    """The report as JSON."""
    comparison = report.comparison
    document = {
        "format": FORMAT,
        "veil": __version__,
        "summary": {
            "text": report.summary,
            **{each.value: len(comparison.of(each)) for each in Verdict},
            "gaps": len(comparison.gaps),
            "users": comparison.users,
            "data_sources": comparison.sources,
            "compared": comparison.compared,
        },
        "findings": [_finding(each, report) for each in comparison.findings],
        "gaps": [{"subject": each.subject, "reason": each.reason} for each in comparison.gaps],
        "bypasses": [
            {"data_source": each.data_source or None, "ways": list(each.ways)} for each in comparison.bypasses
        ],
        "rules": [
            {"rule": each.rule, "users": _users(each.users, all_users=report.all_users), "places": list(each.places)}
            for each in report.broken
        ],
        "notes": list(report.notes),
    }
    return json_text(document)


def _finding(finding: Finding, report: Report) -> Mapping[str, Any]:
    rows = report.rows(finding)
    return {
        "verdict": finding.verdict.value,
        "about": finding.aspect,
        "data_source": finding.data_source or None,
        "view": finding.view or None,
        "column": finding.column,
        "before": finding.before,
        "after": finding.after,
        "users": _users(finding.users, all_users=report.all_users),
        "who": finding.who or None,
        "own_change": finding.own,
        "also_loses": finding.also_loses,
        "reveals": sorted(finding.reveals),
        "perhaps": sorted(finding.perhaps),
        "because": list(finding.because.reasons),
        "policies_before": list(finding.because.before),
        "policies_after": list(finding.because.after),
        "addresses": list(finding.because.addresses),
        **({} if rows is None else {"rows": rows, "rows_of_user": finding.users[0]}),
    }


def _users(users: Sequence[str], *, all_users: bool) -> Mapping[str, Any]:
    return {"count": len(users), "names": list(users if all_users else users[:_NAMED])}


_SARIF = "https://json.schemastore.org/sarif-2.1.0.json"
_RULES = {
    "gains": ("Somebody gains access", "warning"),
    "may_gain": ("Somebody may gain access: no row was found that shows it", "warning"),
    "weakens": ("Somebody can read more through a mask", "warning"),
    "loses": ("Somebody loses access", "note"),
    "changes": ("Somebody sees something else", "note"),
    "gap": ("Not known before the apply", "warning"),
    "rule": ("A rule is broken", "error"),
}


def as_sarif(report: Report, folder: Path) -> str:
    """The report as SARIF 2.1.0. `folder` holds the configuration, in which resources are looked up
    by their addresses.
    """
    results = [_of_line(each, report, folder) for each in report.lines]
    results += [
        _result("gap", f"{each.subject}: {each.reason}.", (each.subject,), folder) for each in report.comparison.gaps
    ]
    results += [
        _result("rule", f"{each.rule}: {people(each.users, '')}, {where(each.places)}.", (), folder)
        for each in report.broken
    ]
    driver = {
        "name": "veil diff",
        "version": __version__,
        "rules": [{"id": name, "shortDescription": {"text": title}} for name, (title, _) in _RULES.items()],
    }
    run = {"tool": {"driver": driver}, "results": results}
    return json_text({"$schema": _SARIF, "version": "2.1.0", "runs": [run]})


def _of_line(line: Line, report: Report, folder: Path) -> Mapping[str, Any]:
    cause = f" {line.cause}" if line.cause else ""
    rows = "".join(f" ({each})" for each in report.rows_of(line))
    text = f"{people(line.users, line.who)}: {where(line.places)}: {line.before} -> {line.after}{rows}{cause}."
    return _result(line.verdict.value, text, line.because.addresses, folder)


def _result(rule: str, text: str, addresses: tuple[str, ...], folder: Path) -> Mapping[str, Any]:
    places = [_location(each, folder) for each in addresses] or [_location("", folder)]
    return {"ruleId": rule, "level": _RULES[rule][1], "message": {"text": text}, "locations": places}


def _location(address: str, folder: Path) -> Mapping[str, Any]:
    file, line = _declared_at(address, folder)
    location: dict[str, Any] = {
        "physicalLocation": {"artifactLocation": {"uri": quote(file)}, "region": {"startLine": line}},
    }
    if address:
        location["logicalLocations"] = [{"fullyQualifiedName": address, "kind": "resource"}]
    return location


_ADDRESS = re.compile(r"(?P<type>veil_\w+)\.(?P<name>[\w-]+)(\[.*\])?\Z", re.DOTALL)


def _declared_at(address: str, folder: Path) -> tuple[str, int]:
    """File and line of a resource of the root module; the first line of main.tf where that is not
    found.
    """
    named = _ADDRESS.fullmatch(address)
    if named is not None:
        wanted = re.compile(rf'^\s*resource\s+"{named["type"]}"\s+"{re.escape(named["name"])}"', re.MULTILINE)
        for path in sorted(folder.glob("*.tf")):
            text = path.read_text(encoding="utf-8", errors="replace")
            if match := wanted.search(text):
                start = match.end() - len(match.group().lstrip())
                return path.name, text.count("\n", 0, start) + 1
    return "main.tf", 1
