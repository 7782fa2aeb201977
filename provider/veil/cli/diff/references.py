"""Which instances of data sources an attribute names, by the configuration that a plan holds: their
ids are known later.

A plan tells of an expression which names stand in it, and not what it makes of them. Each reference
comes with what it is part of behind it: `a.b["x"].id`, `a.b["x"]`, `a.b`. Source: Terraform's "JSON
Output Format", expression representation.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_SOURCE = "veil_data_source"
_STEP = re.compile(r"""(?:[^."\[\]]|\[(?:"(?:[^"\\]|\\.)*"|[^\]"]*)\])+""")
"""A part of an address between its dots, with its key."""


@dataclass(frozen=True)
class Named:
    """The addresses that an attribute names. Where `perhaps` is set it may be some of them only: an
    expression goes through all instances of what stands there, and the plan does not tell which it
    takes. `through` is a local value of which the plan tells nothing: it is taken to be the only
    data source whose id nobody knows yet.
    """

    addresses: frozenset[str]
    perhaps: str = ""
    through: str = ""


class Configuration:
    """The configuration of a plan. `instances` are the addresses of the data sources that it knows,
    `made` those of the ones that it makes, whose ids are not known yet.
    """

    def __init__(self, root: Mapping[str, Any], instances: Collection[str], made: Collection[str] = ()) -> None:
        self._root = root
        self._instances = frozenset(instances)
        self._made = frozenset(made)

    def named(self, address: str, attribute: str) -> Named | None:
        """What an attribute of a resource's instance names; None where that is not told."""
        steps = _STEP.findall(address)
        modules, (kind, name) = tuple(steps[1:-2:2]), steps[-2:]
        block = self._block(modules, f"{kind}.{_without_key(name)}")
        if block is None:
            return None
        own = _Own(_key(name), _references(block.get("for_each_expression")))
        return self._of(_references(block.get("expressions", {}).get(attribute)), modules, own)

    def locals_in(self, address: str, attribute: str) -> tuple[str, ...]:
        """The local values that an attribute of a resource's instance names: what they are no plan
        tells.
        """
        steps = _STEP.findall(address)
        block = self._block(tuple(steps[1:-2:2]), f"{steps[-2]}.{_without_key(steps[-1])}")
        named = _references(block.get("expressions", {}).get(attribute)) if block is not None else ()
        return tuple(each for each in named if each.startswith("local."))

    def _of(self, references: Sequence[str], modules: tuple[str, ...], own: "_Own") -> Named | None:
        """What these references name in an instance of a module. `own` is what `each` and `count`
        stand for.
        """
        named: list[Named] = []
        indexes = [each for each in references if each in ("each.key", "count.index")]
        for each in references:
            if each not in indexes:
                one = self._of_one(each, modules, own, is_indexed=bool(indexes))
                if one is None:
                    return None
                named.append(one)
        if not named:
            return None
        perhaps, through = (
            ", ".join(sorted({name for each in named if (name := getattr(each, field))}))
            for field in ("perhaps", "through")
        )
        return Named(frozenset().union(*(each.addresses for each in named)), perhaps, through)

    def _of_one(self, reference: str, modules: tuple[str, ...], own: "_Own", *, is_indexed: bool) -> Named | None:
        steps = _STEP.findall(reference)
        prefix = "".join(f"module.{each}." for each in modules)
        match steps:
            case [kind, name, *rest] if kind == _SOURCE and rest in ([], ["id"]):
                there = self._at(f"{prefix}{kind}.{name}")
                if f"{prefix}{kind}.{name}" in there:
                    return Named(there)
                if is_indexed:
                    one = f"{prefix}{kind}.{name}{own.key}"
                    return Named(frozenset({one})) if one in there else None
                return Named(there, f"{kind}.{name}") if there else None
            case ["local", name, *_] if len(self._made) == 1:
                return Named(self._made, through=f"local.{name}")
            case ["each", "value", *rest] if rest in ([], ["id"]) and len(own.through) == 1:
                chained = self._of_one(own.through[0], modules, _NOTHING, is_indexed=False)
                ours = {each for each in chained.addresses if each.endswith(own.key)} if chained and own.key else set()
                return Named(frozenset(ours)) if len(ours) == 1 else None
            case ["var", name] if modules:
                call = self._call(modules)
                given = _references(call.get("expressions", {}).get(name)) if call else ()
                through = _references(call.get("for_each_expression")) if call else ()
                return self._of(given, modules[:-1], _Own(_key(modules[-1]), through))
            case ["module", name, output]:
                inner = (*modules, name)
                call = self._call(inner)
                if call is None or (_key(name) == "" and {"for_each_expression", "count_expression"} & call.keys()):
                    return None
                given = call.get("module", {}).get("outputs", {}).get(output, {}).get("expression")
                return self._of(_references(given), inner, _NOTHING)
        return None

    def _at(self, address: str) -> frozenset[str]:
        """The instance of this address, or all those of a resource."""
        return frozenset(each for each in self._instances if each == address or each.startswith(f"{address}["))

    def _call(self, modules: Sequence[str]) -> Mapping[str, Any] | None:
        """The block that calls a module."""
        calls: Mapping[str, Any] = (self._module(modules[:-1]) or {}).get("module_calls", {})
        call: Mapping[str, Any] | None = calls.get(_without_key(modules[-1]))
        return call

    def _module(self, modules: Sequence[str]) -> Mapping[str, Any] | None:
        module: Mapping[str, Any] = self._root
        for each in modules:
            module = module.get("module_calls", {}).get(_without_key(each), {}).get("module", {})
        return module

    def _block(self, modules: Sequence[str], address: str) -> Mapping[str, Any] | None:
        blocks = (self._module(modules) or {}).get("resources", [])
        return next((each for each in blocks if each.get("address") == address), None)


@dataclass(frozen=True)
class _Own:
    """The key of an instance as addresses write it, empty without one, and what its `for_each`
    names.
    """

    key: str = ""
    through: tuple[str, ...] = ()


_NOTHING = _Own()


def _references(expression: Any) -> tuple[str, ...]:
    """What an expression names, without what each of these is part of."""
    given = expression.get("references", ()) if isinstance(expression, dict) else ()
    return tuple(dict.fromkeys(_longest([each for each in given if isinstance(each, str)])))


def _longest(references: Sequence[str]) -> Iterator[str]:
    last = ""
    for each in references:
        if not (last.startswith(each) and last[len(each) :].startswith((".", "["))):
            last = each
            yield each


def _without_key(step: str) -> str:
    return step.split("[", 1)[0]


def _key(step: str) -> str:
    return step[len(_without_key(step)) :]
