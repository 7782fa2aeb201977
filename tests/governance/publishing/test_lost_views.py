"""Views that cannot be made are left out of a removal, and what is no view of ours is not dropped
for it.
"""

from tests.policy.building import column, source, varchar
from veil.governance.publishing.publication import Publication, View


def test_only_a_view_that_is_there_goes_with_what_cannot_be_made():
    made, lost, taken = (View(source(column("a", varchar(1)), table=name), "") for name in ("made", "lost", "taken"))
    places = {each.source.key: (each.source.view_schema, each.source.view_name) for each in (made, lost, taken)}
    planned = Publication((), (made, lost, taken))
    found = planned.without({lost.source.key, taken.source.key}, {places[made.source.key], places[lost.source.key]})
    assert found == Publication((places[lost.source.key],), (made,))
