"""From a file of users to their profiles, and to the hash by which Terraform's state knows the
file.
"""

import codecs
import json
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any, TextIO

from veil.model import Profile
from veil.plugin import PluginError
from veil.resources.people.columns import Columns
from veil.resources.people.csv_form import read_csv
from veil.resources.people.holding import expires_of
from veil.resources.people.json_form import read_json
from veil.resources.people.problems import refusal

_ENCODINGS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
"""How a file is encoded that begins so: spreadsheets and Windows write such marks."""

_UTF32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)


def read_users(path: str, columns: Columns | None = None) -> dict[str, Profile]:
    """The profiles by user that a `.csv` or `.json` file declares; `columns` say what a directory
    calls its own. A relative path is looked up in Terraform's working directory. Of CSV a line at a
    time is in memory beside what it says.

    Raises PluginError, whose detail names file, line, column or field and what was found there.
    """
    form = Path(path).suffix.lower()
    if form not in (".csv", ".json"):
        raise PluginError(
            "Not a user file", f"{path!r} ends neither in .csv nor in .json, so its form is not known.", path=("file",)
        )
    with _opened(path) as lines:
        try:
            profiles = read_csv(path, lines, columns) if form == ".csv" else read_json(path, lines.read(), columns)
        except UnicodeError as problem:
            raise refusal(path, [_undecodable(path, lines.encoding)]) from problem
    if not profiles:
        reason = "it names no user" if columns is None or not columns.only else "only lets no user of it through"
        raise refusal(path, [f"{reason}. To take everybody's profile away, write users = {{}} instead"])
    return profiles


def digest(profiles: Iterable[Profile]) -> str:
    """The hash of profiles, whatever their order: SHA-256 over one line of canonical JSON for each
    user. Attributes without values count for nothing, and ends stand there only where there are
    any.
    """
    hasher = sha256()
    for each in sorted(profiles, key=lambda profile: profile.user):
        attributes = {name: sorted(values) for name, values in each.attributes.items() if values}
        record: list[Any] = [each.user, sorted(each.groups), attributes]
        if (expires := expires_of(each.expires)) is not None:
            record.append({"groups": expires.groups, "attributes": expires.attributes})
        line = json.dumps(record, sort_keys=True, separators=(",", ":"))
        hasher.update(line.encode() + b"\n")
    return f"sha256:{hasher.hexdigest()}"


def _opened(path: str) -> TextIO:
    """The file, to be read with its line ends as they are."""
    try:
        with Path(path).open("rb") as raw:
            begins = raw.read(4)
        if begins.startswith(_UTF32) or begins[:1] == b"\0" or begins[1:2] == b"\0":
            raise refusal(path, ["it is neither UTF-8 nor UTF-16 with a byte order mark. Save the file as UTF-8"])
        encoding = next((name for mark, name in _ENCODINGS if begins.startswith(mark)), "utf-8")
        return Path(path).open(encoding=encoding, newline="")
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


def _undecodable(path: str, encoding: str) -> str:
    """Where a file is not what it begins as."""
    raw = Path(path).read_bytes()
    name = "UTF-16" if encoding == "utf-16" else "UTF-8"
    try:
        raw.decode(encoding)
    except UnicodeDecodeError as problem:
        line = raw[: problem.start].decode(encoding, "ignore").count("\n") + 1
        return f"line {line}: it is not {name}. Save the file as UTF-8"
    return f"it is not {name}. Save the file as UTF-8"
