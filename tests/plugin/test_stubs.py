"""The committed messages are those that protos/ describes."""

import subprocess
import sys
from pathlib import Path

from google.protobuf.descriptor import FieldDescriptor

from veil.plugin.calls.table import CALLS, find
from veil.plugin.wire import tfplugin6_pb2 as pb

ROOT = Path(__file__).parents[2]
WIRE = ROOT / "provider" / "veil" / "plugin" / "wire"


def test_the_committed_messages_equal_a_fresh_generation(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(ROOT / "protos" / "generate.py"), str(tmp_path)], check=True)
    fresh = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert fresh == {path.name: path.read_text() for path in WIRE.iterdir() if "_pb2" in path.name and path.is_file()}


def test_every_call_answers_a_procedure_of_the_protocol() -> None:
    methods = pb.DESCRIPTOR.services_by_name["Provider"].methods_by_name
    assert set(CALLS) <= set(methods)
    assert all(callable(find(name)) for name in CALLS)
    assert len(methods) == 36


def test_field_numbers_that_are_easily_mistaken_are_right() -> None:
    def numbers(message: type) -> dict[str, int]:
        return {field.name: field.number for field in message.DESCRIPTOR.fields}  # type: ignore[attr-defined]

    assert numbers(pb.ValidateProviderConfig.Response) == {"diagnostics": 2}
    assert numbers(pb.Schema.Object) == {"attributes": 1, "nesting": 3, "min_items": 4, "max_items": 5}
    assert numbers(pb.StopProvider.Response) == {"Error": 1}
    schema = numbers(pb.GetProviderSchema.Response)
    assert (schema["diagnostics"], schema["provider_meta"], schema["server_capabilities"]) == (4, 5, 6)
    assert (schema["functions"], schema["ephemeral_resource_schemas"], schema["action_schemas"]) == (7, 8, 11)
    assert numbers(pb.PlanResourceChange.Request)["planned_private"] == 9


def test_optional_fields_know_whether_they_are_set() -> None:
    assert pb.FunctionError.DESCRIPTOR.fields_by_name["function_argument"].has_presence
    assert pb.OpenEphemeralResource.Response.DESCRIPTOR.fields_by_name["private"].has_presence
    step = pb.AttributePath.Step.DESCRIPTOR.oneofs_by_name["selector"]
    assert [field.type for field in step.fields] == [
        FieldDescriptor.TYPE_STRING,
        FieldDescriptor.TYPE_STRING,
        FieldDescriptor.TYPE_INT64,
    ]
