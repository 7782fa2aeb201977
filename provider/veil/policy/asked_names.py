"""What policies ask of users by name, and what is said where nobody has it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from veil.language import Asked, Holding, Usage, has_infrastructure, tree, walk
from veil.language.errors import did_you_mean
from veil.model import (
    Kind,
    Policy,
    Profile,
    Project,
    Purposes,
    RowPolicy,
    SubscriptionPolicy,
    UserMatches,
)
from veil.model.purposes import covering
from veil.policy.expressions import expressions_of
from veil.policy.findings import Finding, Place
from veil.policy.messages import finding, subject
from veil.policy.reading import read_expression

_LISTED = 10
_MOST_COMPARED = 5_000
"""Among more users than this only one that differs by case is looked for: to compare with each
takes seconds.
"""


Held = Collection[Asked]
"""What somebody has: of an attribute both the name alone and with each of its values."""


def asked_of(policy: Policy) -> frozenset[Asked]:
    """All that a policy asks of users by name. What its expressions ask counts under NOT as well:
    there a misspelt name keeps nobody out. One that cannot be read asks nothing.
    """
    asked: set[Asked] = set()
    for _, text, usage in expressions_of(policy):
        expression, _ = read_expression(text, usage)
        if expression is not None:
            nodes = (node for node in walk(expression) if isinstance(node, tree.UserTest))
            asked.update(each for node in nodes for each in _of_test(node, usage))
    if not isinstance(policy, SubscriptionPolicy):
        excepted = policy.exceptions
        asked.update(_named(Holding.GROUP, excepted.groups), _named(Holding.PURPOSE, excepted.purposes))
        asked.update(_asked(Holding.ATTRIBUTE, each.name, each.value) for each in excepted.attributes)
    if isinstance(policy, RowPolicy):
        for rule in (policy.show, policy.otherwise):
            if isinstance(rule, Purposes):
                asked.update(_named(Holding.PURPOSE, rule.purposes))
            elif isinstance(rule, UserMatches):
                asked.update(_named(Holding.ATTRIBUTE, (each.attribute for each in rule.matches if each.attribute)))
    return frozenset(asked)


def held_by(holder: Profile | Project) -> Iterator[Asked]:
    """All that a profile holds; the purposes that members of a project may act under."""
    if isinstance(holder, Project):
        for purpose in holder.purposes:
            yield from _named(Holding.PURPOSE, covering(purpose))
        return
    yield from _named(Holding.GROUP, holder.groups)
    for name, values in holder.attributes.items():
        yield _asked(Holding.ATTRIBUTE, name)
        yield from (_asked(Holding.ATTRIBUTE, name, value) for value in values)


def _asked(what: Holding, name: str, value: str | None = None) -> Asked:
    """As it is compared: spaces at the end never count."""
    return Asked(what, name.rstrip(" "), None if value is None else value.rstrip(" "))


def _named(what: Holding, names: Iterable[str]) -> Iterator[Asked]:
    return (_asked(what, name) for name in names)


def _of_test(test: tree.UserTest, usage: Usage) -> Iterator[Asked]:
    for each in test.asks_for():
        # With a variable in it the value is known once it is known of which data source.
        varies = each.value is not None and usage is Usage.SUBSCRIPTION and has_infrastructure(each.value)
        yield _asked(each.what, each.name, None if varies else each.value)


def not_held(asked: Mapping[Asked, Collection[Place]], held: Held) -> Finding | None:
    """One warning of all that is asked, by which policies, and not held; None where that is
    nothing. "So far" it says, as who holds it may yet be planned.
    """
    askers: dict[Asked, set[Place]] = defaultdict(set)
    for each, places in asked.items():
        # Where nobody has the attribute at all, its values are no matter.
        nameless = each.value is not None and Asked(each.what, each.name) not in held
        askers[replace(each, value=None) if nameless else each].update(places)
    lines = sorted((_shown(each), each) for each in askers if each not in held)
    if not lines:
        return None
    (first, example), more = lines[0], len(lines) - 1
    listed = [f"  - {shown}: {_all(askers[each])}.{_nearest(each, held)}" for shown, each in lines[:_LISTED]]
    if len(lines) > _LISTED:
        listed.append(f"  - and {len(lines) - _LISTED} more")
    whose = "project carries" if example.what is Holding.PURPOSE else "profile holds"
    others = "" if not more else f", and {more} more such {'name' if more == 1 else 'names'}"
    detail = (
        "Policies ask for what nobody has, of all profiles and projects that are deployed or have been planned so far. Such a "
        "condition is never met:\n"
        + "\n".join(listed)
        + "\nCorrect the name, or give it to somebody. Where a later part of the plan or another configuration does that, all is "
        'well; unknown_names = "ignore" in the provider block ends these warnings.'
    )
    kind, key = min(askers[example])
    return replace(finding("name-not-held", detail, kind, key), summary=f"No {whose} the {first}{others}")


def without_user(profiles: Collection[str], users: Collection[str]) -> Finding | None:
    """One warning of the new `profiles` for whom there is no user among the `users` of the
    warehouse; None where there are none such.
    """
    missing = sorted(set(profiles) - set(users))
    if not missing:
        return None
    shown = missing[:_LISTED]
    alike = _alike(shown, users)
    near = users if len(users) <= _MOST_COMPARED else ()
    listed = [
        f"  - {_quoted(each)}." + (_did_you_mean(alike[each]) if each in alike else _hint(each, near)) for each in shown
    ]
    if len(missing) > _LISTED:
        listed.append(f"  - and {len(missing) - _LISTED} more")
    others = f", nor {len(missing) - 1} more with a new profile" if len(missing) > 1 else ""
    detail = (
        "These profiles are for users whom the warehouse does not have now. Names count to the letter, as `current_user` shows "
        "them:\n"
        + "\n".join(listed)
        + "\nCorrect the name, or create the user. Where that happens later, as when somebody signs in through an identity "
        'provider for the first time, all is well; unknown_names = "ignore" in the provider block ends these warnings.'
    )
    summary = f"The warehouse has no user {_quoted(missing[0])}{others}"
    return replace(finding("user-not-there", detail, Kind.PROFILE, missing[0], ("user",)), summary=summary)


def _alike(missing: Iterable[str], users: Iterable[str]) -> dict[str, str]:
    """Which user differs from a missing one by case or by the prefix of an identity provider alone,
    as in `IAM:ann`.
    """
    wanted = {each.lower(): each for each in missing}
    alike = {}
    for user in users:
        for name in (user.lower().rpartition(":")[2], user.lower()):
            if name in wanted:
                alike[wanted[name]] = user
    return alike


def _shown(asked: Asked) -> str:
    value = "" if asked.value is None else f" with the value {_quoted(asked.value)}"
    return f"{asked.what} {_quoted(asked.name)}{value}"


def _all(places: Collection[Place]) -> str:
    named = [subject(kind, key) for kind, key in sorted(places)]
    more = f" and {len(named) - 3} more" if len(named) > 3 else ""
    return ", ".join(each[0].lower() + each[1:] for each in named[:3]) + more


def _nearest(asked: Asked, held: Held) -> str:
    if asked.value is None:
        return _hint(asked.name, [each.name for each in held if each.what is asked.what and each.value is None])
    same = (each for each in held if (each.what, each.name) == (asked.what, asked.name))
    return _hint(asked.value, [each.value for each in same if each.value is not None])


def _hint(word: str, known: Iterable[str]) -> str:
    near = did_you_mean(word, known, quote='"{}"')
    return f" {near}" if near else ""


def _did_you_mean(name: str) -> str:
    return f" Did you mean {_quoted(name)}?"


def _quoted(name: str) -> str:
    return f'"{name}"'
