"""How findings are said: one title per code, and what happens and what to do about it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from veil.model import KINDS, Kind
from veil.policy.findings import Finding, Path, Place, Problem, Severity
from veil.policy.resolved import Incompatibility


@dataclass(frozen=True, slots=True)
class Wording:
    severity: Severity
    summary: str
    advice: str = ""


WORDINGS = {
    "expression-invalid": Wording("error", "Expression that cannot be read"),
    "unknown-column": Wording(
        "error",
        "Expression names an unknown column",
        "Correct the name (a string stands in single quotes), accept the column in the data source's columns, or let the "
        "policy apply elsewhere only.",
    ),
    "type-mismatch": Wording(
        "error", "Expression with types that do not go together", "Use a literal of the same type, or CAST one side."
    ),
    "too-many-choices": Wording(
        "error", "Expression with too many tagged columns", "Use tags that fewer columns carry."
    ),
    "name-shared": Wording("error", "Two policies of one name"),
    "empty-scope": Wording("error", "Policy that applies nowhere"),
    "no-canonical-text": Wording(
        "warning", "Column without a text to compare", "Compare another column, or CAST it to an exact type."
    ),
    "tag-missing": Wording(
        "warning",
        "Tag that no column carries",
        "Tag a column, or leave the data source out of the policy's applies_to.",
    ),
    "mask-does-not-fit": Wording(
        "warning", "Mask that does not fit its column", "The column shows NULL. Use a mask of the column's type for it."
    ),
    "function-closed": Wording("warning", "Function that may not be called", "The column shows NULL until then."),
    "event-time-missing": Wording(
        "warning",
        "Data source without an event time",
        "It shows no rows. Set event_time_column to a date or timestamp.",
    ),
    "mask-may-keep-value": Wording("warning", "Mask that may leave a value as it is"),
    "masks-stacked": Wording("warning", "Several masks on one column"),
    "rule-without-items": Wording("warning", "Row policy with an empty list"),
    "star-stands-for-itself": Wording("warning", "Star that is no wildcard"),
    "policy-matches-nothing": Wording("warning", "Policy that matches nothing"),
    "listed-policy-missing": Wording("warning", "Data source closed until its policies are there"),
    "listed-policy-elsewhere": Wording("warning", "Listed policy that does not apply"),
    "filter-column-guarded": Wording("warning", "Column that filters do not reach"),
    "closed-by-baseline": Wording("warning", "Data source closed by the baseline"),
    "removal-uncovers": Wording("warning", "Destroying a policy shows more of a data source that stays"),
    "member-without-profile": Wording("warning", "Equalized project with a member who has no profile"),
    "name-not-held": Wording("warning", "Name that no profile holds"),
    "user-not-there": Wording("warning", "Profile of a user whom the warehouse does not have"),
    "nobody-admitted": Wording("warning", "Data source that nobody may read"),
}

_CONSEQUENCES: dict[Path, str] = {
    ("where",): "Every value is masked there.",
    ("show", "where"): "It shows no rows there.",
    ("otherwise", "where"): "It shows no rows there to those it is for.",
    ("exceptions", "expression"): "Nobody is excepted by it.",
    ("for_everyone_who",): "Nobody sees a value by it.",
    ("expression",): "It admits nobody.",
}


def finding(
    code: str,
    detail: str,
    kind: Kind,
    key: object,
    path: Path = (),
    *,
    about: Iterable[Place] = (),
    absent: Iterable[Kind] = (),
) -> Finding:
    """A finding in the wording of its code, about the object to change and others."""
    wording = WORDINGS[code]
    return Finding(
        wording.severity,
        code,
        wording.summary,
        detail,
        kind,
        key,
        path,
        frozenset({(kind, key), *about}),
        frozenset(absent),
    )


def shared_name(kind: Kind, other: Kind, name: str) -> Finding:
    """That a masking and a row policy have one name, by which data sources list either."""
    detail = (
        f"{subject(kind, name)} and {KINDS[other].noun} {name!r} have one name. Data sources list both kinds by name, "
        "so it cannot stand for two. Choose another one."
    )
    return finding("name-shared", detail, kind, name, ("name",))


def subject(kind: Kind, name: str) -> str:
    """How a message begins: `Masking policy "hash"`."""
    return f'{KINDS[kind].noun.capitalize()} "{name}"'


def sentence(message: str) -> str:
    """A problem's message as the end of a sentence."""
    return message if message.endswith((".", "?", "\n")) else message + "."


def pointed_out(problem: Problem, *rest: str) -> str:
    """A problem's message as the end of a sentence, beneath it the place that is meant, and the
    rest of what is said.
    """
    message, others = sentence(problem.message), " ".join(filter(None, rest))
    if problem.span is None:
        return f"{message} {others}".rstrip()
    return "\n".join(filter(None, [message, problem.span.pointed_out(), others]))


def incompatibility_finding(incompatibility: Incompatibility, source: str) -> Finding:
    """What does not fit on one data source, as a finding about its policy."""
    problem = incompatibility.problem
    # Which column is masked is no matter where the expression names one that is not there.
    of_column = incompatibility.column and problem.code != "unknown-column"
    where = f", column {incompatibility.column!r}" if of_column else ""
    message = pointed_out(problem, _consequence(incompatibility), WORDINGS[problem.code].advice)
    detail = f"{subject(incompatibility.kind, incompatibility.policy)} on data source {source}{where}: {message}"
    about = [(Kind.DATA_SOURCE, source)]
    report = finding(
        problem.code, detail, incompatibility.kind, incompatibility.policy, incompatibility.path, about=about
    )
    if incompatibility.path[-1:] in _OF_ANY_TYPE and problem.code == "type-mismatch":
        # They reach columns of several types by a tag; where one does not fit, nothing shows.
        return replace(report, severity="warning")
    return report


_OF_ANY_TYPE = (("sql",), ("value_in",), ("value_not_in",))


def _consequence(incompatibility: Incompatibility) -> str:
    if incompatibility.problem.code in ("tag-missing", "no-canonical-text") and incompatibility.kind is Kind.ROW_POLICY:
        return "It shows no rows there."
    if incompatibility.path[-1:] == ("sql",) and incompatibility.problem.code != "mask-does-not-fit":
        return "What cannot be computed is NULL."
    if incompatibility.problem.code in ("type-mismatch", "unknown-column", "no-canonical-text"):
        return "The test is unknown, which never shows a row or a clear value."
    return _CONSEQUENCES.get(incompatibility.path, "") if incompatibility.problem.code != "mask-does-not-fit" else ""
