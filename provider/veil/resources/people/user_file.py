"""From a file of users to their profiles, and to the hash by which Terraform's state knows the file."""

import json
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from veil.model import Profile
from veil.plugin import PluginError
from veil.resources.people.csv_form import read_csv
from veil.resources.people.json_form import read_json
from veil.resources.people.problems import refusal

_FORMS = {".csv": read_csv, ".json": read_json}


def read_users(path: str) -> dict[str, Profile]:
    """The profiles by user that a `.csv` or `.json` file declares. A relative path is looked up in Terraform's working directory.

    Raises PluginError, whose detail names file, line, column or field and what was found there.
    """
    form = _FORMS.get(Path(path).suffix.lower())
    if form is None:
        raise PluginError(
            "Not a user file", f"{path!r} ends neither in .csv nor in .json, so its form is not known.", path=("file",)
        )
    profiles = form(path, _text(path))
    if not profiles:
        raise refusal(path, ["it names no user. To take everybody's profile away, write users = {} instead"])
    return profiles


def digest(profiles: Iterable[Profile]) -> str:
    """The hash of profiles, whatever their order: SHA-256 over one line of canonical JSON for each user. Attributes
    without values count for nothing.
    """
    found = sha256()
    for each in sorted(profiles, key=lambda profile: profile.user):
        attributes = {name: sorted(values) for name, values in each.attributes.items() if values}
        line = json.dumps([each.user, sorted(each.groups), attributes], sort_keys=True, separators=(",", ":"))
        found.update(line.encode() + b"\n")
    return f"sha256:{found.hexdigest()}"


def _text(path: str) -> str:
    try:
        raw = Path(path).read_bytes()
    except FileNotFoundError as problem:
        raise PluginError(
            "No such user file",
            f"There is no file {path} in {Path.cwd()}. Write the path from there, or begin it with ${{path.module}}/.",
            path=("file",),
        ) from problem
    except OSError as problem:
        raise PluginError(
            "The user file cannot be read", f"{path}: {problem.strerror or problem}.", path=("file",)
        ) from problem
    try:
        return raw.decode("utf-8-sig")  # Spreadsheets begin UTF-8 with a byte order mark.
    except UnicodeDecodeError as problem:
        line = raw.count(b"\n", 0, problem.start) + 1
        raise refusal(path, [f"line {line}: it is not UTF-8. Save the file as UTF-8"]) from problem
