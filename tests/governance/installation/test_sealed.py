"""What none of our procedures wrote of salts and of what users chose, in words."""

from dataclasses import replace

from tests.governance.installation.test_drift import AUTOMATIC, SOURCE, deployed
from veil.governance.drift import drift_of
from veil.governance.installation.drift import installation_drift
from veil.governance.metadata.deployed import StoredObject
from veil.governance.requests import SourceDraft
from veil.model import Kind
from veil.warehouse import SEAL, UnsealedRow


def rows_told(*unsealed: UnsealedRow) -> set[str]:
    found = deployed(replace(AUTOMATIC, bootstrap="manual"))
    place = (Kind.DATA_SOURCE, SOURCE.key)
    stored = {**found.stored, place: StoredObject(*place, "1", None)}
    snapshot = replace(found.snapshot, unsealed=frozenset(unsealed))
    return set(installation_drift(replace(found, stored=stored, snapshot=snapshot)))


def test_what_none_of_our_procedures_wrote_is_told_row_by_row():
    planted = UnsealedRow("runtime", "al\x1fice", ""), UnsealedRow("acknowledgement", "alice", "fraud")
    assert rows_told(*planted) == {
        "the project that 'al\\x1fice' acts in was set outside veil: it will be none",
        "what alice is said to have agreed to for the purpose fraud was added outside veil",
    }
    assert rows_told(UnsealedRow("salt", "raw.later", "")) == {"the salt raw.later was added outside veil"}


def test_without_the_salt_that_seals_one_line_tells_of_all_that_users_chose():
    (line,) = rows_told(UnsealedRow("salt", SEAL, ""), *(UnsealedRow("runtime", user, "") for user in "abc"))
    assert line == (
        "the salt that seals what users choose was altered: all act in no project, have to agree to purposes again, and what was "
        "asked for or approved at run time is over"
    )


def test_the_salt_of_a_data_source_is_its_own_to_tell_whatever_its_row_says():
    found = deployed(AUTOMATIC)
    altered = UnsealedRow("salt", SOURCE.key, "")
    assert rows_told(altered) == set()
    draft = SourceDraft("raw", "customers", "governed", "customers", {})
    for unsealed, told in ((frozenset({altered}), "altered"), (frozenset(), "removed"), (None, "removed")):
        told_of = replace(found, snapshot=replace(found.snapshot, unsealed=unsealed))
        for thing in (SOURCE, None):
            drift = drift_of(told_of, StoredObject(Kind.DATA_SOURCE, SOURCE.key, "1", thing), draft)
            assert f"its salt was {told}: what it hashes will hash otherwise" in drift
