"""`veil requests`: who asks for access, and whom approvers admitted at run time?"""

import argparse
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from veil.cli.output import one_line, say, say_json
from veil.cli.parsing import Parser
from veil.cli.warehouse import add_connection_arguments, open_governance
from veil.governance import DeployedState, access_requests
from veil.resources.hcl.moments import second_text


def main(argv: Sequence[str]) -> int:
    """Run the command. Raises VeilError."""
    options = build_parser().parse_args(list(argv))
    governance = open_governance(options)
    try:
        listed = _listed(governance.require(), datetime.now(UTC))
    finally:
        governance.close()
    if options.json:
        say_json(listed)
    else:
        for line in _lines(listed):
            say(line)
    return 0


def build_parser() -> argparse.ArgumentParser:
    """The arguments that the command takes."""
    parser = Parser(
        prog="veil requests",
        description='Lists who asks for access to data sources under access = "approval", with their reasons, and what approvers '
        "approved at run time and admits now. It changes nothing, and a read-only account is enough.",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_connection_arguments(parser)
    return parser


def _listed(deployed: DeployedState, now: datetime) -> dict[str, list[dict[str, Any]]]:
    requests = [
        {
            "user": each.user,
            "view": _view(deployed, each.source),
            "reason": each.reason,
            "requested_at": second_text(each.requested_at),
        }
        for each in access_requests.open_requests(deployed, now)
    ]
    approved = [
        {
            "user": each.user,
            "view": _view(deployed, each.source),
            "approver": each.approver,
            "approved_at": second_text(each.approved_at),
            "expires_at": second_text(each.expires_at),
        }
        for each in access_requests.live_approvals(deployed, now)
    ]
    return {"requests": requests, "approved": approved}


def _view(deployed: DeployedState, key: str) -> str:
    return deployed.world.data_sources[key].view if key in deployed.world.data_sources else key


def _lines(listed: dict[str, list[dict[str, Any]]]) -> Iterator[str]:
    if not listed["requests"]:
        yield "Nobody asks for access."
    for each in listed["requests"]:
        fields = {name: one_line(value or "") for name, value in each.items()}
        yield f"{fields['user']} asks for {fields['view']} since {fields['requested_at']}: {fields['reason']}"
    for each in listed["approved"]:
        fields = {name: one_line(value or "") for name, value in each.items()}
        until = f"until {fields['expires_at']}" if each["expires_at"] else "without an end"
        yield f"{fields['user']} was approved for {fields['view']} by {fields['approver']} at {fields['approved_at']}, {until}"
