"""Who somebody is: impersonation, projects and purposes, as they switch within one session."""

from collections.abc import Iterator

from veil.certify.outcome import Outcome
from veil.certify.place import Place, declared_in_full
from veil.model import (
    AppliesTo,
    Column,
    ColumnType,
    DataSource,
    Exceptions,
    Family,
    Hash,
    Impersonation,
    MaskingPolicy,
    Match,
    Profile,
    Project,
    Purpose,
    RowPolicy,
    SubscriptionPolicy,
    UserMatches,
)
from veil.warehouse import WarehouseError, literal, qualified

_TEXT = ColumnType(Family.VARCHAR, length=40)
_PURPOSE, _WORDS = "certify.fraud", "I look for fraud only."
_PROJECT = "certify project"


def examine(place: Place) -> Iterator[Outcome]:
    ann, ben, cleo, dora, _ = place.users
    view_schema = place.integration.view_schema
    columns = (Column("region", _TEXT, frozenset({"geo"})), Column("ssn", _TEXT, frozenset({"pii"})))
    source = DataSource(place.raw, "acting", view_schema, "acting", columns)
    rows = [{"region": region, "ssn": f"{number}"} for number, region in enumerate(("US", "CA", "DE", None))]
    place.make_table(source.table, columns, rows)
    pii = AppliesTo(column_tags=frozenset({"pii"}))
    place.govern(
        [
            declared_in_full(source),
            Purpose(_PURPOSE, _WORDS),
            MaskingPolicy("ssn", pii, Hash(), exceptions=Exceptions(purposes=frozenset({_PURPOSE}))),
            RowPolicy("region", AppliesTo(column_tags=frozenset({"geo"})), UserMatches((Match("geo", "region"),))),
            SubscriptionPolicy("everyone", AppliesTo(all_data_sources=True), "everyone"),
            Profile(ann, attributes={"region": frozenset({"US"})}),
            Profile(ben, attributes={"region": frozenset({"CA", "DE"})}),
            Profile(cleo, attributes={"region": frozenset({"US", "CA"})}),
            Profile(dora),
            *([Impersonation(dora, frozenset({ben}))] if place.impersonates else []),
            Project(_PROJECT, frozenset({ann, cleo}), frozenset({source.key}), frozenset({_PURPOSE}), equalized=True),
        ]
    )
    known = place.known(source)
    for user in place.users:
        yield place.compared(f"{user.rpartition('_')[2]} sees their own", user, known, rows)
    if place.impersonates:
        yield from _impersonation(place, known, rows)
    yield from _project(place, known, rows)
    place.ungovern()
    place.drop_tables([source.table])


def _impersonation(place: Place, source: DataSource, rows: list[dict[str, str | None]]) -> Iterator[Outcome]:
    ann, ben, _, dora, eve = place.users
    impersonate = qualified(place.integration.procedures_schema, "impersonate_user")
    place.signed_in(dora).execute(f"CALL {impersonate}({literal(ben)})")
    yield place.compared("who may act as another sees what that one sees", dora, source, rows, seen_as=ben)
    place.signed_in(dora).execute(f"CALL {impersonate}(NULL)")
    yield place.compared("and their own again when they stop", dora, source, rows)
    yield _refused(place, "who may act as one user cannot as another", dora, f"CALL {impersonate}({literal(ann)})")
    yield _refused(place, "who is not in the group cannot act as another", eve, f"CALL {impersonate}({literal(ben)})")
    # The session variable alone gives nothing: what the session may see is decided by the view.
    place.signed_in(ann).query(f"SELECT pg_catalog.SET_CONFIG('app.immuta_impersonate', {literal(ben)}, FALSE)")
    seen = place.look(ann, source)
    yield Outcome(
        "a user who sets the variable of an impersonation sees nothing",
        "differed" if seen.rows else "passed",
        f"{len(seen.rows)} rows were seen" if seen.rows else "",
        answer=seen.error or "",
    )
    place.signed_in(ann).query("SELECT pg_catalog.SET_CONFIG('app.immuta_impersonate', '', FALSE)")


def _project(place: Place, source: DataSource, rows: list[dict[str, str | None]]) -> Iterator[Outcome]:
    ann, ben, cleo, *_ = place.users
    procedures = place.integration.procedures_schema
    switch, agree = qualified(procedures, "switch_project"), qualified(procedures, "acknowledge_purpose")
    yield _refused(place, "who is no member cannot switch to a project", ben, f"CALL {switch}({literal(_PROJECT)})")
    for user in (ann, cleo):
        place.signed_in(user).execute(f"CALL {switch}({literal(_PROJECT)})")
    place.forget()
    yield place.compared("in an equalized project members see what all may", cleo, source, rows)
    for user in (ann, cleo):
        place.signed_in(user).execute(f"CALL {agree}({literal(_PURPOSE)}, {literal(_WORDS)})")
    place.forget()
    yield place.compared("once all have agreed to its purpose the exception for it counts", cleo, source, rows)
    yield place.compared("for each member", ann, source, rows)
    for user in (ann, cleo):
        place.signed_in(user).execute(f"CALL {switch}(NULL)")
    place.forget()
    yield place.compared("and without the project nobody is excepted", ann, source, rows)


def _refused(place: Place, subject: str, user: str, call: str) -> Outcome:
    try:
        place.signed_in(user).execute(call)
    except WarehouseError as error:
        return Outcome(subject, "passed", answer=error.found)
    return Outcome(subject, "differed", "The call was not refused.", call)
