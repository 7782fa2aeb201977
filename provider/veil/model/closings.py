"""What closes data sources until it is put right: policies whose last create or update failed, and
an integration of which somebody else owns what decides who sees what.
"""

from dataclasses import dataclass, field

from veil.model.scope import AppliesTo
from veil.model.sources import DataSource
from veil.model.stored_texts import StoredTexts, name_of

EVERYWHERE = AppliesTo(all_data_sources=True)
"""Where a policy would have applied of which that cannot be determined."""


@dataclass(frozen=True, slots=True)
class Closing:
    """One policy whose last create or update failed, and the data sources that show no rows until
    it succeeds.

    `id` is that of this one failure, `owner` the token of the policy's resource. `kind` and `name`
    are the policy's, and `reason` is why it failed. Where `kind` is that of an integration, it
    closes all data sources while its `reason` holds. `sources` are the keys of the data sources
    that it would have covered. Such as are made or changed later are added: those that `applies_to`
    covers, or without it those with a column under each tag of `carrying`.
    """

    id: str
    owner: str
    kind: str
    name: str
    reason: str = ""
    applies_to: AppliesTo = EVERYWHERE
    carrying: frozenset[str] = frozenset()
    sources: frozenset[str] = field(default_factory=frozenset)

    def closes(self, source: DataSource) -> bool:
        """Whether the data source shows no rows for this: one that was re-opened in spite of it
        does.
        """
        return source.key in self.sources and self.id not in source.reopen

    def stored_texts(self) -> StoredTexts:
        yield name_of(self.name)
