import pytest

from veil.oracle.logic import Truth, conjunction, disjunction, held, negation


@pytest.mark.parametrize(("truth", "expected"), [(True, False), (False, True), (None, None)])
def test_not_keeps_unknown(truth: Truth, expected: Truth) -> None:
    assert negation(truth) is expected


@pytest.mark.parametrize(
    ("truths", "both", "either"),
    [
        ((True, True), True, True),
        ((True, False), False, True),
        ((True, None), None, True),
        ((False, None), False, None),
        ((None, None), None, None),
        ((False, False), False, False),
        ((), True, False),
    ],
)
def test_and_and_or_are_those_of_sql(truths: tuple[Truth, ...], both: Truth, either: Truth) -> None:
    assert conjunction(truths) is both
    assert disjunction(truths) is either


@pytest.mark.parametrize("operator", ["any", "all"])
def test_an_empty_list_never_holds(operator: str) -> None:
    assert held(operator, ()) is False


def test_a_list_holds_by_any_or_by_all() -> None:
    assert held("any", (True, False)) is True
    assert held("all", (True, False)) is False
    assert held("all", iter((True, True))) is True
