"""`show`: which rows a row policy lets through. Exactly one kind per policy."""

from decimal import Decimal
from typing import Any, Literal

from veil import model
from veil.model.rows import TimeUnit
from veil.plugin import Model, attribute, check, importing, is_known
from veil.resources.hcl.names import Name, Tag, Text
from veil.resources.hcl.texts import RowExpression, is_any, one_of


class UserMatch(Model):
    """One match between what the user holds and a tagged column: by an attribute, or by groups."""

    attribute_: Name | None = attribute("The attribute whose values are compared.", alias="attribute")
    group: bool = attribute("Compare the user's groups instead of an attribute.", default=False)
    column_tag: Tag = attribute("The tag of the column.")

    @check("group", given=["attribute_"])
    def _one_side(self) -> None:
        if self.group == (self.attribute_ is not None):
            raise ValueError('A match takes either attribute = "<name>" or group = true.')


class ValueIn(Model):
    """Values of a tagged column."""

    column_tag: Tag = attribute("The tag of the column.")
    values: frozenset[Text] = attribute(
        "The values, as strings that are read as the column's type. Without any, `value_in` shows no row and `value_not_in` "
        "those with a value; the plan warns."
    )


class TimeSpan(Model):
    """A span of time: one of its units."""

    minutes: int | None = attribute("Minutes.", gt=0)
    hours: int | None = attribute("Hours.", gt=0)
    days: int | None = attribute("Days.", gt=0)
    years: int | None = attribute("Calendar years.", gt=0)

    @check(partly=["minutes", "hours", "days", "years"])
    def _one_unit(self) -> None:
        one_of("A span of time", {str(unit): amount for unit, amount in self._units().items()})

    def _units(self) -> dict[TimeUnit, int | None]:
        return {"minutes": self.minutes, "hours": self.hours, "days": self.days, "years": self.years}

    def window(self, direction: Literal["newer", "older"]) -> model.TimeWindow:
        ((unit, amount),) = [(unit, amount) for unit, amount in self._units().items() if amount is not None]
        return model.TimeWindow(direction, amount, unit)


KINDS = (
    "user_matches",
    "where",
    "value_in",
    "value_not_in",
    "newer_than",
    "older_than",
    "purposes",
    "percent",
    "never",
)


class Show(Model):
    """Which rows are shown: exactly one of the kinds."""

    user_matches: list[UserMatch] | None = attribute(
        "Rows whose tagged columns hold what the user holds. An empty list shows no row, and the plan warns."
    )
    operator: Literal["any", "all"] | None = attribute("For `user_matches`: whether one match suffices. Default: all.")
    where: RowExpression | None = attribute("Rows on which this condition of the policy language is TRUE.")
    value_in: ValueIn | None = attribute("Rows whose tagged columns all hold one of the values.")
    value_not_in: ValueIn | None = attribute(
        "Rows whose tagged columns all hold a value that is not listed. NULL is hidden."
    )
    newer_than: TimeSpan | None = attribute(
        "Rows whose event time is not longer ago than this; one in the future is newer."
    )
    older_than: TimeSpan | None = attribute("Rows whose event time is longer ago than this.")
    purposes: frozenset[Name] | None = attribute(
        "All rows, for users who act under one of these purposes. An empty list shows no row, and the plan warns."
    )
    percent: Decimal | None = attribute("About this share of the rows, always the same ones.", gt=0, le=100)
    never: bool | None = attribute("`true`: no row.")

    @check(partly=KINDS)
    def _one_kind(self) -> None:
        one_of("show", {name: getattr(self, name) for name in KINDS}, " Write one policy for each.")

    @check(given=["operator", "user_matches"])
    def _operator_combines_matches(self) -> None:
        if self.operator is not None and self.user_matches is None:
            raise ValueError("operator goes with user_matches only.")

    @check("never")
    def _never_is_no_switch(self) -> None:
        if self.never is False:
            raise ValueError("never is true or absent.")

    def names_tags(self) -> bool | None:
        """Whether the rule looks at tagged columns; None where that is not known yet."""
        with importing():
            from veil.language import Usage, parse, referenced_tags

        where: Any = self.where
        if is_known(where) and where is not None:
            where = referenced_tags(parse(where, Usage.ROW))
        return is_any([self.user_matches, self.value_in, self.value_not_in, where])

    def to_model(self) -> model.RowRule:
        if self.user_matches is not None:
            matches = tuple(model.Match(model.fold(each.column_tag), each.attribute_) for each in self.user_matches)
            return model.UserMatches(matches, self.operator or "all")
        if self.where is not None:
            return model.Where(self.where)
        if (listed := self.value_in or self.value_not_in) is not None:
            return model.ValueIn(model.fold(listed.column_tag), listed.values, negated=self.value_in is None)
        if self.newer_than is not None:
            return self.newer_than.window("newer")
        if self.older_than is not None:
            return self.older_than.window("older")
        if self.purposes is not None:
            return model.Purposes(self.purposes)
        return model.Percent(self.percent) if self.percent is not None else model.Never()

    @classmethod
    def from_model(cls, rule: model.RowRule) -> "Show":
        match rule:
            case model.UserMatches(matches, operator):
                wanted = [
                    UserMatch(attribute=each.attribute, group=each.attribute is None, column_tag=each.column_tag)
                    for each in matches
                ]
                return cls(user_matches=wanted, operator=None if operator == "all" else operator)
            case model.Where(expression):
                return cls(where=expression)
            case model.ValueIn(tag, values, negated):
                listed = ValueIn(column_tag=tag, values=values)
                return cls(value_not_in=listed) if negated else cls(value_in=listed)
            case model.TimeWindow(direction, amount, unit):
                span = TimeSpan(**{unit: amount})
                return cls(newer_than=span) if direction == "newer" else cls(older_than=span)
            case model.Purposes(purposes):
                return cls(purposes=purposes)
            case model.Percent(percent):
                return cls(percent=percent)
            case model.Never():
                return cls(never=True)
