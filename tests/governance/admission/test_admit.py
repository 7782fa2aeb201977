"""Which requests are refused, and in which words."""

import pytest

from veil.governance.admission.admit import Catalog, admit
from veil.governance.admission.overlay import Overlay
from veil.governance.errors import GovernanceError
from veil.governance.metadata.deployed import StoredObject
from veil.governance.requests import Create, DeclaredColumn, Delete, SourceDraft, Update
from veil.model import AppliesTo, ColumnType, Family, Integration, Kind, MaskingPolicy, Never, Null, Profile, RowPolicy
from veil.warehouse import RelationKind, SchemaRow

ID, TEXT = ColumnType(Family.INTEGER), ColumnType(Family.VARCHAR, 20)
TABLES = {
    ("raw", "customers"): (("id", ID), ("ssn", TEXT)),
    ("raw", "orders"): (("id", ID),),
    ("raw", "odd table"): (("id", ID),),
}
CATALOG = Catalog(
    columns=lambda _, schema, table: TABLES.get((schema, table)),
    relation=lambda schema, name: {"squatter": (RelationKind.TABLE, "bob")}.get(name),
    names=lambda _, schema: [table for there, table in TABLES if there == schema],
    schemas=lambda: [SchemaRow("analytics", "raw")],
)


@pytest.fixture
def overlay():
    return Overlay(None, Integration("main", "analytics", "governed"))


def refusal(request, overlay):
    before = dict(overlay.stored)
    with pytest.raises(GovernanceError) as caught:
        admit(request, overlay, CATALOG)
    assert overlay.stored == before
    return caught.value


def test_a_new_object_gets_a_token(overlay):
    made = admit(Create(Profile("alice")), overlay, CATALOG)
    assert overlay.stored[Kind.PROFILE, "alice"] == made
    assert len(made.id) == 24


def test_creating_what_is_there_to_the_letter_takes_it_over_under_a_new_token(overlay):
    first = admit(Create(Profile("alice")), overlay, CATALOG)
    second = admit(Create(Profile("alice")), overlay, CATALOG)
    assert first.id != second.id

    admit(Delete(Kind.PROFILE, "alice", first.id), overlay, CATALOG)
    assert (Kind.PROFILE, "alice") in overlay.stored


def test_creating_what_is_there_with_other_content_prints_the_import_block(overlay):
    admit(Create(Profile("alice")), overlay, CATALOG)
    problem = refusal(Create(Profile("alice", frozenset({"hr"}))), overlay)
    assert problem.summary == "A user profile of this name exists"
    assert 'import { to = <this resource> id = "alice" }' in problem.detail


def test_an_update_needs_the_token_of_the_object(overlay):
    overlay.put(StoredObject(Kind.PROFILE, "alice", "theirs", Profile("alice")))
    problem = refusal(Update("mine", Profile("alice", frozenset({"hr"}))), overlay)
    assert problem.summary == "This user profile belongs to another resource"


def test_an_update_of_what_is_gone_says_so(overlay):
    assert refusal(Update("mine", Profile("alice")), overlay).summary == "This user profile is gone"


def test_a_new_data_source_knows_all_columns_of_its_table(overlay):
    draft = SourceDraft("raw", "customers", columns={"ssn": DeclaredColumn(frozenset({"PII.ssn"}))})
    source = admit(Create(draft), overlay, CATALOG).thing
    assert [(column.name, column.tags, column.accepted) for column in source.columns] == [
        ("id", frozenset(), True),
        ("ssn", frozenset({"pii.ssn"}), True),
    ]
    assert source.view == "governed.customers"


def test_a_column_that_came_later_is_not_accepted_until_it_is_declared(overlay, monkeypatch):
    first = admit(Create(SourceDraft("raw", "customers")), overlay, CATALOG)
    monkeypatch.setitem(TABLES, ("raw", "customers"), (("id", ID), ("ssn", TEXT), ("dna", TEXT)))
    later = admit(Update(first.id, SourceDraft("raw", "customers")), overlay, CATALOG).thing
    assert [column.accepted for column in later.columns] == [True, True, False]

    draft = SourceDraft("raw", "customers", columns={"dna": DeclaredColumn()})
    assert all(column.accepted for column in admit(Update(first.id, draft), overlay, CATALOG).thing.columns)


def test_a_declared_column_that_is_not_there_is_refused_with_the_nearest_name(overlay):
    problem = refusal(Create(SourceDraft("raw", "customers", columns={"snn": DeclaredColumn()})), overlay)
    assert problem.path == ("columns", "snn")
    assert problem.detail == "The table raw.customers has no column 'snn'. Did you mean 'ssn'?"


def test_a_table_that_is_not_there_is_refused(overlay):
    problem = refusal(Create(SourceDraft("raw", "nothing")), overlay)
    assert (problem.summary, problem.path) == ("No such table", ("table",))


@pytest.mark.parametrize(
    ("schema", "table", "hint"),
    [
        ("raw", "custommers", ' Did you mean table = "customers"? '),
        ("raw", "odd_table", ' Did you mean table = "odd table"? '),
        ("raww", "customers", ' Did you mean schema = "raw"? '),
    ],
)
def test_a_table_or_schema_that_is_not_there_is_told_with_the_nearest_that_is(schema, table, hint, overlay):
    assert hint in refusal(Create(SourceDraft(schema, table)), overlay).detail
    assert "Did you mean" not in refusal(Create(SourceDraft("raw", "invoices")), overlay).detail


def test_a_view_name_that_somebody_else_uses_is_refused(overlay):
    problem = refusal(Create(SourceDraft("raw", "orders", view_name="squatter")), overlay)
    assert problem.path == ("view_name",)
    assert "governed.squatter exists and veil did not make it" in problem.detail


def test_two_data_sources_never_share_a_view(overlay):
    admit(Create(SourceDraft("raw", "customers", view_name="one")), overlay, CATALOG)
    problem = refusal(Create(SourceDraft("raw", "orders", view_name="one")), overlay)
    assert "already stands for the data source raw.customers" in problem.detail


def test_a_governed_view_is_no_data_source(overlay):
    admit(Create(SourceDraft("raw", "customers")), overlay, CATALOG)
    problem = refusal(Create(SourceDraft("governed", "customers")), overlay)
    assert problem.summary == "A governed view cannot be a data source"


def test_a_masking_and_a_row_policy_do_not_share_a_name_that_data_sources_list(overlay):
    everywhere = AppliesTo(all_data_sources=True)
    mask = admit(Create(MaskingPolicy("first", everywhere, Null())), overlay, CATALOG)
    rows = RowPolicy("first", everywhere, Never())
    problem = refusal(Create(rows), overlay)
    assert (problem.summary, problem.path) == ("A masking policy of this name exists", ("name",))

    other = admit(Create(RowPolicy("second", everywhere, Never())), overlay, CATALOG)
    assert admit(Update(other.id, rows), overlay, CATALOG).key == "second", "it waits until the name is free"
    assert overlay.waiting == {(Kind.ROW_POLICY, other.id): rows}

    admit(Delete(Kind.MASKING_POLICY, "first", mask.id), overlay, CATALOG)
    assert admit(Create(rows), overlay, CATALOG).thing == rows
