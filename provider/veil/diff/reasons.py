"""What changes of an object, in words that end a sentence beginning with "because"."""

from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

from veil.diff.access import named
from veil.model import (
    KINDS,
    DataSource,
    Exceptions,
    Integration,
    Kind,
    MaskingPolicy,
    Policy,
    Profile,
    RowPolicy,
    SubscriptionPolicy,
    kind_of,
)
from veil.model.kinds import Governed


def declared(thing: Any) -> Any:
    """The object as far as it is declared and anything decides by it."""
    # What functions were when a policy first named them, nobody declares: a plan does not tell it.
    stripped = replace(thing, definitions=frozenset()) if isinstance(thing, MaskingPolicy) else thing
    if isinstance(stripped, Integration):
        stripped = replace(stripped, monitored_schemas=frozenset(), on_new_tables="warn")
    return replace(stripped, description="") if hasattr(stripped, "description") else stripped


def reason(before: Governed | None, after: Governed | None) -> str:
    """What changes between the two, of which one may not be there. They are of one kind."""
    thing = after if after is not None else before
    assert thing is not None
    subject = subject_of(thing)
    if before is None:
        return f"{subject} is new"
    if after is None:
        return f"{subject} goes"
    changes = list(_changes(before, after))
    return f"{subject} {' and '.join(changes)}" if changes else f"{subject} changes"


def subject_of(thing: Governed) -> str:
    """An object with its kind, such as: masking policy "emails"."""
    noun = KINDS[kind_of(thing)].noun
    if isinstance(thing, DataSource):
        return f"{noun} {thing.key}"
    return f'{noun} "{getattr(thing, "name", None) or getattr(thing, "user", "")}"'


def _changes(before: Governed, after: Governed) -> Iterator[str]:
    if isinstance(before, Policy) and isinstance(after, Policy):
        yield from _of_policy(before, after)
    elif isinstance(before, DataSource) and isinstance(after, DataSource):
        yield from _of_source(before, after)
    elif isinstance(before, Profile) and isinstance(after, Profile):
        yield from _of_profile(before, after)
    elif names := _fields_that_differ(before, after):
        yield f"changes its {_listed(names)}"


def _of_policy(before: Policy, after: Policy) -> Iterator[str]:
    if before.staged != after.staged:
        yield "is only staged now" if after.staged else "is no longer staged"
    covered = {"staged", "description", "exceptions", "mask", "name", "definitions"}
    if before.name != after.name:
        yield f'was called "{before.name}"'
    if isinstance(before, MaskingPolicy | RowPolicy) and isinstance(after, MaskingPolicy | RowPolicy):
        yield from _of_exceptions(before.exceptions, after.exceptions)
    if isinstance(before, MaskingPolicy) and isinstance(after, MaskingPolicy) and before.mask != after.mask:
        yield f"now puts {named(after.mask)} in place of {named(before.mask)}"
    words = {
        "applies_to": "applies elsewhere",
        "where": "masks other rows",
        "show": "shows other rows",
        "otherwise": "does something else for the others",
        "for_everyone_who": "is for others",
        "priority": "decides in another place",
        "access": "admits others",
        "expression": "admits others",
        "mode": f"is a {after.mode} now" if isinstance(after, SubscriptionPolicy) else "",
    }
    reasons = [
        words.get(each, f"changes its {each}") for each in _fields_that_differ(before, after) if each not in covered
    ]
    yield from dict.fromkeys(reasons)


def _of_exceptions(before: Exceptions, after: Exceptions) -> Iterator[str]:
    gone, new = _items(before) - _items(after), _items(after) - _items(before)
    if new:
        yield f"now excepts {_listed(sorted(new))}"
    if gone:
        yield f"no longer excepts {_listed(sorted(gone))}"
    if before.operator != after.operator:
        yield f"excepts who meets {'all' if after.operator == 'all' else 'any'} of its exceptions"


def _items(exceptions: Exceptions) -> set[str]:
    excepted = {f"group {each}" for each in exceptions.groups} | {f"purpose {each}" for each in exceptions.purposes}
    excepted |= {f"{each.name} = {each.value}" for each in exceptions.attributes}
    return excepted | ({f"who meets {exceptions.expression}"} if exceptions.expression is not None else set())


def _of_source(before: DataSource, after: DataSource) -> Iterator[str]:
    if before.enabled != after.enabled:
        yield "is enabled" if after.enabled else "is not enabled any more"
    old = {each.name: each for each in before.columns}
    new = {each.name: each for each in after.columns}
    if tagged := sorted(name for name in old.keys() & new.keys() if old[name].tags != new[name].tags):
        yield f"tags {_listed(tagged)} anew"
    if accepted := sorted(name for name in new if new[name].accepted and not (name in old and old[name].accepted)):
        yield f"accepts {_listed(accepted)}"
    if gone := sorted(old.keys() - new.keys()):
        yield f"loses {_listed(gone)}"
    if names := [each for each in _fields_that_differ(before, after) if each not in ("enabled", "columns")]:
        yield f"changes its {_listed(names)}"


def _of_profile(before: Profile, after: Profile) -> Iterator[str]:
    if new := after.groups - before.groups:
        yield f"joins {_listed(_until(each, after.expires.of_group(each)) for each in sorted(new))}"
    if gone := before.groups - after.groups:
        yield f"leaves {_listed(sorted(gone))}"
    stay = sorted(before.groups & after.groups)
    ends = [
        (each, after.expires.of_group(each))
        for each in stay
        if before.expires.of_group(each) != after.expires.of_group(each)
    ]
    if ends:
        yield f"stays in {_listed(_until(each, end) if end else f'{each} without end' for each, end in ends)}"
    names = before.attributes.keys() | after.attributes.keys()
    if moved := sorted(each for each in names if before.attributes.get(each) != after.attributes.get(each)):
        yield f"changes its {_listed(moved)}"
    names -= set(moved)
    ends_of = (before.expires.attributes, after.expires.attributes)
    if timed := sorted(each for each in names if ends_of[0].get(each, {}) != ends_of[1].get(each, {})):
        yield f"holds its {_listed(timed)} until another time"


def _until(name: str, end: datetime | None) -> str:
    return name if end is None else f"{name} until {end.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _fields_that_differ(before: Any, after: Any) -> list[str]:
    names = (each.name for each in fields(after))
    return [each for each in names if each != "description" and getattr(before, each) != getattr(after, each)]


def _listed(names: Iterable[str]) -> str:
    listed = list(names)
    shown = listed if len(listed) <= _SHOWN else [*listed[: _SHOWN - 1], f"{len(listed) - _SHOWN + 1} more"]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


_SHOWN = 4
"""So many names stand in a reason."""

PEOPLE = frozenset({Kind.PROFILE, Kind.SUBSCRIPTION, Kind.ACCESS_REFUSAL, Kind.PROJECT, Kind.PURPOSE})
"""The kinds of object by which users change themselves, and not what policies say of them."""
