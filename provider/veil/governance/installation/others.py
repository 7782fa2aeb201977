"""What others put into the integration's schemas and into that of the views. None of it is ever
dropped: what is dangerous is told with what ends it.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from veil import warehouse
from veil.governance.installation.shapes import added_columns
from veil.governance.installation.unexpected_objects import tangled
from veil.governance.metadata.deployed import DeployedState
from veil.governance.metadata.view_texts import named_in
from veil.governance.privileges import named
from veil.governance.showing import shown
from veil.model.names import dotted, folded
from veil.warehouse import NOUN_OF, PUBLIC, RoutineState, Signature, identifier, qualified

Place = tuple[str, str]


@dataclass(frozen=True, order=True)
class Other:
    """One thing that veil did not make. `what` names it and its owner; `danger` says what it lets
    people do, in words that follow that, and is empty where it does no harm; `ending` is what ends
    it. Where only certain base tables are in danger, `tables` are these.
    """

    what: str
    schema: str
    danger: str = ""
    ending: str = ""
    tables: frozenset[Place] = frozenset()

    def __str__(self) -> str:
        return f"{self.what} {self.danger}" if self.danger else self.what


def others(deployed: DeployedState) -> list[Other]:
    """Everything of others in our three schemas and the view schema; in the other schemas with
    views of ours what is dangerous. That comes first.
    """
    layout = deployed.layout
    our_schemas = {*layout.own_schemas, layout.view_schema}
    every = (*_relations(deployed), *_routines(deployed), *_privileges(deployed))
    unexpected = [each for each in every if each.danger or each.schema in our_schemas]
    return sorted(unexpected, key=lambda each: (not each.danger, each.what))


def dangers(deployed: DeployedState) -> list[Other]:
    """Those among them that let people around what veil is to ensure."""
    return [each for each in others(deployed) if each.danger]


def _relations(deployed: DeployedState) -> Iterator[Other]:
    snapshot, layout = deployed.snapshot, deployed.layout
    ours = warehouse.expected_tables(layout) | warehouse.expected_views(layout).keys() | deployed.view_places
    secret = _secrets(deployed)
    schemas = {*layout.own_schemas, layout.view_schema, *(schema for schema, _ in deployed.view_places)}
    for place, kind in sorted(snapshot.kinds.items()):
        if place[0] not in schemas or place in ours or place in secret or deployed.is_copy(place):
            continue
        owner, noun = snapshot.owners.get(place, ""), NOUN_OF[kind]
        state = snapshot.views.get(place)
        read = sorted(named_in(state.text, secret)) if state is not None else []
        danger = f"reads {_listed(secret[each] for each in read)} with the rights of {shown(owner)}" if read else ""
        what = f"the {noun} {shown(dotted(*place))} of {shown(owner)}"
        ending = f"DROP {noun.upper()} {qualified(*place)}{_renewal(deployed, read)}"
        ours_read = any(schema == layout.system for schema, _ in read)
        yield Other(what, place[0], danger, ending, frozenset() if ours_read else frozenset(read))
    for table, column in added_columns(deployed):
        place = (layout.system, table)
        blocks = column.required and not column.has_default
        danger = "has to have a value, which veil does not give it: nothing can be written" if blocks else ""
        what = f"the column {shown(dotted(column.name))} of the table {dotted(*place)}"
        yield Other(what, place[0], danger, f"ALTER TABLE {qualified(*place)} DROP COLUMN {identifier(column.name)}")


def _secrets(deployed: DeployedState) -> Mapping[Place, str]:
    """What nobody reads but through veil: our tables, what shows the caller's own entries, and the
    base tables. Folded, each in words.
    """
    system = deployed.layout.system
    places = [*warehouse.expected_tables(deployed.layout), (system, "user_entry"), (system, "possible_entry")]
    if deployed.world.integration.other_database is None:
        places += [(each.schema, each.table) for each in deployed.world.data_sources.values()]
    return {(folded(schema), folded(name)): dotted(schema, name) for schema, name in places}


def _renewal(deployed: DeployedState, read: Collection[Place]) -> str:
    """What else is to be run where salts were shown: the next apply makes new ones."""
    salt = (deployed.layout.system, "salt")
    return f"; DELETE FROM {qualified(*salt)}" if salt in read else ""


def _routines(deployed: DeployedState) -> Iterator[Other]:
    expected = warehouse.expected_routines(deployed.layout)
    ours = {(each.schema, each.name) for each in expected}
    for signature in sorted(deployed.snapshot.routines.keys() - expected.keys()):
        state = deployed.snapshot.routines[signature]
        danger = "; ".join(_harm(deployed, signature, state, overloads=(signature.schema, signature.name) in ours))
        ending = f"DROP {signature.sql}" if signature.is_nameable else f"drop the {shown(str(signature))} by hand"
        yield Other(f"the {shown(str(signature))} of {shown(state.owner)}", signature.schema, danger, ending)


def _harm(deployed: DeployedState, signature: Signature, state: RoutineState, *, overloads: bool) -> Iterator[str]:
    may_call = _listed(map(named, sorted([*state.grantees, *([PUBLIC] if state.public_execute else [])])))
    called = f", and {may_call} may call it" if may_call else ""
    if overloads:
        yield (
            f"has the name of one of veil's: whoever calls {signature.name} with arguments of other types gets that one"
            f"{called}"
        )
    if state.security_definer and state.owner == deployed.layout.owner:
        yield f"runs with the rights of {shown(state.owner)}, which reads every governed table{called if not overloads else ''}"


def _privileges(deployed: DeployedState) -> Iterator[Other]:
    """Privileges on schemas that somebody passed on."""
    for schema in (*deployed.layout.own_schemas, deployed.layout.view_schema):
        for grant in tangled(deployed, schema):
            what = f"{grant.privilege} on the schema {shown(dotted(schema))} of {named(grant.grantee)}"
            danger = "may have been granted on to others, which only whoever did that can revoke"
            statement = f"REVOKE {grant.privilege} ON SCHEMA {identifier(schema)} FROM {grant.grantee.sql}"
            yield Other(what, schema, danger, f"{statement}, by whoever granted it")


def _listed(texts: Collection[str] | Iterator[str]) -> str:
    every = list(texts)
    return ", ".join(every[:-1]) + f" and {every[-1]}" if len(every) > 1 else "".join(every)
