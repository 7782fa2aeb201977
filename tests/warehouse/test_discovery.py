"""Finding what is installed."""

from dataclasses import replace

import pytest

from veil.warehouse import Layout, Session, Settings, WarehouseError, connect, find_layouts


def test_an_installation_that_cannot_be_looked_at_is_not_taken_for_none(
    settings: Settings, admin: Session, installed: Layout
) -> None:
    with connect(replace(settings, statement_timeout=1)) as session:
        assert installed in find_layouts(session)
        with admin.transaction():
            admin.execute(f'LOCK TABLE "{installed.system}".integration')
            with pytest.raises(WarehouseError) as error:
                find_layouts(session)
        assert error.value.timed_out
        assert installed in find_layouts(session)
