"""What users chose themselves, the project that they act in and the purposes that they agreed to,
once their profile is gone.

These rows are the users' own to write. Where a statement changes or deletes any, a user's open
transaction may make it wait, so none is sent where there is nothing to forget.
"""

from collections.abc import Iterable

from veil.warehouse.layout import Layout
from veil.warehouse.removing import remove_agreements_of, remove_runtimes
from veil.warehouse.session import Session
from veil.warehouse.templates import names, render_one


def forget_choices(session: Session, layout: Layout, users: Iterable[str]) -> None:
    """Remove what these users chose, in the open transaction. Whoever gets their name begins
    anew.
    """
    wanted = frozenset(users)
    if not wanted:
        return
    choosing = {user for (user,) in session.query(render_one("reads/choosing", names(layout))) if user in wanted}
    for statement in (*remove_runtimes(layout, choosing), *remove_agreements_of(layout, choosing)):
        session.execute(statement)
