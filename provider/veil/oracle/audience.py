"""For whom a policy makes an exception, and which of its two actions a user gets."""

from veil.model import Exceptions
from veil.oracle.expressions import about_user
from veil.oracle.logic import Truth, held
from veil.oracle.scope import Scope


def excepted(exceptions: Exceptions, scope: Scope) -> Truth:
    """Whether the user passes the policy; only TRUE counts. Nobody passes an empty list."""
    facts = scope.facts
    if facts is None:
        return None
    items: list[Truth] = [facts.in_group(group) for group in exceptions.groups]
    items += [facts.holds(each.name, each.value) for each in exceptions.attributes]
    items += [facts.under(purpose) for purpose in exceptions.purposes]
    if exceptions.expression is not None:
        items.append(about_user(exceptions.expression, scope))
    return held(exceptions.operator, items)


def belongs(for_everyone_who: str | None, scope: Scope) -> Truth:
    """Whether the policy's first action is the user's: TRUE it is, FALSE the other one, unknown
    neither.

    A policy without the clause has one action, for everybody.
    """
    if for_everyone_who is None:
        return None if scope.facts is None else True
    return about_user(for_everyone_who, scope)
