"""The world as it will be, while Terraform plans in whatever order it likes."""

from tests.policy.building import column, on, source, varchar, world
from veil.governance.planned import PlannedWorld
from veil.model import Hash, Kind, MaskingPolicy

SOURCE = source(column("ssn", varchar(11), "pii.ssn"))
EVERYTHING = world(SOURCE, MaskingPolicy("pii", on("pii"), Hash()))


def test_a_plan_tells_once_both_the_end_of_the_policy_and_the_staying_of_the_source_are_known():
    first, second, whole = PlannedWorld(EVERYTHING), PlannedWorld(EVERYTHING), PlannedWorld(EVERYTHING)
    codes = [
        [each.code for each in found if each.code == "removal-uncovers"]
        for found in (
            first.remove(Kind.MASKING_POLICY, "pii"),
            first.put(SOURCE),
            first.put(SOURCE),
            second.put(SOURCE),
            second.remove(Kind.MASKING_POLICY, "pii"),
        )
    ]
    assert codes == [[], ["removal-uncovers"], [], [], ["removal-uncovers"]]
    assert whole.remove(Kind.MASKING_POLICY, "pii") == whole.remove(Kind.DATA_SOURCE, SOURCE.key) == []
