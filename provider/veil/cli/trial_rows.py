"""Rows that somebody tries the policies on, as they stand on the command line."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from veil.cli.errors import CliError
from veil.model import Column, DataSource, Family
from veil.oracle import Value


def trial_row(text: str, source: DataSource) -> dict[str, Value]:
    """A row out of `COLUMN=VALUE,COLUMN=VALUE`, or out of a JSON object, which can hold commas and
    NULLs. Columns that are left out are NULL. Raises CliError.
    """
    row: dict[str, Value] = {column.name: None for column in source.columns}
    for name, value in _json(text, source) if text.lstrip().startswith("{") else _pairs(text, source):
        column = source.column(name)
        if column is None:
            known = ", ".join(each.name for each in source.columns)
            raise CliError("Not a row", f"{source.key} has no column {name!r}, only {known}.")
        row[column.name] = None if value is None else _value(value, column)
    return row


def _pairs(text: str, source: DataSource) -> Iterable[tuple[str, str]]:
    for part in text.split(","):
        name, equals, value = part.partition("=")
        if not equals:
            raise CliError(
                "Not a row", f"{part!r}: write COLUMN=VALUE with a column of {source.key}, or a JSON object."
            )
        yield name.strip(), value


def _json(text: str, source: DataSource) -> Iterable[tuple[str, Any]]:
    try:
        row = json.loads(text, parse_float=Decimal)
    except ValueError as problem:
        raise CliError("Not a row", f"This is no JSON object: {problem}.") from problem
    for name, value in row.items():
        if isinstance(value, dict | list):
            yield name, json.dumps(value, default=str)
        else:
            yield name, str(value).lower() if isinstance(value, bool) else None if value is None else str(value)


def _value(text: str, column: Column) -> Value:
    family = column.type.family
    try:
        if family.is_integer:
            return int(text)
        if family is Family.NUMERIC:
            return Decimal(text)
        if family in (Family.REAL, Family.DOUBLE):
            return float(text)
        if family is Family.BOOLEAN:
            return {"true": True, "false": False}[text.lower()]
        if family is Family.DATE:
            return datetime.fromisoformat(text).date()
        if family.is_moment:
            return _moment(text, family)
    except (ValueError, KeyError, InvalidOperation) as problem:
        raise CliError("Not a value", f"{text!r} is no {column.type} for the column {column.name}.") from problem
    return text


def _moment(text: str, family: Family) -> datetime:
    """A timestamp; one with a time zone is at UTC where it names no other, one without keeps
    none.
    """
    moment = datetime.fromisoformat(text)
    if family is Family.TIMESTAMPTZ:
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment.replace(tzinfo=None)
