"""Users as JSON, in the form of the attribute `users`: an object with a key for each user.

{"alice": {"groups": ["analysts"], "attributes": {"territory": ["US", "CA"]}}}
"""

import json
from typing import Any

from veil.model import Profile
from veil.model.names import problem_with_identifier, problem_with_value
from veil.resources.people.composing import composed
from veil.resources.people.problems import Problems, refusal

_KEYS = frozenset({"groups", "attributes"})


def read_json(path: str, text: str) -> dict[str, Profile]:
    """The profiles of a JSON text. Raises PluginError with the places of all that is wrong."""
    try:
        data = json.loads(text, object_pairs_hook=_object)
    except json.JSONDecodeError as problem:
        raise refusal(path, [f"line {problem.lineno}, column {problem.colno}: {problem.msg}"]) from problem
    except _TwiceError as problem:
        raise refusal(path, [f"the key {problem.args[0]!r} is there twice in one object"]) from problem
    except ValueError as problem:  # Python reads no number of more than some thousand digits.
        raise refusal(path, ["it contains a number that is too long; values are strings"]) from problem
    except RecursionError as problem:
        raise refusal(path, ["its lists or objects are nested too deeply"]) from problem
    if not isinstance(data, dict):
        raise refusal(path, [f"it is {_kind(data)} where an object with a key for each user belongs"])
    problems = Problems(path)
    reader = _Reader(problems)
    profiles = {user: reader.profile(user, held) for user, held in data.items()}
    problems.require_none()
    return profiles


class _TwiceError(ValueError):
    """A key is there twice; the second would silently win."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for written, value in pairs:
        name = composed(written)
        if name in found:
            raise _TwiceError(name)
        found[name] = value
    return found


class _Reader:
    """Reads what each user holds, and notes what cannot be read."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems

    def profile(self, user: str, held: Any) -> Profile:
        """One user's profile; of one that cannot be read, what can be."""
        if problem := problem_with_identifier(user):
            self._problems.add(f"user {user!r}", f"it cannot be a Redshift user: {problem}")
        if not isinstance(held, dict):
            self._problems.add(user, f"it is {_kind(held)} where an object with groups and attributes belongs")
            return Profile(user)
        for key in sorted(held.keys() - _KEYS):
            self._problems.add(f"{user}.{key}", "unknown field. A user has groups and attributes")
        attributes = held.get("attributes", {})
        if not isinstance(attributes, dict):
            self._problems.add(f"{user}.attributes", f"it is {_kind(attributes)} where an object of lists belongs")
            attributes = {}
        for name in attributes:
            if problem := "it is empty" if not name else problem_with_value(name):
                self._problems.add(f"{user}.attributes", f"the name {name!r} cannot be used: {problem}")
        values = {name: self._texts(f"{user}.attributes.{name}", each) for name, each in sorted(attributes.items())}
        groups = self._texts(f"{user}.groups", held.get("groups", []), may_be_empty=False)
        return Profile(user, groups, {name: found for name, found in values.items() if found})

    def _texts(self, where: str, values: Any, *, may_be_empty: bool = True) -> frozenset[str]:
        if not isinstance(values, list):
            self._problems.add(where, f"it is {_kind(values)} where a list of strings belongs")
            return frozenset()
        for index, value in enumerate(values):
            if not isinstance(value, str):
                self._problems.add(f"{where}[{index}]", f"it is {_kind(value)} where a string belongs")
            elif problem := problem_with_value(value) or (None if value or may_be_empty else "it is empty"):
                self._problems.add(f"{where}[{index}]", f"{value!r} cannot be used: {problem}")
        return frozenset(composed(value) for value in values if isinstance(value, str))


def _kind(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case int() | float():
            return f"the number {value}"
        case str():
            return f"the string {value!r}"
        case list():
            return "a list"
        case _:
            return "an object"
