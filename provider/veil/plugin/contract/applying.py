"""What a provider may return: after apply, from read, from import."""

from collections.abc import Iterator, Mapping

from ..diagnostics import Steps
from ..lifecycle.pairing import children, is_present
from ..schema.schema import Attribute, Nested, Nesting
from ..values.raw import Raw, Typed, contains_unknown, equal
from ..values.types import ListType, MapType, ObjectType, Primitive, SetType, TupleType, Type
from ..values.unknown import UNKNOWN
from .problem import Problem, show


def check_known(attributes: Mapping[str, Attribute], value: Raw) -> Iterator[Problem]:
    """The attributes of ``value`` that are not wholly known."""
    for name in attributes:
        if contains_unknown(value[name]):
            yield Problem((name,), "still unknown; a result must be known in full")


def check_apply(
    attributes: Mapping[str, Attribute], planned: Raw, actual: Raw, path: Steps = (), secret: bool = False
) -> Iterator[Problem]:
    """Where ``actual``, the state after apply, contradicts what was planned."""
    for name, attribute in attributes.items():
        hidden = secret or attribute.sensitive or attribute.write_only
        if attribute.nested is not None and not hidden:
            yield from _check_nested(attribute.nested, planned[name], actual[name], (*path, name))
        else:
            yield from _compare(planned[name], actual[name], attribute.type, (*path, name), hidden)


def _check_nested(nested: Nested, planned: Raw, actual: Raw, path: Steps) -> Iterator[Problem]:
    """Like ``_compare``, but with the sensitivity of the attributes inside, as far as objects can
    be paired.
    """
    if not _pairs_up(nested, planned, actual):
        yield from _compare(planned, actual, nested.type, path, _any_secret(nested.attributes))
        return
    after = dict(children(nested, actual))
    for step, before in children(nested, planned):
        place = (*path, *step)
        if is_present(before) and is_present(after[step]):
            yield from check_apply(nested.attributes, before, after[step], place)
        else:
            yield from _compare(before, after[step], nested.object_type, place, _any_secret(nested.attributes))


def _pairs_up(nested: Nested, planned: Raw, actual: Raw) -> bool:
    """Whether each planned object has its counterpart by place or key."""
    if not is_present(planned) or not is_present(actual) or nested.nesting is Nesting.SET:
        return False
    return nested.is_one or dict(children(nested, planned)).keys() == dict(children(nested, actual)).keys()


def _any_secret(attributes: Mapping[str, Attribute]) -> bool:
    return any(
        a.sensitive or a.write_only or (a.nested is not None and _any_secret(a.nested.attributes))
        for a in attributes.values()
    )


def _compare(planned: Raw, actual: Raw, kind: Type, path: Steps, secret: bool) -> Iterator[Problem]:
    if planned is UNKNOWN or actual is UNKNOWN:
        return
    if planned is None or actual is None:
        if planned is not actual:
            yield Problem(path, _was(planned, actual, secret))
        return
    match kind:
        case ListType(element):
            yield from _compare_sequence(planned, actual, [element] * len(planned), path, secret)
        case TupleType(elements):
            yield from _compare_sequence(planned, actual, list(elements), path, secret)
        case MapType(element):
            yield from _compare_keys(planned, actual, dict.fromkeys([*planned, *actual], element), path, secret)
        case ObjectType(attributes):
            yield from _compare_keys(planned, actual, attributes, path, secret)
        case SetType(element):
            yield from _compare_set(planned, actual, element, path, secret)
        case Primitive():
            yield from _compare_primitive(planned, actual, kind, path, secret)


def _compare_primitive(planned: Raw, actual: Raw, kind: Type, path: Steps, secret: bool) -> Iterator[Problem]:
    if isinstance(planned, Typed) and isinstance(actual, Typed) and planned.type == actual.type:
        yield from _compare(planned.value, actual.value, planned.type, path, secret)
    elif not (isinstance(planned, Typed) and contains_unknown(planned)) and not equal(planned, actual, kind):
        yield Problem(path, _was(planned, actual, secret))


def _compare_sequence(planned: Raw, actual: Raw, kinds: list[Type], path: Steps, secret: bool) -> Iterator[Problem]:
    if len(planned) != len(actual):
        yield Problem(path, f"planned with {len(planned)} elements, but now has {len(actual)}")
        return
    for index, (before, after) in enumerate(zip(planned, actual, strict=True)):
        yield from _compare(before, after, kinds[index], (*path, index), secret)


def _compare_keys(planned: Raw, actual: Raw, kinds: Mapping[str, Type], path: Steps, secret: bool) -> Iterator[Problem]:
    for key, kind in kinds.items():
        if key not in actual:
            yield Problem((*path, key), "was planned, but has vanished")
        elif key not in planned:
            yield Problem((*path, key), "was not planned, but has appeared")
        else:
            yield from _compare(planned[key], actual[key], kind, (*path, key), secret)


def _compare_set(planned: Raw, actual: Raw, element: Type, path: Steps, secret: bool) -> Iterator[Problem]:
    if equal(planned, actual, SetType(element)):
        return
    for item in planned:
        if not any(_compatible(item, other, element) for other in actual):
            yield Problem(path, f"the planned element {show(item, secret)} is not in the result")
            return
    for item in actual:
        if not any(_compatible(other, item, element) for other in planned):
            yield Problem(path, f"the result contains {show(item, secret)}, which was not planned")
            return


def _compatible(planned: Raw, actual: Raw, kind: Type) -> bool:
    return next(_compare(planned, actual, kind, (), True), None) is None


def _was(planned: Raw, actual: Raw, secret: bool) -> str:
    if secret and planned is not None and actual is not None:
        return "differs from the sensitive value that was planned"
    return f"was planned as {show(planned, secret)}, but is now {show(actual, secret)}"
