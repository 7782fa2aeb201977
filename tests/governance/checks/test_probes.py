"""What only a cluster can prove: that each probe asks it, in statements that Redshift documents."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.surface.statements import problems
from veil.compiler import FUNCTIONS
from veil.governance.checks.probes import PROBES, failed_probes
from veil.governance.installation.function_probes import CALLS, OWN_CALLS, impersonation_calls, probing_query
from veil.governance.service import Governance
from veil.warehouse import Layout, expected_views


def test_every_function_that_views_call_is_probed() -> None:
    assert CALLS.keys() == FUNCTIONS
    assert all(call.startswith(f"{name}(") for name, call in CALLS.items())


def test_what_tries_late_binding_views_is_documented_sql() -> None:
    query = probing_query({**CALLS, **OWN_CALLS, **impersonation_calls("g")}, '"immuta_system"."writer"')
    assert not problems(f'CREATE VIEW "immuta_system".probe_1 AS SELECT {query} WITH NO SCHEMA BINDING')


def test_every_function_of_our_own_views_is_tried_in_one() -> None:
    called = {
        name.lower()
        for group in (None, "g")
        for text in expected_views(Layout("p", "v", impersonation_group=group)).values()
        for name in re.findall(r"pg_catalog\.(\w+)\(", text)
    }
    assert called - CALLS.keys() == OWN_CALLS.keys() | impersonation_calls("g").keys()


def test_probes_are_documented_sql() -> None:
    for probe in PROBES:
        sql = probe.sql.replace("{system}", '"immuta_system"').replace("{now}", "2026-01-01 00:00:00")
        found = [each for each in problems(sql) if "'veil" not in each]
        assert not found, sql


def test_the_embedded_engine_passes_all_of_them(new_governance: Callable[..., Governance]) -> None:
    governance = new_governance()
    with governance._open_session() as session:
        assert failed_probes(session, Layout("immuta", "governed")) == {}
