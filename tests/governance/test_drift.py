"""What is drift of a governed view, by the facts alone."""

from dataclasses import replace
from typing import Any

import pytest

from tests.policy.building import INTEGER, column, source, varchar
from veil.compiler import COMPILER_VERSION
from veil.governance.drift import drift_of
from veil.governance.metadata.deployed import DeployedState, StoredObject
from veil.governance.requests import SourceDraft, draft_of
from veil.model import AppliesTo, DataSource, Integration, Kind, MaskingPolicy, Null, Put, World
from veil.model.change import apply
from veil.warehouse import (
    EVERYBODY_READS,
    SCHEMA_VERSION,
    ClosedRow,
    Grant,
    Grantee,
    Layout,
    PublishedRow,
    Snapshot,
    ViewState,
    digest,
)

CUSTOMERS = source(column("id", INTEGER), column("ssn", varchar(11), "id.ssn"))
PLACE = (CUSTOMERS.view_schema, CUSTOMERS.view_name)
TEXT = "CREATE VIEW governed.customers AS SELECT 1"
VIEW = ViewState(TEXT, "veil", frozenset({EVERYBODY_READS}))
RECORD = PublishedRow(*PLACE, digest(TEXT), digest(TEXT), COMPILER_VERSION)
COLUMNS = {("raw", "customers"): (("id", INTEGER), ("ssn", varchar(11)))}
BOB = Grantee("user", "bob")


def lines(wanted: SourceDraft | None = None, thing: DataSource = CUSTOMERS, **facts: Any) -> frozenset[str]:
    """The drift of a data source where all is well but these facts."""
    well = {
        "views": {PLACE: VIEW},
        "published": {CUSTOMERS.key: RECORD},
        "columns": COLUMNS,
        "salt_names": frozenset({CUSTOMERS.key}),
    }
    world = apply(World(Integration("main", "analytics", "governed")), Put(thing))
    snapshot = Snapshot(0, "", SCHEMA_VERSION, "0", "veil", **(well | facts))
    stored = StoredObject(Kind.DATA_SOURCE, thing.key, "1", thing)
    one = DeployedState(
        Layout("immuta", "governed", owner="veil"), snapshot, {(stored.kind, stored.key): stored}, world
    )
    return drift_of(one, stored, wanted or draft_of(thing))


def test_what_is_as_it_was_published_does_not_drift():
    assert lines() == frozenset()


@pytest.mark.parametrize(
    ("facts", "line"),
    [
        ({"views": {}}, "the view governed.customers is missing"),
        ({"views": {PLACE: replace(VIEW, text=TEXT + " ")}}, "the text of the view governed.customers was altered"),
        ({"views": {PLACE: replace(VIEW, owner="bob")}}, "the view governed.customers is owned by bob"),
        (
            {"views": {PLACE: replace(VIEW, grants=frozenset())}},
            "SELECT on the view governed.customers was revoked from PUBLIC",
        ),
        (
            {"views": {PLACE: replace(VIEW, grants=VIEW.grants | {Grant(BOB, "INSERT")})}},
            "INSERT on the view governed.customers was granted to user bob",
        ),
        ({"published": {}}, "what was published as governed.customers is not recorded"),
        (
            {"published": {CUSTOMERS.key: replace(RECORD, view_name="elsewhere")}},
            "what was published as governed.customers is recorded otherwise",
        ),
        (
            {"published": {CUSTOMERS.key: replace(RECORD, compiler_version=COMPILER_VERSION + 1)}},
            "what was published as governed.customers is recorded otherwise",
        ),
        (
            {"doubled": {"published": frozenset({(CUSTOMERS.key,)})}},
            "what was published as governed.customers is recorded twice",
        ),
        (
            {"published": {CUSTOMERS.key: replace(RECORD, compiler_version=COMPILER_VERSION - 1)}},
            "the view governed.customers was made by an older version of veil and will be compiled anew",
        ),
        (
            {"columns": {("raw", "customers"): (*COLUMNS["raw", "customers"], ("dna", varchar(5)))}},
            "the column dna was added to raw.customers; new_columns = 'hide' decides what becomes of it",
        ),
        (
            {"columns": {("raw", "customers"): (("id", INTEGER),)}},
            "the column ssn was dropped from raw.customers",
        ),
        (
            {"columns": {("raw", "customers"): (("id", INTEGER), ("ssn", varchar(20)))}},
            "the column ssn of raw.customers was changed from character varying(11) to character varying(20)",
        ),
        (
            {"closed": frozenset({ClosedRow(CUSTOMERS.key, "row_policy", "own", "c1")})},
            "a row that closes it for the row policy own was added: the repair opens it",
        ),
        (
            {"closed": frozenset({ClosedRow(CUSTOMERS.key, "integration", "main", "c1")})},
            "a row that closes it for the integration main was added: the repair opens it",
        ),
        (
            {"closed": frozenset({ClosedRow(CUSTOMERS.key, "made\nup", "x", "c1")})},
            "a row that closes it for the 'made\\nup' x was added: the repair opens it",
        ),
        ({"salt_names": frozenset()}, "its salt was removed: what it hashes will hash otherwise"),
    ],
)
def test_each_alteration_is_one_line(facts: dict[str, Any], line: str):
    assert lines(**facts) == {line}


def test_a_text_that_was_never_sent_is_no_drift_where_it_is_what_the_warehouse_reported():
    reported = "create view governed.customers as select 1"
    record = replace(RECORD, text_hash=digest(reported))
    assert lines(views={PLACE: replace(VIEW, text=reported)}, published={CUSTOMERS.key: record}) == frozenset()


def test_a_disabled_source_drifts_only_by_a_view_that_is_there_and_was_its_own():
    disabled = replace(CUSTOMERS, enabled=False)
    assert lines(thing=disabled, views={}) == frozenset()
    assert lines(thing=disabled) == {"the view governed.customers is there although the data source is disabled"}
    assert lines(thing=disabled, published={}) == frozenset()


def test_what_differs_from_the_configuration_is_named_by_its_attribute():
    wanted = replace(draft_of(CUSTOMERS), tags=frozenset({"hr"}), new_columns="expose")
    assert lines(wanted) == {"tags differs from what was applied", "new_columns differs from what was applied"}


def test_a_row_that_cannot_be_trusted_is_drift_of_its_own_and_its_view_is_not_judged_by_it():
    mask = MaskingPolicy("ssn", AppliesTo(column_tags=frozenset({"id"})), Null())
    one = DeployedState(
        Layout("immuta", "governed", owner="veil"),
        Snapshot(0, "", SCHEMA_VERSION, "0", "veil"),
        {},
        World(Integration("main", "analytics", "governed")),
    )
    altered = StoredObject(Kind.MASKING_POLICY, "ssn", "1", None, claimed=replace(mask, staged=True))
    assert drift_of(one, altered, mask) == {
        "its metadata row was altered outside veil",
        "staged differs from what was applied",
    }
