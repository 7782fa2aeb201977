"""`exceptions`: who passes a policy."""

from typing import Any, Literal

from veil import model
from veil.model.audience import NOBODY
from veil.plugin import InvalidValueError, Model, attribute, check
from veil.resources.hcl.names import HeldValue, Name
from veil.resources.hcl.texts import AudienceExpression, any_of


class AttributeHeld(Model):
    """An attribute that a user holds."""

    name: Name = attribute("Name of the attribute.")
    value: HeldValue = attribute("One of its values.")


_KINDS = ("groups", "attributes", "purposes", "expression")


class Exceptions(Model):
    """Who passes the policy: everybody else is subject to it. An empty list is as if left out;
    where nothing is left, nobody is excepted, under `all` too.
    """

    operator: Literal["any", "all"] | None = attribute("Whether one item suffices, or all must hold. Default: any.")
    groups: frozenset[Name] | None = attribute("Members of these groups.")
    attributes: frozenset[AttributeHeld] | None = attribute("Holders of these attributes.")
    purposes: frozenset[Name] | None = attribute("Users who act under these purposes.")
    expression: AudienceExpression | None = attribute(
        "A condition on the user in the policy language, for example `@isInGroups('hr') AND NOT @isInGroups('interns')`."
    )

    @check(partly=_KINDS)
    def _names_somebody(self) -> None:
        any_of("exceptions", _KINDS, self.model_fields_set)


@check(given=["for_everyone_who", "otherwise"])
def both_sides(policy: Any) -> None:
    """A policy that decides for everyone says what both sides get."""
    if (policy.for_everyone_who is None) != (policy.otherwise is None):
        alone = "otherwise" if policy.for_everyone_who is None else "for_everyone_who"
        raise InvalidValueError("for_everyone_who and otherwise go together: give both or neither.", (alone,))


@check(given=["for_everyone_who", "exceptions"])
def exclude_exceptions(policy: Any) -> None:
    """A policy that decides for everyone leaves nobody to except."""
    if policy.for_everyone_who is not None and policy.exceptions is not None:
        raise InvalidValueError(
            "for_everyone_who decides for everyone, so it excludes exceptions. Keep one of the two.", ("exceptions",)
        )


def exceptions_to_model(exceptions: Exceptions | None) -> model.Exceptions:
    """The governed form; None excepts nobody."""
    if exceptions is None:
        return NOBODY
    return model.Exceptions(
        operator=exceptions.operator or "any",
        groups=exceptions.groups or frozenset(),
        attributes=frozenset(model.Attribute(each.name, each.value) for each in exceptions.attributes or ()),
        purposes=exceptions.purposes or frozenset(),
        expression=exceptions.expression,
    )


def exceptions_from_model(exceptions: model.Exceptions) -> Exceptions | None:
    """The HCL form, as an import writes it, without what is as if left out; None where nobody is
    excepted.
    """
    if exceptions.is_empty:
        return None
    written: dict[str, Any] = {
        "operator": None if exceptions.operator == NOBODY.operator else exceptions.operator,
        "groups": exceptions.groups or None,
        "attributes": frozenset(AttributeHeld(name=each.name, value=each.value) for each in exceptions.attributes)
        or None,
        "purposes": exceptions.purposes or None,
        "expression": exceptions.expression,
    }
    return Exceptions(**{name: value for name, value in written.items() if value is not None})
