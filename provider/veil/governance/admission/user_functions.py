"""The functions of users that a masking policy calls: are they there, and as what does it know
them?
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from veil.governance.admission.overlay import Overlay
from veil.governance.errors import GovernanceError
from veil.governance.metadata.deployed import StoredObject
from veil.governance.metadata.user_functions import functions_of, judged
from veil.model import Function, MaskingPolicy, UserFunction, UserFunctions, definition
from veil.model.names import dotted
from veil.warehouse import FunctionsThere

Place = tuple[str, str]
Look = Callable[[str], FunctionsThere]
"""What a schema holds of functions."""


def remembering(policy: MaskingPolicy, present: StoredObject | None, overlay: Overlay, look: Look) -> MaskingPolicy:
    """The policy with the definitions of functions that it knows: those that its masks list, those
    that were there when it first named the function, and else those that it knew. Where its row was
    altered nobody can tell what it knew, so that it knows none. Raises GovernanceError where it
    names for the first time a function that is not there.
    """
    before = present.thing if present is not None else None
    remembered = before.definitions if isinstance(before, MaskingPolicy) else frozenset()
    named = functions_of(before)
    known: set[str] = set()
    for place in sorted(functions_of(policy)):
        name, listed = dotted(*place), _listed(policy, place)
        is_new = place not in named and (present is None or before is not None)
        there = _overloads(place, overlay.owner, look) if is_new else ()
        if is_new and not there:
            raise _missing(policy, place)
        if listed:
            known |= {definition(name, each) for each in listed}
        elif is_new:
            known |= {definition(name, each.fingerprint) for each in there}
        else:
            known |= {each for each in remembered if each.startswith(definition(name, ""))}
    return replace(policy, definitions=frozenset(known))


def functions_for(policy: MaskingPolicy, known: UserFunctions, owner: str, look: Look) -> UserFunctions:
    """The functions of a policy that are not among the `known` ones, as far as they are there.
    `owner` owns what is veil's; it is empty where nobody knows yet who that is.
    """
    wanted = {place: dotted(*place) for place in functions_of(policy)}
    functions: Mapping[str, tuple[UserFunction, ...]] = {
        name: _overloads(place, owner, look) for place, name in wanted.items() if name not in known
    }
    return {name: overloads for name, overloads in functions.items() if overloads}


def _overloads(place: Place, owner: str, look: Look) -> tuple[UserFunction, ...]:
    return judged(look(place[0]), owner, [place]).get(dotted(*place), ())


def _listed(policy: MaskingPolicy, place: Place) -> frozenset[str]:
    return frozenset(each for mask in policy.functions if mask.place == place for each in mask.definitions)


def _missing(policy: MaskingPolicy, place: Place) -> GovernanceError:
    key = "mask" if isinstance(policy.mask, Function) and policy.mask.place == place else "otherwise"
    return GovernanceError(
        "No such function",
        f"There is no function {dotted(*place)} in the database of the integration, or the provider's account does not see it. Create "
        "it first, or correct the name.",
        (key, "function", "name"),
    )
