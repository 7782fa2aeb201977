"""docs/guides/performance.md, from a result: the text is here, the figures are the result's."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.benchmarks.bench.rows import Row, read, shown

_DOCS = Path(__file__).resolve().parents[3] / "docs"
GUIDE, IMAGES = _DOCS / "guides" / "performance.md", _DOCS / "images"
KEPT, KEPT_MACHINES = IMAGES / "performance.json", IMAGES / "performance-machines.json"
"""The result that the guide was made from, and on which machine each group of it was measured."""

Machine = Mapping[str, str]
Machines = Mapping[str, Machine]
"""By group of measures, what `machine` told when that was begun."""

_PAGE = """\
---
page_title: "Performance - veil"
subcategory: ""
description: |-
  What plans, applies and queries cost, beside what does the same work, and how that grows.
---

<!-- Made by `make bench-plot` from docs/images/performance.json. The text is in tests/benchmarks/bench/page.py. -->

# Performance

Every figure here is a ratio of two things that were done in turns on one machine: what veil does, and the same work done by something
else. Seconds differ from machine to machine; ratios differ much less. **wall** is what somebody waits for. **processor** is processor
time: other work on the machine hardly changes it.

`make bench` measures all of it on your machine, is meant to take less than 20 minutes where nothing else runs, prints a table and
writes `build/bench.json`; `make bench BIG=1` adds 4,000 data sources and 100,000 users. `make bench-plot` makes this page and its
pictures from that.

## Method

- Two things that are compared run in turns. Of several rounds the least counts: the one that others on the machine disturbed least.
- A Terraform command is measured with all processes that it starts. Memory is that of the largest of them.
- `terraform_data` is built into Terraform: it starts no process and keeps nothing anywhere but in the state. It is the floor: what
  Terraform itself needs for as many resources.
- A query by hand is what a person would write who knows which rows the user may see, over the table itself.
- Figures are of the [embedded engine](command-line.md) on the same machine, without a network in between. A cluster answers a
  statement more slowly, and what depends on statements (see below) is slower there by as much; what a query of a view costs on a
  cluster is for the cluster to say.
- A ratio has a goal where veil promises one. What misses its goal is in bold.

{machines}

{ratios}## Starting

Terraform starts the provider three times for a plan: once to ask for its schema, once to validate, once to plan; and again to
apply. The schema is sent from a file, so that the first of these imports nothing but gRPC. The second imports the models of the
resources in the configuration; the third all of veil, and the driver. This is most of what a small plan
takes, and does not grow.

What stands in the way of the goals of a single resource: of the processor time of these starts, about 1.6 seconds on the machine above,
a quarter is Python and gRPC, thrice; a third is making some 385 classes of records, veil's and its libraries', each of which
Python 3.11 writes and compiles anew in every process; the rest are modules of veil, which planning a single resource may all need,
since the rights of one user follow from all policies. `terraform_data` needs 0.07 seconds: of ten times that, three starts of
Python that import gRPC and do nothing take more than half.

What is installed by pip or comes from a release is compiled to bytecode beforehand, and so is what `make` installs. A checkout that is
not, where `PYTHONDONTWRITEBYTECODE` is set, compiles veil from its source at each start, which takes half a second more.

{starts}

The packages `tf` and `pyvider` are for providers in Python, as `veil.plugin` is. A resource that does nothing was written on each:

{frameworks}

The goals of veil's own plans and applies, 10 and 14 times `terraform_data` for one resource and 5 or 6 for a hundred, are less than what a
resource that does nothing takes on any of the three packages: what stands in their way is Python's starts, and the protocol in Python.

## Terraform commands

What a plan takes depends on three things: the starts above; what is read of the warehouse, which is a fixed number of statements
however many resources there are; and a little for each resource, in the provider and in Terraform. An apply writes
changes in groups, each of which is one transaction; for a data source it makes a view.

The statements of a plan are two that set the session up, two that find the integration, two over veil's own tables, two over
catalogs of the leader node, one for each of the six SVV views of rights, the columns of governed tables, what nobody of veil wrote
together with the revision once more, and two of the integration's checks: 18. Redshift mixes no two of these classes in one statement.
Then there is a SHOW PROCEDURE for each of veil's procedures, more than all others together: AWS documents PG_PROC_INFO with the body of a
procedure and with whose rights it runs, which come with the others, and no catalog with what it is set to (SET in its definition), nor a way
to ask that of several. A test says of each statement why it is no part of another.

In a plan of 300 data sources with no change, six tenths of what the provider does are the protocol: decoding, validating, comparing and
encoding values, in four calls for each resource. Reading the warehouse, once, is a sixth; what is planned, and drift, are the rest.

What stands in the way of the goals of an apply of many is Terraform's own state: it writes all of it anew after each resource, so that
what it takes itself grows with the square of their number, and with how much each of them keeps. This was an apply of data sources on
2026-12-01, on the machine above while it was busy: the processor time of veil's processes, of Terraform and, which no row below counts, of
the engine.

| data sources | veil, seconds | Terraform, seconds | engine, seconds |
| ---: | ---: | ---: | ---: |
| 100 | 5.8 | 2.0 | 5.3 |
| 300 | 11.5 | 7.6 | 18 |
| 1,000 | 34 | 48 | 64 |

Veil's part and the engine's grow no faster than the number of data sources. `terraform_data` alone takes 17 seconds at 1,000, where the
state is 0.5 MB in all, and 117 with 24 texts in each, where it is 5.5 MB. A data source has 23 attributes, and the goal, twice what
`terraform_data` takes with one, is less than what Terraform itself needs.

{commands}

{resources}{statements}

## Policies

A change of a policy publishes every view that it covers, in one transaction.

{policies}

## Queries

A governed query reads the rows of its user's entitlements once, whatever the size of the table, and compares each row with them.
How much dearer than by hand it is depends on how little else there is to do: counting rows is the worst case.

{queries}

## Many users

A file of users is one resource.

{users}

## How costs grow

The exponent by which processor time grows: 1 is linear, 0 does not grow at all. What is fixed, such as starts, makes an exponent smaller.

{growths}
"""


def kept() -> tuple[Sequence[Row], Machines]:
    """The result that the guide was made from, and its machines."""
    return read(KEPT), json.loads(KEPT_MACHINES.read_text(encoding="utf-8"))


_SECTIONS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "starts": (("starts",), ("start to ",)),
    "frameworks": (("frameworks",), ("a resource that does nothing",)),
    "commands": (("resources", "4,000 data sources"), ("veil_",)),
    "statements": (("resources", "4,000 data sources"), ("warehouse statements", "plan, no change")),
    "policies": (("policies",), ("one policy change",)),
    "queries": (("queries",), ("governed query",)),
    "users": (("100,000 users",), ("users by file",)),
    "growths": (("columns", "resources", "policies", "queries"), ("growth with",)),
}
"""The groups from which each section has its figures, and how the names of its measures begin."""


def page(rows: Sequence[Row], machines: Machines) -> str:
    """The guide. Sections of which nothing was measured say so."""
    tables = {
        section: _section(rows, [machines[each] for each in groups if each in machines], *names)
        for section, (groups, names) in _SECTIONS.items()
    }
    pictures = {name: _PICTURES[name] if belongs(rows) else "" for name, belongs in DRAWN.items()}
    return _PAGE.format(machines=_machines(machines), **tables, **pictures)


DRAWN: Mapping[str, Callable[[Sequence[Row]], bool]] = {
    "ratios": lambda rows: any(row.target is not None and row.cpu_ratio is not None for row in rows),
    "resources": lambda rows: len({row.n for row in rows if row.measure.startswith("veil_")}) > 1,
}
"""The pictures, and whether there is something to draw."""
_PICTURES: Mapping[str, str] = {
    "ratios": "![Ratios of processor time, beside their goals](../images/performance-ratios.svg)\n\n",
    "resources": "![Processor time by the number of resources](../images/performance-resources.svg)\n\n",
}


def _machines(machines: Machines) -> str:
    """When and where each group was measured: groups with the same answer stand together."""
    alike: dict[str, list[str]] = {}
    for name, machine in machines.items():
        what = "{processor}, {cores} cores, {system}; Python {python}, Terraform {terraform}, veil {veil}".format(
            **machine
        )
        alike.setdefault(what, []).append(
            f"{name} on {machine['day']}, when the load was {machine['load']}{', busy' if is_busy(machine) else ''}"
        )
    lines = [line for what, groups in alike.items() for line in (f"- {what}:", *(f"  - {each}" for each in groups))]
    told = "Groups of measures may be of different days. The load is that of the machine when a group began, over 1, 5 and\n15 minutes."
    if any(map(is_busy, machines.values())):
        told += " Where it was busy with other work, seconds of the wall tell nothing and are left out;\nratios of processor time hold."
    return "\n".join([told, "", *lines])


def is_busy(machine: Machine) -> bool:
    """Whether so much else ran that the clock on the wall tells nothing."""
    return float(machine["load"].split(",")[0]) > int(machine["cores"]) / 2


def _section(rows: Sequence[Row], machines: Sequence[Machine], *names: str) -> str:
    """The table of the rows whose names begin so. Columns without a figure are left out."""
    chosen = [row for row in rows if row.measure.startswith(names)]
    if not chosen:
        return "Not measured."
    told = _OF_ANY_MACHINE if any(map(is_busy, machines)) else {**_OF_ANY_MACHINE, **_OF_A_QUIET_ONE}
    columns = {title: cell for title, cell in told.items() if any(cell(row) for row in chosen)}
    lines = [["", "n", *columns], ["---", *("---:" for _ in range(len(columns) + 1))]]
    lines += [[row.measure, f"{row.n:,}", *(cell(row) for cell in columns.values())] for row in chosen]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _ratio(row: Row, value: float | None) -> str:
    """A ratio, in bold where it misses its goal."""
    text = shown(value)
    return f"**{text}**" if value is not None and row.target is not None and value > row.target else text


_OF_ANY_MACHINE: Mapping[str, Callable[[Row], str]] = {
    "goal": lambda row: shown(row.target),
    "found": lambda row: _ratio(row, row.ratio) if row.against_seconds is None else "",
    "processor": lambda row: _ratio(row, row.cpu_ratio),
    "processor seconds": lambda row: shown(row.cpu_seconds),
    "MB": lambda row: "" if row.peak_mb is None else f"{row.peak_mb:.0f}",
}
_OF_A_QUIET_ONE: Mapping[str, Callable[[Row], str]] = {
    "wall": lambda row: _ratio(row, row.ratio) if row.against_seconds is not None else "",
    "seconds": lambda row: shown(row.seconds),
    "seconds of the other": lambda row: shown(row.against_seconds),
}
