"""Do the columns of a lookup's table fit what a policy compares them with?

What does not fit counts as unknown in a view, and its policy shows less than whoever wrote it
meant.
"""

from collections.abc import Iterable, Iterator, Sequence

from veil.governance.errors import GovernanceError
from veil.model import DataSource, Integration, LookupTables, MaskingPolicy, Put, RowPolicy, World
from veil.model.change import apply
from veil.policy import Incompatibility, resolve
from veil.policy.messages import pointed_out

Looking = MaskingPolicy | RowPolicy
"""A policy that may look up."""


def fitting_problems(
    policies: Iterable[tuple[Looking, LookupTables]], sources: Sequence[DataSource], integration: Integration
) -> Iterator[GovernanceError]:
    """An error with the policy's attribute for each lookup of these policies, whose tables have
    these columns, that compares what cannot be compared on one of these data sources. Policies
    without tables are passed over, and so are staged ones.
    """
    for policy, tables in policies:
        if tables and not policy.staged:
            for source in sources:
                for incompatibility in _incompatibilities(policy, tables, source, integration):
                    yield GovernanceError(
                        "Lookup that does not fit", _told(incompatibility, source), incompatibility.path
                    )


def _incompatibilities(
    policy: Looking, tables: LookupTables, source: DataSource, integration: Integration
) -> Iterator[Incompatibility]:
    """What does not fit once the types of the lookup's columns are known; all else is a finding of
    the plan.
    """
    world = apply(World(integration), Put(policy))
    mismatches = [
        each for each in resolve(world, source, tables).incompatibilities if each.problem.code == "type-mismatch"
    ]
    known = resolve(world, source).incompatibilities if mismatches else ()
    return (each for each in mismatches if each not in known)


def _told(incompatibility: Incompatibility, source: DataSource) -> str:
    advice = "Compare values of one type: use a column of that type, or a view that casts it."
    return f"On data source {source.key}, policy {incompatibility.policy!r}: {pointed_out(incompatibility.problem, advice)}"
