"""What a plan waits for, and what it cannot know because an apply looks at it anew: both follow
from what models declare.
"""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from veil.plugin import UNKNOWN, Plan
from veil.resources.data_source import DataSourceModel
from veil.resources.integration import IntegrationModel
from veil.resources.purpose import PurposeModel
from veil.resources.repair import plan_repair
from veil.resources.undecided import undecided, without_unknown_descriptions
from veil.resources.user_profiles import UserProfilesModel

AnyModel = Any


@pytest.mark.parametrize(
    ("model", "names"),
    [
        (PurposeModel, {"name", "acknowledgement", "description"}),
        (UserProfilesModel, {"users", "file", "columns"}),
        (
            DataSourceModel,
            {
                "schema_",
                "table",
                "columns",
                "tags",
                "policies",
                "event_time_column",
                "new_columns",
                "enabled",
                "description",
                "reopen",
                "filter_columns",
            },
        ),
    ],
)
def test_a_draft_waits_for_all_that_is_declared_and_for_nothing_that_the_provider_computes(
    model: AnyModel, names: set[str]
):
    unknown = model.partial(**dict.fromkeys(model.model_fields, UNKNOWN))
    assert set(undecided(unknown)) == names
    assert set(undecided(without_unknown_descriptions(unknown))) == names - {"description"}


@pytest.mark.parametrize(
    ("model", "names"),
    [
        (PurposeModel, set()),
        (UserProfilesModel, set()),
        (DataSourceModel, {"health", "closed_by", "status"}),
        (IntegrationModel, {"status", "last_error", "last_error_at", "validation_results", "superusers"}),
    ],
)
def test_a_plan_that_repairs_does_not_know_what_the_apply_will_find(model: AnyModel, names: set[str]):
    well = dict.fromkeys(model.model_fields)
    prior, planned = model.partial(**well), model.partial(**well)
    prior.drift = frozenset({"something was altered"})
    plan_repair(cast(Plan[Any], SimpleNamespace(prior=prior, planned=planned, config=planned)), None, None)
    assert {name for name, value in dict(planned).items() if value is UNKNOWN} == names
    assert planned.drift == frozenset()
