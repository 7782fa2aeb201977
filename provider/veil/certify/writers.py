"""Two writers at once: neither loses what the other wrote, and neither fails."""

import threading
from collections.abc import Iterator

from veil.certify.outcome import Outcome
from veil.certify.place import Place
from veil.governance import requests
from veil.model import AppliesTo, Kind, MaskingPolicy, Null

_WRITERS = 2


def examine(place: Place) -> Iterator[Outcome]:
    each_writes = 3 if place.quick else 8
    problems: list[str] = []

    def write(writer: int) -> None:
        governance = place.another_governance()
        try:
            for number in range(each_writes):
                governance.submit(requests.Create(_policy(writer, number)))
        except Exception as problem:
            problems.append(f"writer {writer}: {problem}")
        finally:
            governance.close()

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(_WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    place.forget()
    yield Outcome(
        f"{_WRITERS} writers make {each_writes} changes each, one after the other",
        "differed" if problems else "passed",
        "; ".join(problems),
    )
    there = {each.key for each in place.governance.require().stored.values() if each.kind is Kind.MASKING_POLICY}
    wanted = {_policy(writer, number).name for writer in range(_WRITERS) for number in range(each_writes)}
    yield Outcome(
        "what both wrote is there",
        "passed" if there == wanted else "differed",
        "" if there == wanted else f"{len(wanted - there)} of {len(wanted)} changes are missing.",
    )
    place.ungovern()


def _policy(writer: int, number: int) -> MaskingPolicy:
    return MaskingPolicy(
        f"writer {writer} {number}", AppliesTo(column_tags=frozenset({f"w{writer}.n{number}"})), Null()
    )
