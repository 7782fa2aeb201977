"""Apache Ranger's mask types and row filters."""

from datetime import date

from tests.acceptance.published.example import Example, groups, sql, where

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_CHARACTERS = f"'{_LETTERS}{_LETTERS.upper()}0123456789', '{'x' * 26}{'X' * 26}{'n' * 10}'"

EXAMPLES = (
    Example(
        name="redact: letters and digits by their kind",
        table="redacted",
        columns="name VARCHAR(40)",
        rows=[("Ann O'Neil, 42",), ("é",), (None,)],
        tags={"name": "name"},
        masks=[{"mask": sql(f"TRANSLATE(@value, {_CHARACTERS})")}],
        select="name",
        sees={},
        others=["Xxx X'Xxxx, nn", "é", None],
    ),
    Example(
        name="the last four, with the punctuation",
        table="show_last",
        columns="ssn VARCHAR(11)",
        rows=[("111-22-3333",), (None,)],
        tags={"ssn": "ssn"},
        masks=[{"mask": sql("TRANSLATE(LEFT(@value, 7), '0123456789', 'xxxxxxxxxx') || RIGHT(@value, 4)")}],
        select="ssn",
        sees={},
        others=["xxx-xx-3333", None],
    ),
    Example(
        name="the first four",
        table="show_first",
        columns="code VARCHAR(20)",
        rows=[("ABCD1234",), ("ABC",), (None,)],
        tags={"code": "code"},
        masks=[{"mask": {"partial": {"keep_first": 4, "replacement": "x"}}}],
        select="code",
        sees={},
        others=["ABCDxxxx", "xxx", None],
    ),
    Example(
        name="the year of a date",
        table="show_year",
        columns="born DATE",
        rows=[("1984-07-12",), (None,)],
        tags={"born": "born"},
        masks=[{"mask": {"truncate_date": {"unit": "year"}}}],
        select="born",
        sees={},
        others=[date(1984, 1, 1), None],
    ),
    Example(
        name="a custom mask",
        table="custom",
        columns="name VARCHAR(20)",
        rows=[("Annette",), (None,)],
        tags={"name": "name"},
        masks=[{"mask": sql("CONCAT(SUBSTR(@value, 1, 1), '***')"), "exceptions": groups("finance")}],
        select="name",
        sees={"carol": ["Annette", None]},
        others=["A***", None],
    ),
    Example(
        name="a filter for each role, and none for the rest",
        table="desks",
        columns="desk VARCHAR(9)",
        rows=[("emea",), ("us",), (None,)],
        show=[
            where(
                "CASE WHEN @isInGroups('admins') THEN TRUE WHEN @isInGroups('SUPPORT') THEN desk = 'emea'"
                " WHEN @isInGroups('finance') THEN desk = 'us' ELSE FALSE END"
            )
        ],
        sees={"alice": [1, 2, 3], "bob": [1], "carol": [2]},
    ),
)
