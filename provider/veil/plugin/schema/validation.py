"""Validate a configuration against its model, as far as it is known.

Nothing is done about unknown values beforehand: ``UNKNOWN`` fails every check of pydantic's, which therefore skips all
validators that would have looked at it, and the complaints about ``UNKNOWN`` itself are dropped afterwards.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from ..diagnostics import Diagnostic, Path
from ..values.raw import Raw, contains_unknown
from ..values.unknown import UNKNOWN
from .model import Model
from .objects import bind_model
from .schema import Attribute, Nesting


def validate(model: type[Model], attributes: Mapping[str, Attribute], config: Raw) -> list[Diagnostic]:
    """Everything that is wrong with ``config``, so far as it is known; empty when nothing is."""
    data = bind_model(model).to_data(config)
    decided = _decided_by_provider(attributes, config)
    try:
        model.model_validate(data)
    except ValidationError as error:
        complaints = [item for item in error.errors(include_url=False) if item["input"] is not UNKNOWN]
        return decided + [_diagnostic(item, attributes) for item in complaints]
    except Exception:
        # A "before" validator sees values that pydantic has not checked, UNKNOWN among them. It runs again when
        # everything is known.
        if contains_unknown(config):
            return decided
        raise
    return decided


def _decided_by_provider(attributes: Mapping[str, Attribute], config: Raw) -> list[Diagnostic]:
    """Complaints about values for attributes that only the provider sets. Terraform itself lets them pass."""
    given = config if isinstance(config, Mapping) else {}
    return [
        Diagnostic.error(
            f"{name} cannot be set", "Its value is decided by the provider. Delete it here.", Path((name,))
        )
        for name, attribute in attributes.items()
        if attribute.computed and not (attribute.optional or attribute.required) and given.get(name) is not None
    ]


def _diagnostic(item: Any, attributes: Mapping[str, Attribute]) -> Diagnostic:
    path, attribute, secret = locate(item["loc"], attributes)
    name = attribute.name if attribute else ""
    if item["input"] is None and attribute is not None and attribute.required:
        return Diagnostic.error(f"{name} is required", "It must be set to a value that is not null.", path)
    summary = f"Invalid value for {name}" if name else "Invalid configuration"
    return Diagnostic.error(summary, _detail(item, secret or attribute is None), path)


def _detail(item: Any, hide: bool) -> str:
    reason = str(item.get("ctx", {}).get("error", "")) if item["type"] in ("value_error", "assertion_error") else ""
    message = _sentence(reason or _plain_message(item) or item["msg"].replace("Input should", "It must"))
    if reason or hide or not isinstance(item["input"], str | int | float):
        return message
    return f"{message} Found: {_shown(item['input'])}."


def _plain_message(item: Any) -> str | None:
    """In place of what Pydantic says in the terms of Python."""
    if item["type"] == "int_from_float":
        return "It must be a whole number"
    least, most = (item.get("ctx", {}).get(key) for key in ("min_length", "max_length"))
    things = {"string_too_short": "character", "string_too_long": "character", "too_short": "item", "too_long": "item"}
    if item["type"] not in things:
        return None
    limit = most if item["type"].endswith("long") else least
    if limit == 1 and limit is least:
        return "It must not be empty"
    word = "most" if limit is most else "least"
    return f"It must have at {word} {limit} {things[item['type']]}{'' if limit == 1 else 's'}"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 80 else text[:77] + "..."


def _sentence(text: str) -> str:
    text = text.strip()
    return text if not text or text[-1] in ".!?^" else text + "."


def locate(loc: Sequence[str | int], attributes: Mapping[str, Attribute]) -> tuple[Path, Attribute | None, bool]:
    """The path of a pydantic location as far as Terraform can address it, the attribute there, whether it is secret."""
    steps: list[str | int] = []
    found: Attribute | None = None
    secret = False
    rest = list(loc)
    while rest and rest[0] in attributes:
        step = rest.pop(0)
        found = attributes[str(step)]
        secret = secret or found.sensitive or found.write_only
        steps.append(step)
        if found.nested is None:
            return Path((*steps, *_inner(rest, found))), found, secret
        if found.nested.nesting is Nesting.SET:
            break
        if not found.nested.is_one:
            if not rest:
                break
            steps.append(rest.pop(0))
        attributes = found.nested.attributes
    return Path(steps), found, secret


def _inner(rest: list[str | int], attribute: Attribute) -> list[str | int]:
    """The addressable part of what follows a leaf attribute: one element of a list or map."""
    kind = attribute.type.to_json()
    if rest and isinstance(kind, list) and kind[0] in ("list", "map", "tuple") and rest[1:2] != ["[key]"]:
        return rest[:1]
    return []
