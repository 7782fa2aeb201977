"""What only a cluster can prove: that each probe asks it, in statements that Redshift documents."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.surface.statements import problems
from veil.compiler import COUNT_OVER, FUNCTIONS
from veil.governance.checks.probes import PROBES, failed_probes
from veil.governance.installation.function_probes import (
    CALLS,
    OWN_CALLS,
    WINDOWS,
    impersonation_calls,
    probing_query,
)
from veil.governance.service import Governance
from veil.local import Engine, refusals
from veil.local.refusals import (
    BACKSLASHES,
    GETDATE_ZONE,
    GRANTS_OF_OTHERS,
    HASH_TEXT,
    MEMBERSHIP_EARLY,
    OTHER_COLUMNS,
    OWN_UTC,
    QUALIFIED_FUNCTIONS,
    QUALIFIED_WINDOWS,
    READERS_USAGE,
    REFUSALS,
    UNDEFINED_SETTINGS,
    UNNEST_LITERAL,
)
from veil.warehouse import Layout, Settings, connect, expected_views, install_statements


def test_every_function_that_views_call_is_probed() -> None:
    assert CALLS.keys() == FUNCTIONS
    assert all(call.startswith(f"{name}(") for name, call in CALLS.items())


def test_what_tries_late_binding_views_is_documented_sql() -> None:
    calls = {**CALLS, **OWN_CALLS, **WINDOWS, **impersonation_calls("g")}
    query = probing_query(calls, '"immuta_system"."writer"')
    assert len(re.findall(r" AS c\d+", query)) == len(calls)
    assert all(f"pg_catalog.{call} AS w" in query for call in WINDOWS.values())
    assert not problems(f'CREATE VIEW "immuta_system".probe_1 AS SELECT {query} WITH NO SCHEMA BINDING')


def test_every_function_of_our_own_views_is_tried_in_one() -> None:
    called = {
        name.lower()
        for group in (None, "g")
        for text in expected_views(Layout("p", "v", impersonation_group=group)).values()
        for name in re.findall(r"pg_catalog\.(\w+)\(", text)
    }
    assert called - CALLS.keys() == OWN_CALLS.keys() | impersonation_calls("g").keys()


def test_every_window_of_a_view_is_tried_in_one() -> None:
    own = {
        f"{name.lower()} over"
        for text in expected_views(Layout("p", "v", impersonation_group="g")).values()
        for name in re.findall(r"pg_catalog\.(\w+)\([^()]*\) OVER", text)
    }
    assert own | {COUNT_OVER} == WINDOWS.keys()


def test_probes_are_documented_sql() -> None:
    for probe in PROBES:
        sql = probe.sql.replace("{system}", '"immuta_system"').replace("{now}", "2026-01-01 00:00:00")
        found = [each for each in problems(sql) if "'veil" not in each]
        assert not found, sql


REFUSED = {
    "a group that is gone, asked for where nobody acts as another": MEMBERSHIP_EARLY,
    "undefined session variables": UNDEFINED_SETTINGS,
    "the session's time zone in GETDATE()": GETDATE_ZONE,
}
"""By a probe's name, with what the engine can be told to do otherwise."""

ELSEWHERE = frozenset(
    {
        "views over views of the caller's entries",
        "SHA-256 as hexadecimal text",
        BACKSLASHES,
        HASH_TEXT,
        OWN_UTC,
        QUALIFIED_FUNCTIONS,
        QUALIFIED_WINDOWS,
        GRANTS_OF_OTHERS,
        OTHER_COLUMNS,
        READERS_USAGE,
        UNNEST_LITERAL,
    }
)
"""Probes that the engine passes whatever it is told, and refusals that something else than a probe
looks for, or that veil's SQL does without.
"""


def test_what_each_probe_looks_for_can_be_switched_on() -> None:
    assert {each.name for each in PROBES} - ELSEWHERE == REFUSED.keys()
    assert REFUSALS.keys() - ELSEWHERE == set(REFUSED.values())


RUN = {
    BACKSLASHES: "governance/publishing/test_backslashes.py",
    GETDATE_ZONE: "governance/publishing/test_clocks.py",
    GRANTS_OF_OTHERS: "local/test_refusals.py",
    HASH_TEXT: "acceptance/test_second_forms.py",
    MEMBERSHIP_EARLY: "governance/installation/test_impersonation_refused.py",
    OTHER_COLUMNS: "governance/publishing/test_replacing.py",
    OWN_UTC: "governance/publishing/test_clocks.py",
    QUALIFIED_FUNCTIONS: "acceptance/test_bound_views.py",
    QUALIFIED_WINDOWS: "governance/publishing/test_binding.py",
    READERS_USAGE: "governance/checks/test_readers.py",
    UNDEFINED_SETTINGS: "governance/installation/test_impersonation_refused.py",
    UNNEST_LITERAL: "local/test_refusals.py",
}
"""Where veil runs under each."""


def test_veil_is_run_under_every_refusal() -> None:
    assert RUN.keys() == REFUSALS.keys()
    names = {value: name for name, value in vars(refusals).items() if isinstance(value, str)}
    tests = Path(__file__).parents[2]
    for refusal, module in RUN.items():
        text = (tests / module).read_text(encoding="utf-8")
        assert "refuse=" in text, module
        assert names[refusal] in text or "refuse=REFUSALS" in text, module


def test_each_probe_tells_of_what_is_switched_on(tmp_path_factory: pytest.TempPathFactory) -> None:
    engine, layout = Engine(tmp_path_factory.mktemp("otherwise") / "local"), Layout("p", "views")
    try:
        address = engine.up(progress=lambda line: None, refuse=REFUSED.values())
        settings = Settings(
            address.host, address.database, address.username, address.password, port=address.port, ssl=False
        )
        with connect(settings) as session:
            for statement in install_statements(layout):
                session.execute(statement)
            found = failed_probes(session, layout)
            assert found.keys() == REFUSED.keys()
            assert all(found.values())
    finally:
        engine.reset()


def test_the_embedded_engine_passes_all_of_them(new_governance: Callable[..., Governance]) -> None:
    governance = new_governance()
    with governance._state._open_session() as session:
        assert failed_probes(session, Layout("immuta", "governed")) == {}
