"""Calls that today's Terraform does not make, or makes rarely, answered without gRPC."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from veil.plugin import (
    UNKNOWN,
    Context,
    DataSource,
    DeferredReason,
    EphemeralResource,
    Function,
    Model,
    Plan,
    Provider,
    Resource,
    attribute,
    computed,
    is_known,
)
from veil.plugin.calls import walk
from veil.plugin.calls.session import Session, decode_private, encode_private
from veil.plugin.calls.table import find
from veil.plugin.calls.work import UNEXPECTED
from veil.plugin.codec import decode_msgpack, encode_msgpack
from veil.plugin.schema.derive import derive_schema
from veil.plugin.wire import tfplugin6_pb2 as pb


class Inner(Model):
    token: str | None = attribute("", write_only=True)


class Thing(Model):
    id: str = computed("", inputs=())
    name: str = attribute("")
    secret: str | None = attribute("", write_only=True)
    inner: Inner | None = attribute("")


class ThingResource(Resource[Thing]):
    type_name = "lab_thing"
    model = Thing

    def plan(self, plan: Plan[Thing], ctx: Context) -> None:
        if plan.planned and not is_known(plan.planned.name):
            ctx.defer(DeferredReason.RESOURCE_CONFIG_UNKNOWN)

    def read(self, state: Thing, ctx: Context) -> Thing:
        return state

    def create(self, planned: Thing, ctx: Context) -> Thing:
        return planned.model_copy(update={"id": "x"})


class Lookup(DataSource[Thing]):
    type_name = "lab_lookup"
    model = Thing

    def read(self, config: Thing, ctx: Context) -> Thing:
        ctx.defer(DeferredReason.PROVIDER_CONFIG_UNKNOWN)
        return config


class Lease(EphemeralResource[Thing]):
    type_name = "lab_lease"
    model = Thing

    def open(self, config: Thing, ctx: Context) -> Thing:
        return config

    def renew(self, ctx: Context) -> None:
        ctx.private["renewed"] = ctx.private["opened"]
        ctx.renew_at = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)


class Upper(Function):
    name = "upper"
    returns = str

    def call(self) -> str:
        return "UP"


class Lab(Provider):
    name = "lab"
    resources = (ThingResource,)
    data_sources = (Lookup,)
    ephemeral_resources = (Lease,)
    functions = (Upper,)

    def stop(self) -> None:
        raise RuntimeError("no brakes")


KIND = derive_schema(Thing).type


@pytest.fixture
def session() -> Session:
    return Session(Lab())


def call(session: Session, name: str, **fields: Any) -> Any:
    request = pb.DESCRIPTOR.services_by_name["Provider"].methods_by_name[name].input_type
    from google.protobuf.message_factory import GetMessageClass

    return find(name)(session, GetMessageClass(request)(**fields))


def value(**attributes: Any) -> pb.DynamicValue:
    complete = {"id": None, "name": "n", "secret": None, "inner": None} | attributes
    return pb.DynamicValue(msgpack=encode_msgpack(complete, KIND))


def test_metadata_names_everything(session: Session) -> None:
    metadata = call(session, "GetMetadata")
    assert [item.type_name for item in metadata.resources] == ["lab_thing"]
    assert [item.type_name for item in metadata.data_sources] == ["lab_lookup"]
    assert [item.type_name for item in metadata.ephemeral_resources] == ["lab_lease"]
    assert [item.name for item in metadata.functions] == ["upper"]
    assert metadata.server_capabilities.plan_destroy


def test_functions_can_be_listed_alone(session: Session) -> None:
    assert set(call(session, "GetFunctions").functions) == {"upper"}


def test_the_capabilities_are_in_the_schema_where_terraform_looks(session: Session) -> None:
    found = call(session, "GetProviderSchema").server_capabilities
    assert (found.plan_destroy, found.get_provider_schema_optional, found.move_resource_state) == (True, True, True)


@pytest.mark.parametrize(
    ("name", "field"),
    [("ValidateResourceConfig", "resource type"), ("ReadResource", "resource type"), ("ReadDataSource", "data source")],
)
def test_an_unknown_type_is_a_diagnostic(session: Session, name: str, field: str) -> None:
    (found,) = call(session, name, type_name="lab_nothing").diagnostics
    assert found.summary == f"Unknown {field}"
    assert found.severity == pb.Diagnostic.ERROR


def test_a_write_only_value_is_refused_to_a_terraform_that_would_store_it(session: Session) -> None:
    config = value(secret="s", inner={"token": "t"})
    old = call(session, "ValidateResourceConfig", type_name="lab_thing", config=config)
    assert [item.summary for item in old.diagnostics] == ["Write-only attribute with an old Terraform"] * 2
    new = call(
        session,
        "ValidateResourceConfig",
        type_name="lab_thing",
        config=config,
        client_capabilities={"write_only_attributes_allowed": True},
    )
    assert not new.diagnostics


def test_a_plan_is_deferred_only_if_terraform_allows(session: Session) -> None:
    fields = {"type_name": "lab_thing", "proposed_new_state": value(name=UNKNOWN), "config": value(name=UNKNOWN)}
    refused = call(session, "PlanResourceChange", **fields)
    assert refused.diagnostics[0].summary == "Cannot be decided yet"
    allowed = call(session, "PlanResourceChange", **fields, client_capabilities={"deferral_allowed": True})
    assert not allowed.diagnostics
    assert allowed.deferred.reason == pb.Deferred.RESOURCE_CONFIG_UNKNOWN


@pytest.mark.parametrize(
    ("before", "capabilities", "repeated"),
    [
        ("ReadResource", {}, False),
        ("ApplyResourceChange", {}, True),
        ("ReadResource", {"deferral_allowed": True}, True),
        (None, {}, False),
    ],
)
def test_a_plan_is_told_apart_from_its_repetition_in_an_apply(
    session: Session, monkeypatch: pytest.MonkeyPatch, before: str | None, capabilities: dict[str, bool], repeated: bool
) -> None:
    """Terraform allows deferral there and nowhere else; of OpenTofu, which never does, the calls
    around the plan tell.
    """
    monkeypatch.setattr(walk, "PATIENCE", 0.01)
    found = []
    monkeypatch.setattr(ThingResource, "plan", lambda _self, _plan, ctx: found.append(ctx.is_repeated()))
    call(session, "ConfigureProvider")
    if before == "ReadResource":
        call(session, before, type_name="lab_thing", current_state=value(id="x"))
    elif before is not None:
        call(session, before, type_name="lab_thing", planned_state=value(id=UNKNOWN), config=value())
    planned = {"proposed_new_state": value(id=None), "config": value(), "client_capabilities": capabilities}
    call(session, "PlanResourceChange", type_name="lab_thing", **planned)
    assert found == [repeated]


def test_a_data_source_can_be_deferred(session: Session) -> None:
    found = call(
        session,
        "ReadDataSource",
        type_name="lab_lookup",
        config=value(),
        client_capabilities={"deferral_allowed": True},
    )
    assert found.deferred.reason == pb.Deferred.PROVIDER_CONFIG_UNKNOWN
    assert not found.state.msgpack


def test_a_state_of_the_current_version_goes_back_byte_for_byte(session: Session) -> None:
    raw = b'{\n  "id": "x", "name": "n", "big": 123456789012345678901234567890\n}'
    found = call(session, "UpgradeResourceState", type_name="lab_thing", version=0, raw_state={"json": raw})
    assert found.upgraded_state.json == raw
    assert not found.diagnostics


def test_a_state_of_terraform_0_11_is_refused_with_a_way_out(session: Session) -> None:
    found = call(session, "UpgradeResourceState", type_name="lab_thing", raw_state={"flatmap": {"id": "x"}})
    assert "Upgrade it with Terraform 0.12 first." in found.diagnostics[0].detail


def test_a_state_that_is_not_json_is_refused(session: Session) -> None:
    found = call(session, "UpgradeResourceState", type_name="lab_thing", version=-1, raw_state={"json": b"{"})
    assert "the stored value is not valid JSON" in found.diagnostics[0].detail


def test_a_value_that_cannot_be_decoded_is_a_diagnostic(session: Session) -> None:
    broken = pb.DynamicValue(msgpack=b"\xc1")
    for name, field in (("ValidateResourceConfig", "config"), ("ReadResource", "current_state")):
        (found,) = call(session, name, type_name="lab_thing", **{field: broken}).diagnostics
        assert found.summary == "Malformed value for lab_thing"


def test_a_lease_is_renewed_with_its_private_text(session: Session) -> None:
    private = encode_private({"opened": "yes"})
    found = call(session, "RenewEphemeralResource", type_name="lab_lease", private=private)
    assert decode_private(found.private) == {"opened": "yes", "renewed": "yes"}
    assert found.renew_at.ToDatetime() == datetime(2030, 1, 2, 3, 4, 5)


def test_private_state_of_another_making_is_ignored() -> None:
    assert decode_private(b"\x00\x01") == {}
    assert decode_private(b"[1]") == {}
    assert decode_private(json.dumps({"a": 1}).encode()) == {"a": "1"}


def test_stopping_reaches_the_calls_even_if_the_provider_fails_to_stop(session: Session) -> None:
    assert call(session, "StopProvider").Error == UNEXPECTED
    assert session.stopping.is_set()


def test_configuring_again_forgets_the_request_to_stop(session: Session) -> None:
    session.stopping.set()
    session.client = "old"
    call(session, "ConfigureProvider", terraform_version="1.11.4", config={"msgpack": b"\x80"})
    assert not session.stopping.is_set()
    assert session.client is None
    assert session.terraform_version == "1.11.4"


def test_a_value_may_come_as_json(session: Session) -> None:
    state = pb.DynamicValue(json=b'{"id": "x", "name": "n"}')
    found = call(session, "ReadResource", type_name="lab_thing", current_state=state)
    assert decode_msgpack(found.new_state.msgpack, KIND)["id"] == "x"
