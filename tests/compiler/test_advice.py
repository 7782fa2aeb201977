"""Whoever writes what an error advises gets what they meant: both are asked over rows with NULLs,
or the error says where they differ. PostgreSQL itself answers for what was written, without our
gateway before it.
"""

import json
import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from tests.compiler.advice import CONDITIONS, FORMS, LANGUAGE, PROPOSES, VALUES, Advice
from tests.compiler.warehouse import Warehouse
from tests.policy.building import BOOLEAN, DATE, TIMESTAMP, column, numeric, on, source, varchar, world
from veil.language import ExpressionError, Usage, parse, tree
from veil.language.advice import ADVICE
from veil.language.keywords import CONSTRUCTS, REFUSED_SYMBOLS, SETTINGS
from veil.language.unexpected import PHRASES
from veil.local import Engine
from veil.local.cluster.binaries import psql
from veil.model import Profile, RowPolicy, Where
from veil.oracle.evaluate import evaluate
from veil.oracle.facts import facts_of
from veil.oracle.scope import Scope

NOW = datetime(2026, 2, 3, 4, 5, 6, 700_000, tzinfo=UTC)
T = source(
    *(column(name) for name in "iab"),
    *(column(name, BOOLEAN) for name in "fg"),
    column("x", numeric(8, 2)),
    *(column(name, varchar(20)) for name in "st"),
    *(column(name, TIMESTAMP) for name in "mn"),
    *(column(name, DATE) for name in "de"),
    table="advice",
)
TRUTHS = (None, True, False)
NUMBERS = (None, 0, 1, 2, -7)
DECIMALS = (None, Decimal("-3.70"), Decimal("-0.50"), Decimal("0.00"), Decimal("2.50"), Decimal("3.70"))
TEXTS = (None, "", "a", "ab", "ba", "a, b", "A", "7", "a_", "2026-01-31", "a%")
MOMENTS = (
    None,
    datetime(2026, 2, 28),
    datetime(2026, 1, 31, 10, 30),
    datetime(2024, 2, 29, 23, 59, 59),
    datetime(2020, 12, 31),
    datetime(2026, 3, 1, 12),
)
DAYS = tuple(each and each.date() for each in MOMENTS)


def rows() -> list[dict[str, Any]]:
    """Every pair of two values of a kind is in some row."""
    found = []
    for index in range(len(TEXTS) ** 2):
        row: dict[str, Any] = {"i": index % 5}
        for names, values in (("ab", NUMBERS), ("fg", TRUTHS), ("st", TEXTS), ("mn", MOMENTS), ("de", DAYS)):
            pairs = list(product(values, repeat=2))
            row |= dict(zip(names, pairs[index % len(pairs)], strict=True))
        found.append(row | {"x": DECIMALS[index % len(DECIMALS)]})
    return [{**row, "i": number} for number, row in enumerate(found)]


ROWS = rows()
LOOKUPS: dict[str, list[tuple[int | None, int | None, str | None]]] = {
    "pairs": [(1, 2, "ann"), (0, None, "ann"), (None, 1, "ann"), (None, None, "ann"), (2, 2, "bob"), (0, 0, None)],
    "whole": [(1, 2, "ann"), (0, 1, "ann"), (2, 0, "bob")],
    "nobody": [],
    "single": [(1, 2, "ann")],
}


def answers(engine: Engine, expressions: Sequence[str]) -> dict[str, list[Any]]:
    """What each expression gives for each row, in their order, as PostgreSQL itself says at the
    engine's own socket.
    """
    address = engine.address()
    assert address is not None
    runtime = Path((engine.directory / "runtime").read_text(encoding="utf-8"))
    queries = "\n".join(
        f'SELECT json_agg(v ORDER BY i) FROM (SELECT r.i, ({each}) AS v FROM "raw".advice AS r) AS q;'
        for each in expressions
    )
    command = [str(psql()), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", str(runtime / "socket")]
    command += ["-U", address.username, "-d", address.database]
    environment = {**os.environ, "PGPASSWORD": address.password}
    done = subprocess.run(command, input=queries, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = [json.loads(line, parse_float=Decimal) for line in done.stdout.splitlines()]
    return {each: list(map(_plain, given)) for each, given in zip(expressions, found, strict=True)}


@pytest.fixture(scope="module")
def postgresql(warehouse: Warehouse, engine: Engine) -> Iterator[dict[str, list[Any]]]:
    """What PostgreSQL makes of all that is tried here."""
    warehouse.table(T, [tuple(row[each.name] for each in T.columns) for row in ROWS])
    for name, held in LOOKUPS.items():
        warehouse.run(f'CREATE TABLE "raw".{name} (c INTEGER, e INTEGER, who VARCHAR(9))')
        for row in held:
            cells = ", ".join("NULL" if each is None else repr(each) for each in row)
            warehouse.run(f'INSERT INTO "raw".{name} VALUES ({cells})')
    warehouse.users({"ann": []})
    yield answers(engine, [*LANGUAGE, *map(original, (*CONDITIONS, *VALUES))])
    for name in LOOKUPS:
        warehouse.run(f'DROP TABLE "raw".{name}')


def original(advice: Advice) -> str:
    """What was written, over the columns of the table."""
    return advice.over_columns(advice.original or advice.refused).replace("@username", "'ann'")


def interpreted(text: str, *, value: bool = False) -> list[Any]:
    """What the interpreter makes of a condition, or a value, for each row."""
    expression = parse(f"i IS DISTINCT FROM ({text})" if value else text, Usage.ROW)
    if value:
        assert isinstance(expression, tree.IsDistinct)
        expression = expression.right
    governed = replace(world(T), profiles={"ann": Profile("ann")})
    lookups = {
        ("raw", name): [dict(zip(("c", "e", "who"), row, strict=True)) for row in held]
        for name, held in LOOKUPS.items()
    }
    scope = Scope(governed, T, facts_of(governed, "ann", NOW), NOW, lookups=lookups)
    return [_plain(evaluate(expression, replace(scope, row=row)).value) for row in ROWS]


def _plain(value: Any) -> Any:
    """A value in the form in which both sides have it."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | Decimal):
        return Decimal(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def refused(advice: Advice) -> str:
    """All that the error says on one line."""
    with pytest.raises(ExpressionError) as caught:
        parse(advice.refused, Usage.ROW)
    return f"{caught.value.message} {caught.value.suggestion}"


def compared(
    advice: Advice, postgresql: dict[str, list[Any]], *, value: bool = False
) -> tuple[str, list[Any], list[Any]]:
    """What is proposed, what was meant for each row, and what is got."""
    said = refused(advice)
    assert advice.hint in said
    assert (advice.differs or "") in said
    proposed = advice.over_columns(advice.proposed or advice.hint)
    meant, got = postgresql[original(advice)], interpreted(proposed, value=value)
    if advice.differs is None:
        assert [row for row in zip(ROWS, meant, got, strict=True) if row[1] != row[2]] == []
    else:
        assert meant != got, "they are the same, and the message says that they are not"
    return proposed, meant, got


def _name(advice: Advice | str) -> str:
    return advice if isinstance(advice, str) else f"{advice.refused} -> {advice.proposed or advice.hint}"


@pytest.mark.parametrize("text", LANGUAGE)
def test_what_the_language_has_is_what_sql_has(
    text: str, postgresql: dict[str, list[Any]], warehouse: Warehouse
) -> None:
    assert interpreted(text) == postgresql[text]
    assert shown(warehouse, text) == [row["i"] for row, truth in zip(ROWS, interpreted(text), strict=True) if truth]


@pytest.mark.parametrize("advice", CONDITIONS, ids=_name)
def test_a_proposed_condition_means_what_was_written(
    advice: Advice, postgresql: dict[str, list[Any]], warehouse: Warehouse
) -> None:
    proposed, meant, got = compared(advice, postgresql)
    if advice.differs and not advice.opens:
        assert [row for row in zip(ROWS, meant, got, strict=True) if row[2] is True and row[1] is not True] == []
    assert shown(warehouse, proposed) == [row["i"] for row, truth in zip(ROWS, got, strict=True) if truth]


@pytest.mark.parametrize("advice", VALUES, ids=_name)
def test_a_proposed_value_is_the_one_that_was_written(advice: Advice, postgresql: dict[str, list[Any]]) -> None:
    compared(advice, postgresql, value=True)


def shown(warehouse: Warehouse, condition: str) -> Sequence[int]:
    """The rows that ann sees under a row policy of this condition."""
    warehouse.publish(world(T, RowPolicy("r", on(sources=["sales"]), Where(condition))), T)
    return [row[0] for row in warehouse.look("ann", T)]


def test_nothing_that_is_proposed_is_left_out() -> None:
    tried = " ".join(each.refused for each in (*CONDITIONS, *VALUES)).lower()
    assert {name for name in ADVICE if not re.search(rf"\b{name}\(", tried)} == set(PROPOSES)
    known = {*CONSTRUCTS, *SETTINGS, *REFUSED_SYMBOLS, *PHRASES}
    assert {word for word in known if word not in tried.split() and not (word[0] in "!" and word in tried)} == set(
        FORMS
    )
