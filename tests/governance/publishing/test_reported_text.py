"""A warehouse may report a view's text otherwise than it was sent: what it reported at publication
is what counts.
"""

from typing import Any

import pytest

from veil.governance.drift import drift_of
from veil.governance.publishing import apply_views
from veil.governance.requests import Create, SourceDraft, Update
from veil.governance.service import Governance

DRAFT = SourceDraft("raw", "people")


def test_what_was_reported_at_publication_is_what_later_reads_are_compared_with(
    governance: Governance, monkeypatch: pytest.MonkeyPatch
):
    real = apply_views.read_view_texts

    def otherwise(*arguments: Any) -> dict[tuple[str, str], str]:
        return {place: text.replace("\n", " ") for place, text in real(*arguments).items()}

    with monkeypatch.context() as printing:
        printing.setattr(apply_views, "read_view_texts", otherwise)
        source = governance.submit(Create(DRAFT))
    assert source is not None
    assert not drift_of(governance.require(), source, DRAFT), "in the process that published it"

    governance.reload()
    assert drift_of(governance.require(), source, DRAFT) == {"the text of the view governed.people was altered"}
    governance.submit(Update(source.id, DRAFT))
    for _ in range(2):
        assert not drift_of(governance.require(), source, DRAFT)
        governance.reload()
