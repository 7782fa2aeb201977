"""Views that would be too long, found while they are planned and not when they are published."""

from collections.abc import Iterable, Iterator

from veil.compiler import CompileError, compile_view
from veil.model import Kind, World
from veil.policy import Finding

TOO_LONG = "view-too-long"
"""The code of these findings."""

_COMPILED = 3
"""So many of the views that a policy touches are compiled at plan: those with the most columns, which its expressions make
longest. All are when they are published.
"""


def too_long(world: World, keys: Iterable[str]) -> Iterator[tuple[str, Finding]]:
    """The data sources among these whose views cannot be written for their length, each with the policy that is why."""
    sources = [world.data_sources[key] for key in sorted(keys) if key in world.data_sources]
    for source in sorted(sources, key=lambda each: -len(each.columns))[:_COMPILED]:
        try:
            compile_view(world, source)
        except CompileError as error:
            if error.is_too_long:
                about = frozenset({(Kind.DATA_SOURCE, source.key), (error.kind, error.key)})
                found = Finding(
                    "error", TOO_LONG, error.summary, error.detail, error.kind, error.key, error.path, about
                )
                yield source.key, found
