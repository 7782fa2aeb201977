"""Any values of the right types are answered: with a result, or with a diagnostic that is not our
own failure.
"""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.plugin.codec.strategies import values
from tests.plugin.server.wide import Wide, WideProvider
from veil.plugin.calls.session import Session
from veil.plugin.calls.table import find
from veil.plugin.calls.translate import write_value
from veil.plugin.codec import CodecError
from veil.plugin.schema.derive import derive_schema
from veil.plugin.wire import tfplugin6_pb2 as pb

KIND = derive_schema(Wide).type
SESSION = Session(WideProvider())


@st.composite
def messages(draw: Any) -> pb.DynamicValue:
    while True:
        try:
            return write_value(draw(values(KIND)), KIND)
        except CodecError:
            # Elements of a collection that differ in type, which Terraform cannot send either.
            continue


@pytest.mark.parametrize(
    ("call", "fields"),
    [
        ("ValidateResourceConfig", ("config",)),
        ("PlanResourceChange", ("prior_state", "proposed_new_state", "config")),
        ("ApplyResourceChange", ("prior_state", "planned_state", "config")),
        ("ReadResource", ("current_state",)),
        ("ReadDataSource", ("config",)),
    ],
)
def test_any_values_are_answered(call: str, fields: tuple[str, ...]) -> None:
    @settings(max_examples=10, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(st.tuples(*(messages() for _ in fields)))
    def answered(drawn: tuple[pb.DynamicValue, ...]) -> None:
        request = getattr(pb, call).Request(type_name="wide_thing", **dict(zip(fields, drawn, strict=True)))
        told = [f"{item.summary} {item.detail}" for item in find(call)(SESSION, request).diagnostics]
        assert not any("Internal error" in line for line in told), told

    answered()
