"""Tags in another spelling are no change."""

from veil.plugin import UNKNOWN, Plan
from veil.resources.data_source import ColumnModel, DataSourceModel
from veil.resources.hcl.spelling import ignore_spelling


def source(tags: set[str], column: str, **others: object) -> DataSourceModel:
    values = {
        "integration": "d/1",
        "schema_": "raw",
        "table": "customers",
        "tags": frozenset(tags),
        "columns": {"ssn": ColumnModel(tags=frozenset({column}))},
        "id": "1",
        "health": "healthy",
        "description": None,
        **others,
    }
    return DataSourceModel.model_construct(
        **dict.fromkeys(DataSourceModel.model_fields) | values  # type: ignore[arg-type]
    )


def planned(declared: DataSourceModel, prior: DataSourceModel) -> DataSourceModel:
    config = declared.model_copy(update={"id": None, "health": None})
    plan = Plan(config, prior, declared.model_copy(update={"health": UNKNOWN}), "update")
    ignore_spelling(plan)
    return plan.planned


def test_a_configuration_that_only_spells_tags_otherwise_changes_nothing():
    prior = source({"domain.sales"}, "pii.ssn")
    assert planned(source({"Domain.Sales"}, "PII.ssn"), prior) == prior


def test_a_real_change_beside_it_stays_one_and_keeps_the_spelling_of_the_rest():
    prior = source({"domain.sales"}, "pii.ssn")
    found = planned(source({"Domain.Sales"}, "PII.ssn", description="new"), prior)
    assert (found.tags, found.description, found.health) == (prior.tags, "new", UNKNOWN)


def test_another_tag_is_a_change():
    found = planned(source({"Domain.Sales", "more"}, "pii.ssn"), source({"domain.sales"}, "pii.ssn"))
    assert found.tags == {"Domain.Sales", "more"}
