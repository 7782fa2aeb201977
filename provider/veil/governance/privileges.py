"""Privileges on what veil made that nobody should hold: in words, and the statements that take them back."""

from collections.abc import Iterable

from veil.warehouse import EVERYBODY_READS, PUBLIC, Grant, Grantee, ViewState, identifier, qualified


def excess(state: ViewState, *, public: bool = True) -> list[Grant]:
    """What is granted on a view of ours beyond what its owner holds, and, where it is `public`, that everybody may
    select from it.
    """
    strange = state.grants - {EVERYBODY_READS} if public else state.grants
    return sorted(each for each in strange if each.grantee != Grantee("user", state.owner))


def was_granted(grant: Grant, what: str) -> str:
    """One line about a grant on `what`, such as "the view governed.customers"."""
    whole = f"the column {grant.column} of {what}" if grant.column else what
    onward = ", who may grant it to others" if grant.grantable else ""
    return f"{grant.privilege} on {whole} was granted to {named(grant.grantee)}{onward}"


def named(grantee: Grantee) -> str:
    """A grantee for people to read."""
    return grantee.name if grantee == PUBLIC else f"{grantee.type} {grantee.name}"


def take_back(grants: Iterable[Grant], place: tuple[str, str]) -> list[str]:
    """Statements that leave the grantees of these grants without any privilege on a table or view.

    Who was given a privilege by its holder and not by the owner keeps it until the holder's goes with CASCADE.
    """
    given = sorted(grants)
    passing_on = {each.grantee for each in given if each.grantable}
    name = qualified(*place)
    held = {(each.column, each.grantee): each for each in sorted(given, key=lambda each: each.grantable) if each.column}
    columns = [
        f"REVOKE ALL ({identifier(column)}) ON {name} FROM {grantee.sql}{_cascade(held[column, grantee].grantable)}"
        for column, grantee in sorted(held)
    ]
    whole = [
        f"REVOKE ALL ON {name} FROM {grantee.sql}{_cascade(grantee in passing_on)}"
        for grantee in sorted({each.grantee for each in given})
    ]
    return columns + whole


def _cascade(needed: bool) -> str:
    # Redshift's documentation leaves CASCADE out of REVOKE's present syntax and describes it in earlier ones, so it
    # is said only where nothing else helps.
    return " CASCADE" if needed else ""
