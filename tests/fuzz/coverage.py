"""What of the language a run of the fuzzer met, and how often: counted where it decided
something.
"""

from collections import Counter

from veil.language import ExpressionError, Usage, asks_user, parse, tree, walk
from veil.language.correlation import ways
from veil.model import AppliesTo, DataSource, Exceptions, Mask, MaskingPolicy, RowPolicy, RowRule, Sql, Where, World
from veil.oracle import Sight


class Coverage:
    """Counts by (area, construct)."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()

    def world(self, world: World) -> None:
        """Count everything a world is made of."""
        for mask in world.masking_policies.values():
            self._masking(mask)
        for row in world.row_policies.values():
            self._row(row)
        for subscription in world.subscription_policies.values():
            self._add("subscription", f"{subscription.mode} {subscription.access}")
            self._staged(subscription.staged)
            self._place(subscription.applies_to)
            self._expression(subscription.expression, Usage.SUBSCRIPTION)
        for source in world.data_sources.values():
            self._source(source)
        self._add("world", "failed policy", len(world.closings))
        self._add("world", "null tag of the baseline", len(world.integration.baseline.null_tags))
        self._add("world", "filter tag of the baseline", len(world.integration.baseline.filter_column_tags))
        self._add("world", "closed tag of the baseline", len(world.integration.baseline.closed_tags))

    def sight(self, world: World, source: DataSource, sight: Sight) -> None:
        """Count what one user saw."""
        self._add("outcome", "not admitted" if not sight.admitted else "closed" if sight.closed else "admitted")
        self._add("outcome", "row shown", len(sight.rows))
        self._add("outcome", "row hidden by a policy", sum(bool(each.policies) for each in sight.hidden))
        for row in sight.rows:
            for name, decision in row.decisions.items():
                self._add("outcome", f"cell {decision.outcome}: {decision.reason}")
                column = source.column(name)
                if decision.policy and column:
                    mask = world.masking_policies[decision.policy].mask
                    self._add("mask on type", f"{type(mask).__name__} on {column.type.family.value}")

    def _masking(self, policy: MaskingPolicy) -> None:
        for mask in (policy.mask, policy.otherwise):
            if mask is not None:
                self._mask(mask)
        self._add("masking policy", "where", policy.where is not None)
        self._add("masking policy", "for_everyone_who", policy.for_everyone_who is not None)
        self._add("masking policy", "priority", policy.priority != 0)
        self._staged(policy.staged)
        self._place(policy.applies_to)
        self._exceptions(policy.exceptions)
        self._expression(policy.where, Usage.ROW)
        self._expression(policy.for_everyone_who, Usage.AUDIENCE)

    def _mask(self, mask: Mask) -> None:
        self._add("mask", type(mask).__name__)
        if isinstance(mask, Sql):
            self._expression(mask.expression, Usage.MASK)

    def _row(self, policy: RowPolicy) -> None:
        for rule in (policy.show, policy.otherwise):
            if rule is not None:
                self._rule(rule)
        self._add("row policy", "for_everyone_who", policy.for_everyone_who is not None)
        self._staged(policy.staged)
        self._place(policy.applies_to)
        self._exceptions(policy.exceptions)
        self._expression(policy.for_everyone_who, Usage.AUDIENCE)

    def _rule(self, rule: RowRule) -> None:
        self._add("row rule", type(rule).__name__)
        if isinstance(rule, Where):
            self._expression(rule.expression, Usage.ROW)

    def _source(self, source: DataSource) -> None:
        self._add("data source", f"new_columns {source.new_columns}")
        self._add("data source", "listed policies", bool(source.policies))
        self._add("data source", "new column", sum(not each.accepted for each in source.columns))
        self._add("data source", "disabled", not source.enabled)
        self._add("data source", "re-opened", bool(source.reopen))
        self._add("data source", "filter columns", bool(source.filter_columns))

    def _staged(self, staged: bool) -> None:
        self._add("policy", "staged", staged)

    def _place(self, place: AppliesTo) -> None:
        for name in (
            "data_source_tags",
            "data_sources",
            "all_data_sources",
            "column_tags",
            "all_columns",
            "untagged_columns",
        ):
            self._add("place", name, bool(getattr(place, name)))
        self._add("place", "column_regex", place.column_regex is not None)
        self._add("place", "none", place.is_empty)
        self._add("place", f"operator {place.operator}")

    def _exceptions(self, exceptions: Exceptions) -> None:
        for name in ("groups", "attributes", "purposes", "expression"):
            self._add("exceptions", name, bool(getattr(exceptions, name)))
        self._add("exceptions", f"operator {exceptions.operator}" if not exceptions.is_empty else "nobody")
        self._expression(exceptions.expression, Usage.AUDIENCE)

    def _expression(self, text: str | None, usage: Usage) -> None:
        if text is None:
            return
        try:
            nodes = list(walk(parse(text, usage)))
        except ExpressionError:
            self._add("expression", "refused by the parser")
            return
        for node in nodes:
            self._add("expression", type(node).__name__)
            if isinstance(node, tree.InLookup):
                self._lookup(node.lookup)
            if name := getattr(node, "function", None):
                self._add("function", name)

    def _lookup(self, lookup: tree.Lookup) -> None:
        for way in ways(lookup.where):
            self._add("lookup", "way")
            self._add("lookup", "filters", bool(way.filters))
            asking = sum(map(asks_user, way.filters))
            self._add("lookup", "filters that ask the user beside others", 0 < asking < len(way.filters))
            self._add("lookup", "tests of the protected row", bool(way.gates))
            self._add("lookup", "keys of the protected row", bool(way.keys))

    def _add(self, area: str, construct: str, count: int = 1) -> None:
        self.counts[area, construct] += count
