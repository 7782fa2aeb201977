"""Whether the integration's procedures have the settings that veil gives them. No catalog that AWS
documents tells, so it takes a statement for each procedure, when the integration is read and in
`veil doctor`.
"""

from collections.abc import Iterator, Mapping

from veil.governance.checks.validation import Check
from veil.governance.installation.reach import giving_back
from veil.governance.installation.upgrading import is_manual, is_older
from veil.governance.metadata.deployed import DeployedState
from veil.governance.showing import shown
from veil.warehouse import SEARCH_PATH, ShownProcedure, Signature, expected_routines

_WANTED = ShownProcedure((("search_path", SEARCH_PATH.replace(" ", "")),))


def asked_of(deployed: DeployedState) -> list[Signature]:
    """The procedures of ours that are there."""
    known = expected_routines(deployed.layout).keys() & deployed.snapshot.routines.keys()
    return sorted(each for each in known if each.kind == "PROCEDURE")


def settings_drift(deployed: DeployedState, procedures: Mapping[Signature, ShownProcedure | None]) -> list[str]:
    """One readable line per setting of a procedure that an apply puts right: it makes all
    procedures anew.
    """
    if is_manual(deployed) or is_older(deployed) or giving_back(deployed):
        return []
    return [
        line for each, state in sorted(procedures.items()) if state is not None for line in _alterations(each, state)
    ]


def procedures_check(procedures: Mapping[Signature, ShownProcedure | None]) -> Check:
    """The check by what the warehouse shows of our procedures."""
    altered = {each: list(_alterations(each, state)) for each, state in procedures.items() if state is not None}
    problems = [line for each in sorted(altered) for line in altered[each]]
    unseen = sum(state is None for state in procedures.values())
    left = f" The account may not see {unseen} of them." if unseen else ""
    if not problems:
        return Check("procedure_settings", "passed", f"What is shown of the procedures is as veil made them.{left}")
    advice = (
        'Apply the configuration: it makes them anew. With bootstrap = "manual" an administrator runs the script again.'
    )
    return Check("procedure_settings", "warning", "; ".join(problems) + left, (advice,))


def _alterations(signature: Signature, state: ShownProcedure) -> Iterator[str]:
    now, wanted = dict(state.settings), dict(_WANTED.settings)
    for name in sorted(now.keys() | wanted.keys()):
        if now.get(name) != wanted.get(name):
            what = f"is set to {shown(now[name])}" if name in now else "is not set"
            yield f"{shown(name)} {what} in the procedure {signature.name}"
    if state.nonatomic:
        yield f"the procedure {signature.name} is NONATOMIC: what it has written stays where it fails"
