"""What a user holds, as configurations say it: groups, attributes, and when some of these end."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from veil.model import Expires, Profile
from veil.plugin import InvalidValueError, Model, attribute, check
from veil.resources.hcl.moments import Moment, moment_of, moment_text
from veil.resources.hcl.names import HeldValue, Name


class ExpiresModel(Model):
    """When rights end: each in RFC 3339, `2027-01-01T00:00:00Z`. What is not named here does not
    end.
    """

    groups: dict[Name, Moment] = attribute("When membership in each of these groups ends.", default={})
    attributes: dict[Name, dict[HeldValue, Moment]] = attribute(
        "When values of attributes end: by the attribute, then by the value.", default={}
    )


EXPIRES = (
    "When some of it ends, with no apply: from that moment on the views take it for not held. The resource stays as it "
    "is, and so does every plan."
)


class HeldModel(Model):
    """What one user holds."""

    groups: frozenset[Name] = attribute("Groups the user is in.", default=frozenset())
    attributes: dict[Name, frozenset[HeldValue]] = attribute(
        "Attributes the user holds: a list of values each.", default={}
    )
    expires: ExpiresModel | None = attribute(EXPIRES)

    @check("groups", "attributes", "expires")
    def _ends_of_what_is_held(self) -> None:
        require_held(profile_of("", self.groups, self.attributes, self.expires))


def profile_of(
    user: str,
    groups: frozenset[str],
    attributes: Mapping[str, frozenset[str]],
    expires: ExpiresModel | None,
) -> Profile:
    """The profile that a configuration declares."""
    ends = Expires()
    if expires is not None:
        of_values = {name: _moments(values) for name, values in expires.attributes.items() if values}
        ends = Expires(_moments(expires.groups), of_values)
    return Profile(user, groups, {name: frozenset(values) for name, values in attributes.items()}, ends)


def held_by(profile: Profile) -> dict[str, Any]:
    """The attributes that declare what a profile gives."""
    return {
        "groups": profile.groups,
        "attributes": dict(profile.attributes),
        "expires": expires_of(profile.expires),
    }


def expires_of(expires: Expires) -> ExpiresModel | None:
    """The block that says when rights end; None where none does."""
    if not expires:
        return None
    return ExpiresModel(
        groups=_texts(expires.groups),
        attributes={name: _texts(values) for name, values in sorted(expires.attributes.items())},
    )


def require_held(profile: Profile) -> None:
    """Raise InvalidValueError where an end is given of what the user does not hold."""
    for path, each in profile.ends_of_nothing():
        what = f"the group {each!r}" if path == ("groups",) else f"the value {each!r} of the attribute {path[-1]!r}"
        raise InvalidValueError(
            f"expires gives {what} an end, and the user does not hold it. Give it to the user beside expires, or take it out "
            "of expires: else somebody takes for ending what is held for good under another spelling.",
            ("expires", *path, each),
            "An end of what is not held",
        )


def _moments(texts: Mapping[str, str]) -> dict[str, datetime]:
    return {name: moment_of(text) for name, text in texts.items()}


def _texts(moments: Mapping[str, datetime]) -> dict[str, str]:
    return {name: moment_text(moment) for name, moment in sorted(moments.items())}
