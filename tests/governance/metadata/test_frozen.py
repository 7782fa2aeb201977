"""Views of others that hold on to what governed views once were."""

import pytest

from veil.governance.metadata.frozen import FrozenView, frozen_views
from veil.governance.metadata.view_texts import read_view_text
from veil.model import DataSource
from veil.warehouse import OtherView, PublishedRow, Snapshot, ViewState

SOURCE = DataSource("raw", "customers", "governed", "customers")
ODD = DataSource("raw", "odd", "governed", 'odd "name')
MINE = ("analytics", "mine")


def frozen(others: dict[tuple[str, str], OtherView], *, views: dict[tuple[str, str], ViewState] | None = None):
    snapshot = Snapshot(
        0,
        "",
        3,
        "0",
        "veil",
        published={SOURCE.key: PublishedRow("governed", "customers", "", "", 1)},
        views=views or {},
        other_views=others,
    )
    return frozen_views(snapshot, [SOURCE, ODD], "immuta_system")


def late(text: str) -> OtherView:
    return OtherView("bob", text=f"CREATE VIEW x.y AS {text} WITH NO SCHEMA BINDING")


def bound(text: str, *reads: tuple[str, str]) -> OtherView:
    return OtherView("bob", frozenset(reads), text)


@pytest.mark.parametrize(
    "view",
    [
        bound("", ("governed", "customers")),
        bound(" SELECT customers.id FROM governed.customers;"),
        bound('SELECT 1 FROM "GOVERNED" /* by . the */ . "Customers" AS c'),
        bound('SELECT 1 FROM "raw".x WHERE id IN (SELECT id FROM dev.governed.customers)'),
        bound(r"SELECT '\' FROM raw.a WHERE ' = b AND EXISTS (SELECT 1 FROM governed.customers) --'"),
        bound(r"SELECT '\'' FROM governed.customers WHERE a = ''"),
        bound("SELECT 1 -- a line ends here, too\rFROM governed.customers"),
        # Whatever cannot be told apart counts as reading what it names.
        bound("SELECT 1 /* a /* b */ ' */ FROM governed.customers --'"),
        bound("SELECT $$'$$ FROM governed.customers WHERE a = 'b'"),
        bound('SELECT governed.customers FROM "raw".customers AS governed'),
        # What AWS documents is that the definition of the late-binding view is in it.
        bound(
            'SELECT 1 FROM (SELECT id FROM "raw".customers WHERE x IN (SELECT y FROM immuta_system.user_entry)) AS c'
        ),
        bound("", ("raw", "customers"), ("immuta_system", "user_profile")),
        bound("CREATE VIEW x.y AS SELECT * FROM governed.customers WITH NO SCHEMA BINDING", ("raw", "other")),
    ],
)
def test_a_bound_view_over_a_governed_one_holds_on_to_it(view: OtherView):
    assert frozen({MINE: view}) == {SOURCE.key: (FrozenView(MINE, "bob"),)}


@pytest.mark.parametrize(
    "view",
    [
        late("SELECT * FROM governed.customers"),
        OtherView("bob", text="create view a.b as select 1 from governed.customers with no schema binding -- so be it"),
        OtherView(
            "bob", text="create view a.b as select 'materialized' from governed.customers with no schema binding;"
        ),
        bound("SELECT 'governed.customers' FROM \"raw\".customers"),
        bound("WITH customers AS (SELECT 1 AS governed) SELECT governed FROM customers"),
        bound('SELECT id -- governed.customers\nFROM "raw".customers /* governed.customers */'),
        bound("SELECT * FROM immuta_system.user_profile"),
        bound("", ("raw", "customers")),
    ],
)
def test_one_that_follows_it_or_does_not_read_it_does_not(view: OtherView):
    assert frozen({MINE: view}) == {}


def test_late_binding_views_in_between_do_not_hide_it():
    others = {
        MINE: bound("SELECT * FROM bi.top"),
        ("bi", "top"): late("SELECT * FROM bi.middle"),
        ("bi", "middle"): late("SELECT * FROM bi.top CROSS JOIN governed.customers"),
        ("bi", "bound"): bound("", MINE),
    }
    assert frozen(others) == {SOURCE.key: (FrozenView(MINE, "bob"), FrozenView(("bi", "bound"), "bob"))}


def test_a_view_in_a_governed_view_s_schema_is_found_as_well():
    others = {("governed", "mine"): OtherView("bob", frozenset({("governed", "customers")}))}
    views = {
        ("governed", "mine"): ViewState("SELECT 1 FROM governed.customers", "bob"),
        ("governed", "customers"): ViewState('SELECT 1 FROM "raw".customers, immuta_system.user_entry', "veil"),
        ("immuta_system", "user_profile"): ViewState("SELECT 1", "veil"),
    }
    assert frozen(others, views=views) == {SOURCE.key: (FrozenView(("governed", "mine"), "bob"),)}


def test_a_materialized_view_keeps_rows():
    text = "CREATE MATERIALIZED VIEW m AS SELECT * FROM customers -- with no schema binding"
    kept = FrozenView(MINE, "bob", materialized=True)
    assert frozen({MINE: OtherView("bob", text=text)}) == {SOURCE.key: (kept,)}, "whoever made it had a search_path"
    assert frozen({MINE: OtherView("bob", frozenset({("governed", "customers")}), materialized=True)}) == {
        SOURCE.key: (kept,)
    }
    assert frozen({MINE: OtherView("bob", frozenset({("raw", "customers")}), text)}) == {}
    assert kept.dropping == 'DROP MATERIALIZED VIEW "analytics"."mine"'


def test_odd_names_are_found_too():
    text = 'SELECT 1 FROM "governed"."odd ""name"'
    assert frozen({MINE: bound(text)}) == {ODD.key: (FrozenView(MINE, "bob"),)}


def test_a_chain_of_any_length_is_followed():
    others = {("bi", f"v{n}"): late(f"SELECT * FROM bi.v{n + 1}") for n in range(2000)}
    others[("bi", "v2000")] = late("SELECT * FROM governed.customers")
    others[MINE] = bound("SELECT * FROM bi.v0")
    assert frozen(others) == {SOURCE.key: (FrozenView(MINE, "bob"),)}


def test_texts_are_read_only_on_the_way_from_a_view_that_may_hold_on():
    before = read_view_text.cache_info().misses
    others = {("bi", f"v{n}"): late(f"SELECT {n}, * FROM governed.customers") for n in range(5000)}
    assert frozen(others) == {}
    assert read_view_text.cache_info().misses == before
