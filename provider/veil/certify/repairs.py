"""What was sent reads back as it was sent; what somebody alters by hand is found, and an update
puts it right.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from veil.certify.outcome import Outcome
from veil.certify.place import Place, declared_in_full
from veil.governance import StoredObject, drift, requests
from veil.model import (
    AppliesTo,
    Column,
    ColumnType,
    DataSource,
    Family,
    Hash,
    Integration,
    Kind,
    MaskingPolicy,
    Profile,
    Sql,
    SubscriptionPolicy,
)
from veil.warehouse import literal, qualified

_TEXT = ColumnType(Family.VARCHAR, length=40)


@dataclass(frozen=True)
class Tampering:
    """What somebody does by hand, and which object an apply repairs then."""

    name: str
    statement: str
    kind: Kind


def examine(place: Place) -> Iterator[Outcome]:
    ann, *_ = place.users
    columns = (Column("größe", _TEXT, frozenset({"pii"})), Column("note", _TEXT, frozenset({"free"})))
    source = DataSource(
        place.raw, "repaired", place.integration.view_schema, "repaired", columns, description="It's \\ 100 %: größe"
    )
    rows = [{"größe": "12", "note": "it's \\ 100%"}]
    place.make_table(source.table, columns, rows)
    drafts: list[requests.Draft] = [
        declared_in_full(source),
        MaskingPolicy("pii", AppliesTo(column_tags=frozenset({"pii"})), Hash()),
        MaskingPolicy("free", AppliesTo(column_tags=frozenset({"free"})), Sql("@value || ' \\\\ '' €'")),
        SubscriptionPolicy("everyone", AppliesTo(all_data_sources=True), "everyone"),
        Profile(ann, frozenset({"größe", "o'x\\"}), {"Region": frozenset({"US", ""})}),
    ]
    place.govern(drafts)
    place.forget()
    for stored in _all(place):
        lines = drift.drift_of(place.governance.require(), stored, _wanted(place, stored, source))
        yield Outcome(
            f"{stored.kind.replace('_', ' ')} reads back as it was sent",
            "differed" if lines else "passed",
            "; ".join(sorted(lines)),
        )
    for tampering in _tamperings(place, source, ann):
        yield from _repaired(place, source, tampering)
    known = place.known(source)
    yield place.compared("in the end a user sees what the interpreter says", ann, known, rows)
    place.ungovern()
    place.drop_tables([source.table])


def _tamperings(place: Place, source: DataSource, user: str) -> list[Tampering]:
    view = qualified(source.view_schema, source.view_name)
    table = qualified(source.schema, source.table)
    system, procedures = place.integration.system_schema, place.integration.procedures_schema
    tamperings = [
        Tampering("a view is dropped", f"DROP VIEW {view}", Kind.DATA_SOURCE),
        Tampering("the comment on a view is altered", f"COMMENT ON VIEW {view} IS 'Ask eve'", Kind.DATA_SOURCE),
        Tampering("SELECT on a view is revoked from PUBLIC", f"REVOKE SELECT ON {view} FROM PUBLIC", Kind.DATA_SOURCE),
        Tampering(
            "a right of a user is planted",
            f"INSERT INTO {qualified(system, 'profile_entry')} (immuta__userid, kind, name, value) "
            f"VALUES ({literal(user)}, 'group', '', 'planted')",
            Kind.PROFILE,
        ),
        Tampering(
            "a view is replaced by one that shows everything",
            f"CREATE OR REPLACE VIEW {view} AS SELECT * FROM {table} WITH NO SCHEMA BINDING",
            Kind.DATA_SOURCE,
        ),
        Tampering(
            "a user's row is deleted",
            f"DELETE FROM {qualified(system, 'profile')} WHERE immuta__userid = {literal(user)}",
            Kind.PROFILE,
        ),
        Tampering(
            "a procedure is dropped",
            f"DROP PROCEDURE {qualified(procedures, 'switch_project')}(VARCHAR)",
            Kind.INTEGRATION,
        ),
        Tampering("a view of veil's is dropped", f"DROP VIEW {qualified(system, 'user_entry')}", Kind.INTEGRATION),
        Tampering(
            "what views read is granted to everybody",
            f"GRANT SELECT ON {qualified(system, 'salt')} TO PUBLIC",
            Kind.INTEGRATION,
        ),
    ]
    return tamperings[:4] if place.quick else tamperings


def _repaired(place: Place, source: DataSource, tampering: Tampering) -> Iterator[Outcome]:
    place.session.execute(tampering.statement)
    place.forget()
    stored = place.stored(tampering.kind)
    wanted = _wanted(place, stored, source)
    drift_lines = drift.drift_of(place.governance.require(), stored, wanted)
    if not drift_lines:
        yield Outcome(f"{tampering.name}: it is found", "differed", "Nothing was found.", tampering.statement)
    place.governance.submit(requests.Update(stored.id, wanted))
    place.forget()
    stored = place.stored(tampering.kind)
    left = drift.drift_of(place.governance.require(), stored, wanted)
    yield Outcome(
        f"{tampering.name}: it is found and repaired",
        "differed" if left else "passed",
        "; ".join(sorted(left)),
        tampering.statement if left else "",
    )


def _all(place: Place) -> list[StoredObject]:
    return list(place.governance.require().stored.values())


def _wanted(place: Place, stored: StoredObject, source: DataSource) -> requests.Draft:
    """The object as it was declared."""
    if stored.kind is Kind.DATA_SOURCE:
        return declared_in_full(source)
    if stored.kind is Kind.INTEGRATION:
        return place.integration
    thing = stored.thing or stored.claimed
    assert thing is not None and not isinstance(thing, Integration | DataSource)
    return thing
