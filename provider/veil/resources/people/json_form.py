"""Users as JSON: an object with a key for each user, in the form of the attribute `users`; or a
list of a directory's own objects.

{"alice": {"groups": ["analysts"], "attributes": {"territory": ["US", "CA"]}}}
"""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from veil.model import Expires, Profile
from veil.model.names import problem_with_identifier, problem_with_value
from veil.resources.hcl.moments import moment_of
from veil.resources.people.columns import Columns
from veil.resources.people.composing import composed
from veil.resources.people.gathering import Gathered, Right
from veil.resources.people.problems import Problems, refusal

_KEYS = frozenset({"groups", "attributes", "expires"})
_ENDS = frozenset({"groups", "attributes"})


def read_json(path: str, text: str, columns: Columns | None = None) -> dict[str, Profile]:
    """The profiles of a JSON text. Raises PluginError with the places of all that is wrong.

    With `columns` the text is a list of objects, or an object that has one under `value` (Microsoft
    Graph) or `Resources` (SCIM, RFC 7644 section 3.4.2). What several objects say of a user adds
    up.
    """
    problems = Problems(path)
    if columns is not None:
        data = _parsed(path, text, _Fields(columns))
        profiles = _Listed(columns, problems).profiles(_entries(path, data))
    else:
        data = _parsed(path, text, _object)
        if not isinstance(data, dict):
            raise refusal(path, [f"it is {_kind(data)} where an object with a key for each user belongs"])
        reader = _Reader(problems)
        profiles = {user: reader.profile(user, held) for user, held in data.items()}
    problems.require_none()
    return profiles


def _parsed(path: str, text: str, object_of: Callable[[list[tuple[str, Any]]], dict[str, Any]]) -> Any:
    try:
        return json.loads(text, object_pairs_hook=object_of)
    except json.JSONDecodeError as problem:
        raise refusal(path, [f"line {problem.lineno}, column {problem.colno}: {problem.msg}"]) from problem
    except _TwiceError as problem:
        raise refusal(path, [f"the key {problem.args[0]!r} is there twice in one object"]) from problem
    except ValueError as problem:  # Python reads no number of more than some thousand digits.
        raise refusal(path, ["it contains a number that is too long; values are strings"]) from problem
    except RecursionError as problem:
        raise refusal(path, ["its lists or objects are nested too deeply"]) from problem


class _TwiceError(ValueError):
    """A key is there twice; the second would silently win."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for written, value in pairs:
        name = composed(written)
        if name in members:
            raise _TwiceError(name)
        members[name] = value
    return members


_LISTS = ("value", "Resources")
_NEXT = "@odata.nextLink"


class _Fields:
    """Makes objects of no more than the fields that are read, and those that say what a list is:
    the rest of a large directory is not kept in memory.
    """

    def __init__(self, columns: Columns) -> None:
        whole = set(columns.named())
        self._wanted = whole.union(_LISTS, (_NEXT,), *(name.split(".") for name in whole))

    def __call__(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        return _object([(name, value) for name, value in pairs if composed(name) in self._wanted])


def _entries(path: str, data: Any) -> list[Any]:
    """The objects of which each is to say something of a user."""
    if isinstance(data, dict):
        if _NEXT in data:
            raise refusal(path, [f"it is one page of several: it has {_NEXT}. Ask for every page, and write one list"])
        lists = [data[name] for name in _LISTS if isinstance(data.get(name), list)]
        data = lists[0] if len(lists) == 1 else data
    if not isinstance(data, list):
        raise refusal(path, [f"it is {_kind(data)} where a list with an object for each user belongs"])
    return data


class _Listed:
    """Reads a directory's own objects, and notes what cannot be read."""

    def __init__(self, columns: Columns, problems: Problems) -> None:
        self._columns, self._problems = columns, problems
        self._only = {name: frozenset(map(str.casefold, values)) for name, values in columns.only.items()}
        self._seen: set[str] = set()

    def profiles(self, entries: list[Any]) -> dict[str, Profile]:
        gathered = Gathered(self._problems)
        for index, entry in enumerate(entries):
            where = f"[{index}]"
            if not isinstance(entry, dict):
                self._problems.add(where, f"it is {_kind(entry)} where an object belongs")
                continue
            # Each is looked for, also where another lets nothing through: which fields the file has
            # is told of all of them.
            counts = [self._counts(entry, name, values) for name, values in self._only.items()]
            if not all(counts):
                continue
            rights, end = list(self._rights(where, entry)), self._end(where, entry)
            if (user := self._user(where, entry)) is not None:
                gathered.add(where, user, rights, end)
        for name in dict.fromkeys(self._columns.named()) if entries else ():
            if name not in self._seen:
                self._problems.add("", f"no object has the field {name!r}. Write in columns a field that the file has")
        return gathered.profiles()

    def _user(self, where: str, entry: dict[str, Any]) -> str | None:
        where = f"{where}.{self._columns.user}"
        names = self._texts(where, entry, self._columns.user)
        if len(names) != 1:
            self._problems.add(where, f"it names {len(names)} users where one belongs")
            return None
        user = self._columns.prefix + names.pop()
        if problem := problem_with_identifier(user):
            self._problems.add(where, f"{user!r} cannot be a Redshift user: {problem}")
            return None
        return user

    def _rights(self, where: str, entry: dict[str, Any]) -> Iterator[Right]:
        if (groups := self._columns.groups) is not None:
            yield from ((None, value) for value in self._texts(f"{where}.{groups}", entry, groups))
        for name, field in self._columns.attributes.items():
            yield from ((name, value) for value in self._texts(f"{where}.{field}", entry, field))

    def _end(self, where: str, entry: dict[str, Any]) -> datetime | None:
        """When all that an object gives ends."""
        field = self._columns.expires
        if field is None:
            return None
        texts = self._texts(f"{where}.{field}", entry, field)
        if len(texts) > 1:
            self._problems.add(f"{where}.{field}", f"it names {len(texts)} times where one belongs")
        return _moment(self._problems, f"{where}.{field}", texts.pop()) if len(texts) == 1 else None

    def _counts(self, entry: dict[str, Any], name: str, values: frozenset[str]) -> bool:
        """Whether one of these values stands there; true and false are those words."""
        texts = (str(each).casefold() for each in self._found(entry, name) if isinstance(each, str | bool))
        return any(each in values for each in texts)

    def _texts(self, where: str, entry: dict[str, Any], name: str) -> set[str]:
        """The strings of a field without the spaces around them; null and empty ones say
        nothing.
        """
        texts = set()
        for each in self._found(entry, name):
            if not isinstance(each, str):
                self._problems.add(where, f"it is {_kind(each)} where a string or a list of them belongs")
            elif value := composed(each).strip():
                if problem := problem_with_value(value):
                    self._problems.add(where, f"{value!r} cannot be used: {problem}")
                else:
                    texts.add(value)
        return texts

    def _found(self, entry: dict[str, Any], name: str) -> list[Any]:
        """What a field says: of a list, each item."""
        if name in entry:
            self._seen.add(name)
            return list(_flat(entry[name]))
        values = [entry]
        for part in name.split("."):
            inner = [each[part] for each in values if isinstance(each, dict) and part in each]
            if inner:
                values = [item for each in inner for item in _flat(each)]
            else:
                return []
        self._seen.add(name)
        return values


def _flat(value: Any) -> Iterator[Any]:
    """A value, or each of a list; null is nothing."""
    if isinstance(value, list):
        yield from (each for each in value if each is not None)
    elif value is not None:
        yield value


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
            self._problems.add(f"{user}.{key}", "unknown field. A user has groups, attributes and expires")
        attributes = held.get("attributes", {})
        if not isinstance(attributes, dict):
            self._problems.add(f"{user}.attributes", f"it is {_kind(attributes)} where an object of lists belongs")
            attributes = {}
        for name in attributes:
            if problem := "it is empty" if not name else problem_with_value(name):
                self._problems.add(f"{user}.attributes", f"the name {name!r} cannot be used: {problem}")
        values = {name: self._texts(f"{user}.attributes.{name}", each) for name, each in sorted(attributes.items())}
        groups = self._texts(f"{user}.groups", held.get("groups", []), may_be_empty=False)
        profile = Profile(
            user,
            groups,
            {name: texts for name, texts in values.items() if texts},
            self._expires(f"{user}.expires", held.get("expires", {})),
        )
        for path, each in profile.ends_of_nothing():
            self._problems.add(
                ".".join((user, "expires", *path)), f"{each!r} is given an end, and the user does not hold it"
            )
        return profile

    def _expires(self, where: str, ends: Any) -> Expires:
        if not isinstance(ends, dict):
            self._problems.add(where, f"it is {_kind(ends)} where an object with groups and attributes belongs")
            return Expires()
        for key in sorted(ends.keys() - _ENDS):
            self._problems.add(f"{where}.{key}", "unknown field. What ends are groups and attributes")
        attributes = ends.get("attributes", {})
        if not isinstance(attributes, dict):
            self._problems.add(f"{where}.attributes", f"it is {_kind(attributes)} where an object belongs")
            attributes = {}
        of_values = {name: self._moments(f"{where}.attributes.{name}", each) for name, each in attributes.items()}
        return Expires(
            self._moments(f"{where}.groups", ends.get("groups", {})),
            {name: moments for name, moments in sorted(of_values.items()) if moments},
        )

    def _moments(self, where: str, ends: Any) -> dict[str, datetime]:
        if not isinstance(ends, dict):
            self._problems.add(where, f"it is {_kind(ends)} where an object of times belongs")
            return {}
        moments = {name: _moment(self._problems, f"{where}.{name}", each) for name, each in sorted(ends.items())}
        return {name: moment for name, moment in moments.items() if moment is not None}

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


def _moment(problems: Problems, where: str, text: Any) -> datetime | None:
    if not isinstance(text, str):
        problems.add(where, f"it is {_kind(text)} where a time belongs, such as 2030-01-01T00:00:00Z")
        return None
    try:
        return moment_of(text)
    except ValueError as problem:
        problems.add(where, str(problem).rstrip("."))
        return None


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
