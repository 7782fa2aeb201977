"""Which tags cover which."""

from hypothesis import given
from hypothesis import strategies as st

from veil.model import covers, fold, with_parents

TAGS = st.text("ab.A\u0130\u00df ", max_size=7)


@given(parent=TAGS, child=TAGS)
def test_a_tag_is_covered_by_itself_and_by_its_parents_alone(parent: str, child: str) -> None:
    assert (fold(parent) in with_parents(child)) == covers(parent, child)
