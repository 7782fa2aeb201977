"""What others can put into the integration's schemas and into that of the views. No apply touches
it.
"""

from tests.acceptance.tampering.kinds import AUDITED, MAIN, Tampering

NOTHING = "AS $$ BEGIN RETURN; END; $$ LANGUAGE plpgsql"
ONE = "RETURNS INTEGER IMMUTABLE AS $$ SELECT $1 $$ LANGUAGE sql"


def _left(name: str, statement: str, warning: str, undo: str) -> Tampering:
    return Tampering(name, (statement,), warning=warning, health=MAIN, undo=(undo,))


OTHERS = (
    _left(
        "a second form of a procedure is added",
        f"CREATE PROCEDURE immuta_procedures.switch_project(project INTEGER) {NOTHING}",
        "has the name of one of veil's: whoever calls switch_project with arguments of other types gets that one",
        "DROP PROCEDURE immuta_procedures.switch_project(INTEGER)",
    ),
    _left(
        "a strange procedure is added",
        f"CREATE PROCEDURE immuta_procedures.let_me_in(who VARCHAR) {NOTHING}",
        "the procedure immuta_procedures.let_me_in(character varying)",
        "DROP PROCEDURE immuta_procedures.let_me_in(VARCHAR)",
    ),
    _left(
        "a strange procedure with the account's rights is added",
        f"CREATE PROCEDURE immuta_procedures.as_veil() {NOTHING} SECURITY DEFINER",
        "which reads every governed table",
        "DROP PROCEDURE immuta_procedures.as_veil()",
    ),
    _left(
        "a strange function is added",
        f"CREATE FUNCTION immuta_functions.look_alike(INTEGER) {ONE}",
        "the function immuta_functions.look_alike(integer)",
        "DROP FUNCTION immuta_functions.look_alike(INTEGER)",
    ),
    _left(
        "a second form of one of veil's functions is added",
        "CREATE FUNCTION immuta_functions.f_mask_round(INTEGER, INTEGER)"
        " RETURNS INTEGER IMMUTABLE AS $$ SELECT $1 $$ LANGUAGE sql",
        "has the name of one of veil's: whoever calls f_mask_round with arguments of other types gets that one",
        "DROP FUNCTION immuta_functions.f_mask_round(INTEGER, INTEGER)",
    ),
    _left(
        "a view over the integration's tables is added",
        "CREATE VIEW immuta_system.salts AS SELECT name, salt FROM immuta_system.salt WITH NO SCHEMA BINDING",
        "reads immuta_system.salt with the rights",
        "DROP VIEW immuta_system.salts",
    ),
    _left(
        "a table is added to the system schema",
        "CREATE TABLE immuta_system.notes AS SELECT 1 AS a",
        "the table immuta_system.notes",
        "DROP TABLE immuta_system.notes",
    ),
    _left(
        "a column is added to one of the integration's tables",
        "ALTER TABLE immuta_system.profile ADD COLUMN note INTEGER",
        "the column note of the table immuta_system.profile",
        "ALTER TABLE immuta_system.profile DROP COLUMN note",
    ),
    Tampering(
        "a table stands in the place of a governed view",
        (
            "ALTER TABLE governed.audited RENAME TO audited_kept",
            "CREATE TABLE governed.audited AS SELECT 1 AS a",
        ),
        warning="The table governed.audited of",
        health=AUDITED,
        undo=("DROP TABLE governed.audited", "ALTER TABLE governed.audited_kept RENAME TO audited"),
    ),
    _left(
        "a view over a table is added beside the governed views",
        'CREATE VIEW governed.shortcut AS SELECT * FROM "raw".customers',
        "the view governed.shortcut",
        "DROP VIEW governed.shortcut",
    ),
    _left(
        "a table is added beside the governed views",
        "CREATE TABLE governed.notes AS SELECT 1 AS a",
        "the table governed.notes",
        "DROP TABLE governed.notes",
    ),
    _left(
        "a function is added beside the governed views",
        f"CREATE FUNCTION governed.helper(INTEGER) {ONE}",
        "the function governed.helper(integer)",
        "DROP FUNCTION governed.helper(INTEGER)",
    ),
)
