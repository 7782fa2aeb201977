"""Users of whom one resource holds many."""

import json
from collections.abc import Mapping
from typing import Any

from veil.cli.export.declaring import declared
from veil.cli.export.hcl import Expression, Value, text
from veil.governance import StoredObject
from veil.model import Kind, Profile
from veil.resources.people.holding import HeldModel, expires_of, held_by
from veil.resources.user_profiles import UserProfilesModel

INLINE = 500
"""So many users of one resource at most are written into the configuration; more go into a file
beside it.
"""


def own_resource(stored: StoredObject) -> bool:
    """Whether an object has a resource of its own, and is not one of many of a
    veil_user_profiles.
    """
    return stored.kind is not Kind.PROFILE or "." not in stored.id


def directory_of(name: str, users: list[StoredObject]) -> tuple[dict[str, Value], Expression, Mapping[str, str]]:
    """The attributes of a veil_user_profiles, its import id as HCL, and the files that it reads."""
    profiles = {each.key: each.thing for each in users if isinstance(each.thing, Profile)}
    if len(profiles) <= INLINE and not any("," in user or user != user.strip() for user in profiles):
        held = {user: HeldModel(**held_by(each)) for user, each in profiles.items()}
        return declared(UserProfilesModel, {"users": held}), Expression(text(",".join(sorted(profiles)))), {}
    path = f"{name}.json"
    content = {
        user: {
            "groups": sorted(each.groups),
            "attributes": {attribute: sorted(values) for attribute, values in sorted(each.attributes.items())},
            **_ends(each),
        }
        for user, each in sorted(profiles.items())
    }
    file = Expression(f'"${{path.module}}/{path}"')
    imported_as = Expression(f'"file:${{path.module}}/{path}"')
    return {"file": file}, imported_as, {path: json.dumps(content, ensure_ascii=False, indent=1) + "\n"}


def _ends(profile: Profile) -> dict[str, Any]:
    """When what the user holds ends, as a file of users says it; nothing where nothing does."""
    expires = expires_of(profile.expires)
    if expires is None:
        return {}
    ends = {"groups": expires.groups, "attributes": expires.attributes}
    return {"expires": {name: each for name, each in ends.items() if each}}
