"""Draws policies of every kind: masks, row rules, places, exceptions."""

from decimal import Decimal

from tests.fuzz.drawing import Draw, chance, pick, several, some
from tests.fuzz.expressions import condition, mask_expression
from tests.fuzz.functions import ACCEPTED, CALLS, DEFINITIONS, REPLACED
from tests.fuzz.pools import ATTRIBUTES, GROUPS, PURPOSES, SOURCE_TAGS, VALUES, WANTED_TAGS
from tests.fuzz.values import ZONED
from veil.language import Usage
from veil.model import (
    AppliesTo,
    Attribute,
    Categories,
    Column,
    Constant,
    DateShift,
    Email,
    Exceptions,
    Function,
    Hash,
    KAnonymity,
    Mask,
    MaskingPolicy,
    Match,
    Never,
    Noise,
    Null,
    Partial,
    Percent,
    Purposes,
    Regex,
    Round,
    RowPolicy,
    RowRule,
    Sql,
    SubscriptionPolicy,
    TimeWindow,
    TruncateDate,
    UserMatches,
    ValueIn,
    Where,
)
from veil.model.masks import DateUnit

_CONSTANTS = (
    "REDACTED",
    "",
    "0",
    "7",
    "-3",
    "5.5",
    "true",
    "2024-02-29",
    "2024-02-29 10:00:00",
    "2024-02-29 10:00:00+05:30",
    "größe",
    "o'x\\",
    "99999999999",
)
_REGEXES = (
    ("[0-9]", "#"),
    ("[a-z]+", "x"),
    ("^.", "\\1$&"),
    ("@", ""),
    ("S", "größe"),
    ("[^a-z]", "\\"),
    ("o'b", "'"),
    ("[[:alpha:]]", "#"),
    ("U|US$", ""),
    ("\\W+", "_"),
)
_MASKS = (
    "hash",
    "hash",
    "partial",
    "partial",
    "constant",
    "null",
    "email",
    "regex",
    "round",
    "truncate",
    "alike",
    "alike",
    "categories",
    "shift",
    "function",
    "noise",
    "sql",
)
_UNITS: tuple[DateUnit, ...] = ("year", "quarter", "month", "week", "day", "hour", "minute")
_RULES = (
    "match",
    "match",
    "where",
    "where",
    "where",
    "list",
    "list",
    "time",
    "time",
    "percent",
    "percent",
    "purposes",
    "never",
)
_WINDOWS = (
    TimeWindow("newer", 60, "minutes"),
    TimeWindow("older", 60, "minutes"),
    TimeWindow("newer", 24, "hours"),
    TimeWindow("older", 24, "hours"),
    TimeWindow("newer", 90, "days"),
    TimeWindow("older", 90, "days"),
    TimeWindow("newer", 1, "years"),
    TimeWindow("older", 1, "years"),
)
_SHARES = tuple(map(Decimal, ("0", "33.3", "50", "80", "100")))


def mask(draw: Draw) -> Mask:
    """A mask of any kind, on whatever column it falls."""
    match pick(draw, _MASKS):
        case "hash":
            return Hash()
        case "constant":
            return Constant(pick(draw, _CONSTANTS))
        case "null":
            return Null()
        case "partial":
            return Partial(pick(draw, range(5)), pick(draw, range(5)), pick(draw, ("*", "", "<>", "ß", "'", "\\")))
        case "email":
            return Email()
        case "regex":
            return Regex(*pick(draw, _REGEXES), case_insensitive=chance(draw, 50))
        case "round":
            return Round(
                pick(
                    draw,
                    tuple(
                        map(
                            Decimal,
                            ("1", "10", "100", "0.5", "0.25", "30000", "0", "0.1", "0.3", "1e-3", "2.5", "1e-40"),
                        )
                    ),
                )
            )
        case "truncate":
            return TruncateDate(pick(draw, _UNITS))
        case "categories":
            values = some(draw, (*VALUES, "7", "-3", "0", "größe"), 2, 4)
            return Categories(values, pick(draw, tuple(map(Decimal, ("0", "33.3", "50", "99.9")))))
        case "alike":
            names = some(draw, ("s", "d", "t", "user", "zoned", "order", "S", "missing", "ratio"), 1, 2)
            return KAnonymity(pick(draw, (2, 2, 3)), names)
        case "function":
            listed = pick(draw, ((), (), (), (ACCEPTED,), (REPLACED,)))
            return Function(*pick(draw, CALLS), frozenset(listed))
        case "shift":
            return DateShift(pick(draw, (1, 2, 30, 365, 36_500)))
        case "noise":
            return Noise(pick(draw, tuple(map(Decimal, ("5", "12.5", "100", "0.1")))))
        case _:
            return Sql(mask_expression(draw))


def row_rule(draw: Draw) -> RowRule:
    """A rule of any kind."""
    match pick(draw, _RULES):
        case "match":
            matches = tuple(_match(draw) for _ in range(pick(draw, (1, 1, 2))))
            return UserMatches(matches, "any" if chance(draw, 50) else "all")
        case "where":
            return Where(condition(draw, Usage.ROW))
        case "list":
            values = some(draw, (*VALUES, *ZONED, "2024-02-29 13:14:15", "5.5", "07"), 1, 4)
            values = frozenset() if chance(draw, 10) else values
            return ValueIn(pick(draw, WANTED_TAGS), values, chance(draw, 50))
        case "time":
            return pick(draw, _WINDOWS)
        case "percent":
            return Percent(pick(draw, _SHARES))
        case "purposes":
            return Purposes(frozenset() if chance(draw, 35) else some(draw, PURPOSES, 1, 2))
        case _:
            return Never()


def _match(draw: Draw) -> Match:
    return Match(pick(draw, WANTED_TAGS), pick(draw, ATTRIBUTES) if chance(draw, 75) else None)


def source_place(draw: Draw) -> AppliesTo:
    """A place of a row or subscription policy, never empty."""
    names = (
        "fuzz_raw.*",
        "*",
        "fuzz_raw.t",
        "*ers",
        "FUZZ_RAW.Customers",
        'fuzz_raw."Two words"',
        '"FUZZ_RAW".*s',
        '*we""ird"',
        "other.*",
    )
    found = AppliesTo(
        data_source_tags=some(draw, SOURCE_TAGS, 0, 2),
        data_sources=some(draw, names, 0, 1),
        all_data_sources=chance(draw, 25),
        column_tags=some(draw, WANTED_TAGS, 0, 1) if chance(draw, 25) else frozenset(),
        operator="all" if chance(draw, 33) else "any",
    )
    return AppliesTo(all_data_sources=True) if found.is_empty else found


def column_place(draw: Draw) -> AppliesTo:
    """A place of a mask: always with column criteria."""
    found = AppliesTo(
        data_source_tags=some(draw, SOURCE_TAGS, 0, 1) if chance(draw, 20) else frozenset(),
        column_tags=some(draw, WANTED_TAGS, 0, 2),
        column_regex=pick(draw, ("^[a-d]", "e", "S", "_|1$", "t")) if chance(draw, 15) else None,
        column_regex_case_insensitive=chance(draw, 10),
        all_columns=chance(draw, 15),
        untagged_columns=chance(draw, 12),
        operator="all" if chance(draw, 33) else "any",
    )
    return found if found.names_columns else AppliesTo(all_columns=True)


def exceptions(draw: Draw) -> Exceptions:
    """Nobody, or a few groups, attributes, purposes and an expression."""
    if chance(draw, 35):
        return Exceptions("all" if chance(draw, 50) else "any")
    return Exceptions(
        operator="all" if chance(draw, 33) else "any",
        groups=some(draw, GROUPS, 0, 2),
        attributes=frozenset({Attribute(pick(draw, ATTRIBUTES), pick(draw, VALUES))} if chance(draw, 50) else ()),
        purposes=some(draw, PURPOSES, 0, 1) if chance(draw, 50) else frozenset(),
        expression=condition(draw, Usage.AUDIENCE, 1) if chance(draw, 25) else None,
    )


def masking_policy(draw: Draw, name: str) -> MaskingPolicy:
    """A masking policy, of one action or of two."""
    two = chance(draw, 20)
    return MaskingPolicy(
        name=name,
        applies_to=column_place(draw),
        mask=mask(draw),
        priority=pick(draw, (0, 0, 1, 5, -1)),
        exceptions=Exceptions() if two else exceptions(draw),
        where=condition(draw, Usage.ROW) if chance(draw, 40) else None,
        for_everyone_who=condition(draw, Usage.AUDIENCE, 1) if two else None,
        otherwise=mask(draw) if two else None,
        staged=chance(draw, 10),
        definitions=DEFINITIONS,
    )


def expression_policy(draw: Draw, on: Column, tag: str) -> MaskingPolicy:
    """A mask of one column: which cells it covers, or what it makes of them, is an expression."""
    where = condition(draw, Usage.ROW, 3) if chance(draw, 70) else None
    what = Null() if where is not None and chance(draw, 60) else Sql(mask_expression(draw, on.type.family))
    return MaskingPolicy(f"m {tag}", AppliesTo(column_tags=frozenset({tag})), what, where=where)


def row_policy(draw: Draw, name: str) -> RowPolicy:
    """A row policy, of one action or of two; sometimes without a place where its rule has tags."""
    two = chance(draw, 20)
    rule = row_rule(draw)
    placeless = isinstance(rule, UserMatches | ValueIn) or (
        isinstance(rule, Where) and "@columnTagged" in rule.expression
    )
    return RowPolicy(
        name=name,
        applies_to=AppliesTo() if placeless and chance(draw, 35) else source_place(draw),
        show=rule,
        exceptions=Exceptions() if two else exceptions(draw),
        for_everyone_who=condition(draw, Usage.AUDIENCE, 1) if two else None,
        otherwise=row_rule(draw) if two else None,
        staged=chance(draw, 10),
    )


def subscription_policy(draw: Draw, name: str) -> SubscriptionPolicy:
    """A grant, or more rarely a guardrail."""
    access = pick(draw, ("conditions", "conditions", "everyone", "individual", "approval"))
    return SubscriptionPolicy(
        name=name,
        applies_to=source_place(draw),
        access=access,  # type: ignore[arg-type]
        mode="guardrail" if chance(draw, 15) else "grant",
        expression=condition(draw, Usage.SUBSCRIPTION, 1) if access == "conditions" else None,
        staged=chance(draw, 10),
    )


def names_of(draw: Draw, names: tuple[str, ...]) -> frozenset[str]:
    """Policies that a source lists; sometimes one that is missing."""
    return frozenset(several(draw, (*names, "missing"), 1, 2)) if chance(draw, 15) else frozenset()
