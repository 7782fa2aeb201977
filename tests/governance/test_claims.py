"""Who is to be alone with what, while Terraform plans in whatever order it likes."""

from veil.governance.claims import Claims
from veil.governance.requests import Claim


def claim(key: str, shown: str = "", resource: str = "veil_purpose") -> Claim:
    return Claim(key, "Two of one", shown or key, resource)


def test_the_second_of_two_resources_is_told_of_the_first():
    claims = Claims()
    assert claims.claim("one", [claim("name")]) == []
    (conflict,) = claims.claim("two", [claim("name", "NAME", "veil_project"), claim("other")])
    assert (conflict.mine.shown, conflict.other.shown, conflict.other.resource) == ("NAME", "name", "veil_purpose")
    (again,) = claims.claim("three", [claim("name"), claim("mine")])
    assert again.other.shown == "name"


def test_a_resource_that_is_planned_anew_gives_up_what_it_claimed():
    claims = Claims()
    assert claims.claim("one", [claim("a"), claim("b")]) == []
    assert claims.claim("one", [claim("b"), claim("c")]) == []
    assert claims.claim("two", [claim("a")]) == []
    assert len(claims.claim("three", [claim("b"), claim("c")])) == 2
    assert claims.claim("one", []) == []
    assert claims.claim("four", [claim("b"), claim("c")]) == []


def test_a_swap_is_no_conflict():
    claims = Claims()
    assert claims.claim("one", [claim("two")]) == claims.claim("two", [claim("one")]) == []


def test_a_resource_may_say_a_thing_twice():
    claims = Claims()
    assert claims.claim("one", [claim("a"), claim("a")]) == []
    assert claims.claim("one", [claim("a")]) == []
