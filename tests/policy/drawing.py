"""Objects of the World, drawn at random among few names, so that they have to do with each
other.
"""

from hypothesis import strategies as st

from tests.policy.building import column, groups, source, varchar
from veil.model import (
    AppliesTo,
    Constant,
    Hash,
    MaskingPolicy,
    Match,
    Never,
    Null,
    Put,
    Remove,
    RowPolicy,
    SubscriptionPolicy,
    UserMatches,
    Where,
    key_of,
    kind_of,
)

TAGS = st.sampled_from(["pii", "pii.email", "geo", "geo.land", "secret"])
SOME_TAGS = st.frozensets(TAGS, max_size=2)
NAMES = st.sampled_from(["p1", "p2", "p3"])
EXPRESSIONS = st.sampled_from(["@columnTagged('geo') = 'x'", "email = 'y'", "@isInGroups('g')", "broken("])

scopes = st.builds(
    AppliesTo,
    data_source_tags=SOME_TAGS,
    data_sources=st.frozensets(st.sampled_from(["raw.s1", "raw.*", "raw.s2"]), max_size=2),
    all_data_sources=st.booleans(),
    column_tags=SOME_TAGS,
    column_regex=st.sampled_from([None, "mail", "^N", "("]),
    column_regex_case_insensitive=st.booleans(),
    all_columns=st.booleans(),
    untagged_columns=st.booleans(),
    operator=st.sampled_from(["any", "all"]),
)
few_scopes = st.one_of(st.just(AppliesTo()), scopes)
masking = st.builds(
    MaskingPolicy,
    NAMES,
    few_scopes,
    st.sampled_from([Hash(), Null(), Constant("x")]),
    priority=st.integers(0, 1),
    exceptions=st.sampled_from([groups("a"), groups()]),
    where=st.one_of(st.none(), EXPRESSIONS),
    staged=st.booleans(),
)
rules = st.one_of(
    st.just(Never()), st.builds(Where, EXPRESSIONS), st.builds(lambda tag: UserMatches((Match(tag, "a"),)), TAGS)
)
row = st.builds(RowPolicy, NAMES, few_scopes, rules, staged=st.booleans())
subscription = st.builds(SubscriptionPolicy, NAMES, few_scopes, st.just("everyone"), staged=st.booleans())
columns = st.builds(
    lambda tags, accepted: (column("email", varchar(40), *tags), column("n", varchar(9), *tags, accepted=accepted)),
    SOME_TAGS,
    st.booleans(),
)
data_source = st.builds(
    lambda name, its_columns, tags, listed, rest: source(*its_columns, table=name, tags=tags, policies=listed, **rest),
    st.sampled_from(["s1", "s2", "s3"]),
    columns,
    SOME_TAGS,
    st.frozensets(NAMES, max_size=1),
    st.fixed_dictionaries({"new_columns": st.sampled_from(["hide", "null", "expose"]), "enabled": st.booleans()}),
)
things = st.one_of(masking, row, subscription, data_source)
changes = st.one_of(
    st.builds(Put, things),
    st.builds(lambda thing: Remove(kind_of(thing), key_of(thing)), things),
    st.builds(lambda policy, old: Put(policy, replaces=old), st.one_of(masking, row), NAMES),
)
