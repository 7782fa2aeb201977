"""Which of the server's errors mean what."""

import pytest

from veil.warehouse import RevisionMovedError
from veil.warehouse.errors import from_server


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ("XX000", "1023 DETAIL: Serializable isolation violation on table - 105, transactions forming the cycle"),
        ("XX000", "could not complete because of conflict with concurrent transaction"),
        ("XX000", "tuple concurrently updated"),
        ("XX000", "tuple already updated by self"),
        ("XX000", "table 123 dropped by a concurrent transaction"),
        ("XX000", "could not open relation with OID 4711"),
        ("40001", "could not serialize access"),
        ("40P01", "deadlock detected"),
        ("57P01", "terminating connection due to administrator command"),
        ("08006", "connection failure"),
    ],
)
def test_conflicts_and_lost_connections_may_be_repeated(state: str, message: str) -> None:
    assert from_server({"C": state, "M": message}).retryable


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ("XX000", "some internal error"),
        ("42501", "permission denied for relation customers"),
        ("42P01", 'relation "x" does not exist'),
        ("3F000", 'schema "x" does not exist'),
        ("25P02", "current transaction is aborted"),
        ("57014", "canceling statement due to statement timeout"),
        ("P0001", "veil: only the system account may call this procedure"),
        ("", ""),
    ],
)
def test_everything_else_may_not(state: str, message: str) -> None:
    error = from_server({"C": state, "M": message})
    assert not error.retryable
    assert error.sqlstate == state


def test_a_lost_connection_is_told_from_a_conflict() -> None:
    assert from_server({"C": "57P01", "M": "bye"}).lost
    assert not from_server({"C": "40P01", "M": "deadlock detected"}).lost


def test_a_timeout_is_known_as_one() -> None:
    assert from_server({"C": "57014", "M": "canceling statement due to statement timeout"}).timed_out


def test_a_moved_revision_is_an_error_of_its_own() -> None:
    assert isinstance(from_server({"C": "P0001", "M": "veil: the revision moved"}), RevisionMovedError)


def test_the_detail_holds_what_the_server_said_and_advised() -> None:
    error = from_server({"C": "42P01", "M": "no such thing", "D": "It is not there.", "H": "Make it"})
    assert error.found == "no such thing. It is not there. Make it."
    assert str(error) == f"A table or view is not there: {error.detail}"
    assert error.detail.startswith(f"{error.found} Somebody dropped or renamed it")


@pytest.mark.parametrize(
    ("message", "title"),
    [
        ('unrecognized configuration parameter "retired"', "A configuration parameter is not there"),
        ('role "type" does not exist', "A user, group or role is not there"),
        ('user "parameter" does not exist', "A user, group or role is not there"),
        ('group "g" does not exist', "A user, group or role is not there"),
        ('type "jsonb" does not exist', "A type is not there"),
        ('language "role" does not exist', "Something that a statement names is not there"),
    ],
)
def test_what_is_not_there_is_called_what_it_is(message: str, title: str) -> None:
    error = from_server({"C": "42704", "M": message})
    assert (error.summary, error.found) == (title, f"{message}.")
    assert error.advice


@pytest.mark.parametrize("state", ["42704", "42809", "2BP01", "42710", "53100", "54000", "XX000", "", "57014", "40001"])
def test_whatever_the_server_says_comes_with_what_to_do(state: str) -> None:
    error = from_server({"C": state, "M": "no"})
    assert (error.summary and error.advice and error.detail == f"no. {error.advice}") or error.timed_out
