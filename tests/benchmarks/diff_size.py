"""How long and how much memory a comparison takes: `python -m tests.benchmarks.diff_size`. Its
figures stand in the guide.
"""

import argparse
import random
import resource
import time
from datetime import UTC, datetime

from veil.diff import Verdict, compare, lines
from veil.model import (
    AppliesTo,
    Attribute,
    Column,
    ColumnType,
    DataSource,
    Exceptions,
    Family,
    Hash,
    Integration,
    Kind,
    MaskingPolicy,
    Match,
    Null,
    Profile,
    Project,
    Purpose,
    Put,
    Remove,
    RowPolicy,
    SubscriptionPolicy,
    UserMatches,
    Where,
    World,
)
from veil.model.change import apply

DOMAINS = [f"domain.d{at}" for at in range(20)]
TAGS = ["pii.email", "pii.phone", "pii.name", "finance.salary", "geo.region", *(f"other.t{at}" for at in range(35))]
GROUPS = [f"group{at}" for at in range(60)]
REGIONS = [f"r{at}" for at in range(30)]
VARCHAR = ColumnType(Family.VARCHAR, 100)


def world(sources: int, policies: int, users: int, projects: int) -> World:
    """Data sources of 20 columns each in 20 domains, policies of all kinds, users with a few groups
    and regions. Each project has a tenth of the data sources, and a fifth of the users as members;
    every fourth one is equalized.
    """
    draw = random.Random(7)
    things: list[object] = []
    for at in range(sources):
        columns = [Column(f"c{n}", VARCHAR, frozenset({draw.choice(TAGS)} if n < 12 else set())) for n in range(20)]
        tags = frozenset({draw.choice(DOMAINS)})
        things.append(DataSource("raw", f"t{at}", "governed", f"t{at}", tuple(columns), tags))
    for at in range(policies):
        excepted = Exceptions(groups=frozenset(draw.sample(GROUPS, 2)))
        kind = at % 4
        if kind == 0:
            place = AppliesTo(column_tags=frozenset({draw.choice(TAGS)}))
            things.append(MaskingPolicy(f"m{at}", place, Hash(), exceptions=excepted, priority=at))
        elif kind == 1:
            place = AppliesTo(column_tags=frozenset({draw.choice(TAGS)}))
            where = "@columnTagged('geo.region') <> 'r1' OR @isInGroups('group3')"
            things.append(MaskingPolicy(f"m{at}", place, Null(), exceptions=excepted, where=where))
        elif kind == 2:
            place = AppliesTo(data_source_tags=frozenset({draw.choice(DOMAINS)}))
            show = UserMatches((Match("geo", "region"),)) if at % 8 == 2 else Where(f"c{at % 20} <> 'x{at}'")
            things.append(RowPolicy(f"r{at}", place, show, exceptions=excepted))
        else:
            place = AppliesTo(data_source_tags=frozenset({draw.choice(DOMAINS)}))
            expression = f"@isInGroups('{draw.choice(GROUPS)}') OR @hasAttribute('region', '{draw.choice(REGIONS)}')"
            things.append(SubscriptionPolicy(f"s{at}", place, "conditions", expression=expression))
    for at in range(users):
        held = frozenset(draw.sample(GROUPS, draw.randrange(1, 5)))
        things.append(Profile(f"user{at}", held, {"region": frozenset(draw.sample(REGIONS, draw.randrange(3)))}))
    for at in range(projects):
        members = frozenset(f"user{one}" for one in range(users) if draw.random() < 0.2)
        keys = frozenset(f"raw.t{one}" for one in range(sources) if draw.random() < 0.1)
        things.append(Project(f"p{at}", members, keys, frozenset({"fraud"}), equalized=at % 4 == 0))
    things.append(Purpose("fraud", "I agree."))
    return apply(World(Integration("main", "analytics", "governed")), *(Put(each) for each in things))  # type: ignore[arg-type]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=int, default=1_000)
    parser.add_argument("--policies", type=int, default=200)
    parser.add_argument("--users", type=int, default=100_000)
    parser.add_argument("--projects", type=int, default=0)
    parser.add_argument("--only", help="the plans with this in their names")
    options = parser.parse_args()
    before = world(options.sources, options.policies, options.users, options.projects)
    mask = before.masking_policies["m0"]
    wider = Exceptions(groups=mask.exceptions.groups | {"group9"}, attributes=frozenset({Attribute("region", "r2")}))
    everywhere = MaskingPolicy(
        "pii", AppliesTo(column_tags=frozenset({"pii"})), Hash(), exceptions=Exceptions(groups=frozenset({"group5"}))
    )
    moved = [Profile(f"user{at}", frozenset({"group9"}), {}) for at in range(min(200, options.users))]
    plans = {
        "one mask excepts more": [
            Put(MaskingPolicy("m0", mask.applies_to, mask.mask, exceptions=wider, priority=mask.priority))
        ],
        "a mask on a tag that is everywhere": [Put(everywhere)],
        "200 profiles": [Put(each) for each in moved],
        "every masking policy goes": [Remove(Kind.MASKING_POLICY, name) for name in before.masking_policies],
    }
    for name, changes in plans.items():
        if options.only and options.only not in name:
            continue
        start, worked = time.monotonic(), time.process_time()
        found = compare(before, apply(before, *changes), now=datetime.now(UTC))
        took, worked = time.monotonic() - start, time.process_time() - worked
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        counts = ", ".join(f"{len(found.of(each))} {each.value}" for each in Verdict)
        print(
            f"{name}: {took:.1f} s ({worked:.1f} s of them at work), {peak:.0f} MB; {found.compared} sources, {counts}, {len(lines(found.findings))} lines",
            flush=True,
        )


if __name__ == "__main__":
    main()
