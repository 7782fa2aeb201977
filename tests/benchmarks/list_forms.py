"""Ways to ask whether a column's value is among the user's, measured:
`python -m tests.benchmarks.list_forms [--rows 2000000]`.

Each is the view that is compiled with another text in place of the list test, and costs are
compared as in `query_cost`.

join    `LEFT JOIN (SELECT e.v, MAX(e.w) AS w FROM caller AS e WHERE … GROUP BY e.v) AS a1
        ON a1.v = t."region"`, then `a1.w = <for whom the view was opened>`.
in      `t."region" IN (SELECT e.v FROM caller AS e WHERE … AND e.w = <for whom the view was
        opened>)`, in WHERE and around every column. It is weaker: what one sub-select finds is
        compared with what another one finds at its own time, and nothing that a row carries tells
        the two from each other.
key     `<whom> || '/' || t."region" IN (SELECT e.w || '/' || e.v FROM caller AS e WHERE …)`, which
        carries it.
filter  `in` in WHERE and nothing around the columns: safe behind a security barrier alone, which
        Redshift has not. It is what any form costs at least.

On two million rows of which the user sees two in five, times what the same costs written by hand:

            join   in     key    filter
count       1.12   0.84   1.43   0.95
sum         1.27   1.27   2.05   1.17
group by    1.23   1.60   2.27   1.33
key lookup  1.02   2.40   0.98   2.71
masks       1.22   2.49

The embedded engine's plan of `in` has
`Seq Scan on events t, Filter: (… OR (ANY (region = (hashed SubPlan 13).col1)))`, a filter at the
scan, and a further SubPlan, with a hash table of its own, for every place at which a column is
guarded. That of `join` has `Hash Left Join, Hash Cond: (region = a1.v), Filter: (… OR (a1.w = …))`
over one `Seq Scan on events t`: the same hash table is asked once a row, and the guards compare two
texts that the row has by then. Even without guards a filter at the scan costs a GROUP BY more than
the join does. Of Redshift's plans AWS documents hash joins, and subplans "for certain subqueries",
and no form of which a list that a sub-select gives is looked up at the scan (Developer Guide,
"Creating and interpreting a query plan").

So the test against a list stays a join. Tests without lists are filters at the scan.
"""

import argparse
import re
import sys
from collections.abc import Mapping, Sequence

from tests.benchmarks.query_cost import BY_HAND, QUERIES, ROWS, USER, governed, masked_by_hand, prepared
from tests.engine import running_engine
from veil.compiler import compile_view

_JOIN = re.compile(r'LEFT JOIN \(SELECT e\.v AS v,.*?GROUP BY e\.v\) AS a1 ON a1\.v = t\."region"\n', re.DOTALL)
_OPENED = "(SELECT a.w FROM admitted AS a)"
_IN_WHERE, _GUARD = f"(a1.w = {_OPENED})", "(a1.w = d.w)"
_HELD = "FROM caller AS e WHERE (e.k = 'attribute') AND (e.n = 'region') AND (e.s = 2)"
_IN = f"""(t."region" IN (SELECT e.v {_HELD} AND (e.w = {_OPENED})))"""
_KEY = f"""((%s || '/' || t."region") IN (SELECT e.w || '/' || e.v {_HELD}))"""
_GUARDED = re.compile(r"CASE WHEN d\.c1 OR \(a1\.w = d\.w\) THEN (.*) END( AS )")


def forms(view: str, text: str) -> Mapping[str, str]:
    """The view by the name of each form, under a name of its own."""
    bare = _JOIN.sub("", text)
    found = {
        "join": text,
        "in": bare.replace(_IN_WHERE, _IN).replace(_GUARD, _IN),
        "key": bare.replace(_IN_WHERE, _KEY % _OPENED).replace(_GUARD, _KEY % "d.w"),
        "filter": _GUARDED.sub(r"\1\2", bare.replace(_IN_WHERE, _IN)),
    }
    made = {form: each.replace(f'"governed"."{view}"', f'"governed"."{view}_{form}"') for form, each in found.items()}
    assert not any("a1." in each for form, each in made.items() if form != "join")
    return made


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--rounds", type=int, default=4)
    options = parser.parse_args(words)
    with running_engine(recording=False) as engine, prepared(engine, options.rows) as (hand, user):
        made = {view: forms(view, compile_view(*each)) for view, each in governed().items()}
        for view, texts in made.items():
            for form, text in texts.items():
                hand.ask(text)
                hand.ask(f"GRANT SELECT ON governed.{view}_{form} TO {USER}")
        masked = masked_by_hand(hand)
        for name, query in QUERIES.items():
            by_hand = query.text.format(masked if query.view == "masked" else BY_HAND)
            least = min(hand.cost(by_hand) for _ in range(options.rounds))
            over = {form: query.text.format(f"governed.{query.view}_{form}") for form in made[query.view]}
            ratios = {form: min(user.cost(each) for _ in range(options.rounds)) / least for form, each in over.items()}
            print(f"{name:11} {', '.join(f'{form} {ratio:.2f}' for form, ratio in ratios.items())}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
