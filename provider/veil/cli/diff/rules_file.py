"""The rules of a team, from a TOML file."""

import json
import tomllib
from collections.abc import Mapping
from datetime import date, time
from pathlib import Path
from typing import Any

from veil.cli.errors import CliError
from veil.cli.parsing import did_you_mean
from veil.diff import GAINED, Deny, Require

DEFAULT = "veil.rules.toml"

_GAINED_NAMES = {"clear": "clear values", "weaker": "clear values or weaker masks", "any": "anything"}
_DENY = ("name", "gains", "column_tags", "data_sources", "unless_group")
_REQUIRE = ("name", "column_tags", "data_sources", "unless_group", "shows")


def read_rules(path: Path) -> tuple[tuple[Deny, ...], tuple[Require, ...]]:
    """What the file denies and requires. Raises CliError where it cannot be read, or says what is
    no rule: a rule that is misspelt would let everything pass.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise CliError("The rules cannot be read", f"{path}: {problem.strerror or problem}.") from problem
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise CliError("The rules cannot be read", f"{path} is not TOML: {problem}.") from problem
    _require_known(document, ("deny", "require"), f"{path}")
    denied = tuple(_deny(each, f"{path}, deny {at}") for at, each in enumerate(_tables(document, "deny", path), 1))
    wanted = tuple(
        _require(each, f"{path}, require {at}") for at, each in enumerate(_tables(document, "require", path), 1)
    )
    return denied, wanted


def _tables(document: Mapping[str, Any], name: str, path: Path) -> list[Mapping[str, Any]]:
    tables = document.get(name, [])
    if not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
        raise CliError("Not a rule", f"{path}: write [[{name}]] above each rule.")
    return tables


def _deny(rule: Mapping[str, Any], place: str) -> Deny:
    _require_known(rule, _DENY, place)
    gains = rule.get("gains", "clear")
    if gains not in GAINED:
        raise CliError("Not a rule", f'{place}: gains is {_written(gains)}. It is "clear", "weaker" or "any".')
    tags, sources = _texts(rule, "column_tags", place), _texts(rule, "data_sources", place)
    name = _text(rule, "name", place) or _named("nobody gains", _GAINED_NAMES[gains], tags)
    return Deny(name, gains, tags, sources, _text(rule, "unless_group", place))


def _require(rule: Mapping[str, Any], place: str) -> Require:
    _require_known(rule, _REQUIRE, place)
    if rule.get("shows", "masked") != "masked":
        raise CliError("Not a rule", f'{place}: shows is {_written(rule["shows"])}. It is "masked".')
    tags = _texts(rule, "column_tags", place)
    if not tags:
        raise CliError("Not a rule", f"{place}: column_tags says of which columns it holds, and is missing.")
    name = _text(rule, "name", place) or _named("nobody sees", "clear values", tags)
    return Require(name, tags, _texts(rule, "data_sources", place), _text(rule, "unless_group", place))


def _written(value: Any) -> str:
    """A value as TOML writes it. A table is told as one, whatever it holds."""
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    return str(value) if isinstance(value, date | time) else json.dumps(value, ensure_ascii=False)


def _named(what: str, whose: str, tags: frozenset[str]) -> str:
    return f"{what} {whose}{' of ' + ', '.join(sorted(tags)) if tags else ''}"


def _require_known(table: Mapping[str, Any], known: tuple[str, ...], place: str) -> None:
    for each in table:
        if each not in known:
            hint = did_you_mean(each, list(known)) or f". There are: {', '.join(known)}."
            raise CliError("Not a rule", f"{place}: there is no {each!r}{hint}")


def _texts(rule: Mapping[str, Any], name: str, place: str) -> frozenset[str]:
    texts = rule.get(name, [])
    if not isinstance(texts, list) or not all(isinstance(each, str) and each for each in texts):
        raise CliError("Not a rule", f'{place}: {name} is a list of texts, such as ["pii"].')
    return frozenset(texts)


def _text(rule: Mapping[str, Any], name: str, place: str) -> str | None:
    text = rule.get(name)
    if text is not None and not (isinstance(text, str) and text):
        raise CliError("Not a rule", f"{place}: {name} is a text.")
    return text
