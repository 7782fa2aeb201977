"""The rows of the sample: made up, and the same on every machine."""

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

Value = int | str | date | datetime | Decimal | None
Row = tuple[Value, ...]

SEED = 2013
USERS, EVENTS, SALES = 1_000, 300, 3_000

_CITIES = (
    ("Seattle", "WA", "206"),
    ("Portland", "OR", "503"),
    ("Spokane", "WA", "509"),
    ("Austin", "TX", "512"),
    ("Chicago", "IL", "312"),
    ("Boston", "MA", "617"),
    ("Denver", "CO", "303"),
    ("Coeur d'Alene", "ID", "208"),
)
_FIRST = ("Amara", "Bruno", "Chiyo", "Dario", "Elif", "Farah", "Goran", "Hana", "Ines", "Jonas", "Kofi", "Leïla")
_LAST = (
    "Abara",
    "Brandt",
    "Costa",
    "Dahl",
    "Eriksen",
    "Fontaine",
    "Garcia",
    "Haddad",
    "Ito",
    "O'Neil",
    "Novak",
    "Silva",
)
_SUBJECTS = ("Harbour", "Midnight", "Golden", "Northern", "Electric", "Paper")
_SHOWS = (
    ("Opera", "Opera"),
    ("Quartet", "Classical"),
    ("Parade", "Musicals"),
    ("Trio", "Jazz"),
    ("Players", "Plays"),
)


@dataclass(frozen=True)
class Table:
    """One table of the sample: `src.<name>` and its rows, in the order of its columns."""

    name: str
    rows: tuple[Row, ...]


def tables() -> tuple[Table, ...]:
    """The whole sample."""
    choose = random.Random(SEED)  # noqa: S311 - nothing here is secret
    users = tuple(_user(number, choose) for number in range(1, USERS + 1))
    events = tuple(_event(number, choose) for number in range(1, EVENTS + 1))
    sales = tuple(_sale(number, users, events, choose) for number in range(1, SALES + 1))
    return Table("users", users), Table("events", events), Table("sales", sales)


def _user(number: int, choose: random.Random) -> Row:
    first, last = choose.choice(_FIRST), choose.choice(_LAST)
    # The first users take the cities in turn, so that a look at a few rows shows several states.
    city, state, area = _CITIES[number - 1] if number <= len(_CITIES) else choose.choice(_CITIES)
    mailbox = f"{first[0]}.{last}{number}".lower().replace("'", "")
    birthday = date(1950, 1, 1) + timedelta(days=choose.randrange(20_000))
    # 555-0100 to 555-0199 are reserved for fiction.
    phone = f"({area}) 555-01{choose.randrange(100):02}"
    return number, first, last, birthday, f"{mailbox}@example.{choose.choice(('com', 'org'))}", phone, city, state


def _event(number: int, choose: random.Random) -> Row:
    show, category = choose.choice(_SHOWS)
    city, state, _ = choose.choice(_CITIES)
    start = datetime(2026, 1, 1, 19) + timedelta(days=choose.randrange(365), minutes=30 * choose.randrange(5))
    return number, f"{choose.choice(_SUBJECTS)} {show}", category, city, state, start


def _sale(number: int, users: tuple[Row, ...], events: tuple[Row, ...], choose: random.Random) -> Row:
    event = choose.choice(events)
    start = event[5]
    assert isinstance(start, datetime)
    sold = start - timedelta(days=choose.randrange(1, 90), minutes=choose.randrange(1_440))
    quantity = choose.randrange(1, 9)
    paid = Decimal(quantity * choose.randrange(20, 200))
    commission = (paid * Decimal("0.15")).quantize(Decimal("0.01"))
    return number, event[0], choose.choice(users)[0], event[4], quantity, paid, commission, sold
