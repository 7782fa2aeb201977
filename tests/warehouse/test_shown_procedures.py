"""Settings of procedures, out of what SHOW PROCEDURE prints."""

import pytest

from veil.warehouse import SEARCH_PATH, Layout, Session, expected_routines, read_shown_procedures
from veil.warehouse.shown_procedures import shown_by

BEGINS = "CREATE OR REPLACE PROCEDURE public.p(f1 integer, INOUT f2 character varying(20))\n"
BODY = "AS $_$\nBEGIN SET search_path TO mine; RAISE INFO ') NONATOMIC AS'; END;\n$_$\n"
PATH = ("search_path", "pg_catalog,pg_temp")


@pytest.mark.parametrize(
    ("definition", "settings", "nonatomic"),
    [
        (f"{BEGINS} LANGUAGE plpgsql\n{BODY}", (), False),
        (
            f"{BEGINS} LANGUAGE plpgsql SECURITY DEFINER\n SET search_path TO pg_catalog, pg_temp\n{BODY}",
            (PATH,),
            False,
        ),
        (f"{BEGINS}SET search_path TO 'pg_catalog', 'pg_temp' {BODY} LANGUAGE plpgsql;", (PATH,), False),
        (f"{BEGINS}{BODY}LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp;", (PATH,), False),
        (f"{BEGINS}NONATOMIC {BODY} LANGUAGE plpgsql set SEARCH_PATH to public", (("search_path", "public"),), True),
        (f"{BEGINS}LANGUAGE plpgsql SET a TO 1 SET b TO 'x y' {BODY}", (("a", "1"), ("b", "xy")), False),
    ],
)
def test_settings_are_read_wherever_they_stand_and_nothing_of_the_body_is(
    definition: str, settings: tuple[tuple[str, str], ...], nonatomic: bool
) -> None:
    found = shown_by(definition)
    assert (found.settings, found.nonatomic) == (settings, nonatomic)


def test_each_procedure_of_ours_is_shown_with_the_search_path_that_it_was_given(
    admin: Session, installed: Layout
) -> None:
    routines = [each for each in expected_routines(installed) if each.kind == "PROCEDURE"]
    found = read_shown_procedures(admin, routines)
    assert len(found) == len(routines) > 10
    assert {each and each.settings for each in found.values()} == {(("search_path", SEARCH_PATH.replace(" ", "")),)}
    assert not any(each and each.nonatomic for each in found.values())
