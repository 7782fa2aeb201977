"""What the local engine's README says of its differences: each rests on a page, and is there."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.local.conftest import Client, ServerError
from veil import local

README = (Path(local.__file__).parent / "README.md").read_text(encoding="utf-8")
LISTED = [
    " ".join(item.split())
    for item in re.split(r"\n- ", "\n" + README.split("## Where it differs from a cluster\n")[1])[1:]
]
FACTS = Path(__file__).parent.parent / "surface"

# What a line says, and statements (with semicolons between them) whose last outcome is not a
# cluster's: the error it gives here, or None where it is accepted here.
SHOWN = {
    "Names have 63 bytes": ('CREATE TABLE {s}."' + "n" * 64 + '" (a INTEGER)', "42622"),
    "share one namespace": ("CREATE GROUP awsuser", "42710"),
    "with more than 19 digits together": (
        "SELECT x.a / x.d FROM (SELECT CAST(1 AS DECIMAL(38, 1)) AS a, d FROM {s}.t UNION SELECT d - 2, d FROM {s}.t) AS x",
        "0.33333333333333333333",
    ),
    "where a column is named with its table": (
        "SELECT 1 FROM {s}.t WHERE EXISTS (SELECT 1 FROM {s}.u WHERE EXISTS (SELECT 1 FROM {s}.u AS w WHERE w.b = a))",
        None,
    ),
    "beside aggregates and for window functions": ("SELECT SUM(a) AS d, d * 2 FROM {s}.t", None),
    "In WHERE it is known over some catalogs only": ("SELECT a + 1 AS n FROM {s}.t WHERE n = 2", "42703"),
    "several cursors may be open": ("BEGIN; DECLARE x CURSOR FOR SELECT 1; DECLARE y CURSOR FOR SELECT 1; COMMIT", None),
    "A text literal is no SUPER": ("INSERT INTO {s}.u (c) VALUES ('x')", "0A000"),
    "VARBYTE keeps no size": ("SELECT CAST('abc' AS VARBYTE(1)) = CAST('abc' AS VARBYTE(3))", "True"),
    "have no functions": ("SELECT ST_GEOMFROMTEXT('POINT(1 2)')", "0A000"),
    "COPY and UNLOAD": ("UNLOAD ('SELECT 1') TO 's3://b/k' IAM_ROLE DEFAULT", "0A000"),
    "masking and row-level security policies": ("CREATE RLS POLICY p USING (TRUE)", "0A000"),
    "SHOW GRANTS on anything but tables": ("SHOW GRANTS ON SCHEMA {s}", "0A000"),
    "PIVOT": ("SELECT * FROM {s}.t PIVOT (SUM(a) FOR d IN (3))", "0A000"),
    "QUALIFY": ("SELECT a FROM {s}.t QUALIFY ROW_NUMBER() OVER (ORDER BY a) = 1", "0A000"),
    "functions_not_here": ("SELECT RATIO_TO_REPORT(a) OVER () FROM {s}.t", "0A000"),
}  # fmt: skip


def _pages() -> set[str]:
    """All pages that the facts name."""
    files = ("catalog", "functions", "grammar", "limits", "restrictions")
    sources = [
        source
        for name in files
        for source in re.findall(r'"source": ("[^"]*")', (FACTS / f"{name}.json").read_text(encoding="utf-8"))
    ]
    return {page for source in sources for page in re.findall(r"[\w-]+", json.loads(source))}


def test_every_difference_names_the_pages_that_say_what_a_cluster_does() -> None:
    known = _pages()
    assert len(LISTED) > 10
    for line in LISTED:
        cited = re.search(r"\(((?:`[\w-]+`(?:, )?)+)\)\Z", line)
        assert cited is not None, line
        assert set(re.findall(r"`([\w-]+)`", cited.group(1))) <= known, line


@pytest.mark.parametrize("said", SHOWN)
def test_a_difference_that_is_listed_is_there(admin: Client, schema: str, said: str) -> None:
    assert [line for line in LISTED if said in line]
    admin(f"CREATE TABLE {schema}.t AS SELECT 1 AS a, CAST(3 AS DECIMAL(8, 2)) AS d")
    admin(f"CREATE TABLE {schema}.u (b INTEGER, c SUPER)")
    admin(f"CREATE VIEW {schema}.v AS SELECT a FROM {schema}.t")
    statement, outcome = SHOWN[said]
    try:
        answer = [admin(one) for one in statement.format(s=schema).split("; ")][-1]
    except ServerError as error:
        assert error.code == outcome, error.message
    else:
        assert outcome is None or str(answer[0][0]) == outcome
