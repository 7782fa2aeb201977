"""What closes a data source to everybody."""

from veil.model import Closing, covers
from veil.oracle.rows import row_policies
from veil.oracle.scope import Scope


def closed(scope: Scope) -> tuple[str, ...]:
    """Why the source's view shows no rows to anybody; empty where nothing closes it."""
    world, source = scope.world, scope.source
    active = {each.name for each in world.masking_policies.values() if not each.staged}
    active |= {each.name for each in world.row_policies.values() if not each.staged}
    reasons = [f'policy "{name}" is listed and missing or staged' for name in sorted(source.policies - active)]
    if not row_policies(scope):
        tags = sorted(
            tag for tag in world.integration.baseline.closed_tags if any(covers(tag, each) for each in source.tags)
        )
        reasons += [f'closed tag "{tag}" of the baseline, and no row policy covers the source' for tag in tags]
    failed = sorted(
        _why(each) for each in world.closings.values() if source.key in each.sources and each.id not in source.reopen
    )
    return (*reasons, *failed)


def _why(closing: Closing) -> str:
    if closing.kind == "integration":
        return closing.reason.rstrip(".")
    return f'{closing.kind.replace("_", " ")} "{closing.name}" would have covered the source and could not be applied'
