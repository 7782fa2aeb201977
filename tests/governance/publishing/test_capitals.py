"""Installations of veils that took capitals for names of their own: Redshift folded them, and so
nothing was found.
"""

from collections.abc import Callable
from dataclasses import replace

from veil.governance.drift import drift_of
from veil.governance.requests import Create, SourceDraft, Update, draft_of
from veil.governance.service import Governance
from veil.model import AppliesTo, DataSource, Integration, Profile, SubscriptionPolicy


def test_a_name_with_capitals_becomes_the_one_that_redshift_knows(new_governance: Callable[..., Governance]):
    governance = new_governance("Gov")
    # Past the gate, as earlier versions stored it.
    made = governance._writer._publisher.submit(Create(SourceDraft("raw", "people", view_name="Odd.Name")))
    assert made is not None and isinstance(made.thing, DataSource)
    governance.submit(Create(SubscriptionPolicy("all", AppliesTo(all_data_sources=True), "everyone")))
    governance.submit(Create(Profile("alice")))
    integration = governance.require().integration
    assert integration is not None and isinstance(integration.thing, Integration)

    governance.submit(Update(integration.id, replace(integration.thing, view_schema="gov")))
    draft = replace(draft_of(made.thing), view_schema=None, view_name="odd.name")
    stored = governance.submit(Update(made.id, draft))

    assert stored is not None and isinstance(stored.thing, DataSource)
    assert (stored.thing.view_schema, stored.thing.view_name) == ("gov", "odd.name")
    governance.reload()
    there = governance.require()
    assert drift_of(there, stored, draft) == frozenset()
    assert (
        drift_of(there, there.stored[integration.kind, "main"], replace(integration.thing, view_schema="gov"))
        == frozenset()
    )
    access = governance.access("alice", stored.thing, None)
    assert access.enforced, access.problems
    rows = governance.look(lambda session: session.query('SELECT id FROM gov."odd.name"'))
    assert rows == []  # The administrator has no profile.
