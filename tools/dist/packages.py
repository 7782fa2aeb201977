"""What the provider imports: its own packages and those that it depends on, as they are installed
here, and nothing else.
"""

import importlib.metadata
import re
import shutil
from collections.abc import Iterator
from importlib.metadata import Distribution
from pathlib import Path

from packaging.requirements import Requirement

import veil

OURS = "terraform-provider-veil"

_NEVER_LOADED = frozenset({"lxml", "setuptools", "beautifulsoup4", "soupsieve", "pygments"})
"""Dependencies of dependencies: redshift_connector names the first four for signing in by a
browser, and rich the last for coloring source code. Nothing of ours does either.
"""

_AWS_SERVICES = frozenset({"redshift", "redshift-serverless", "sts", "sso", "sso-oidc", "signin"})
"""Whose descriptions of botocore's are needed: for temporary credentials, and for signing in to AWS
before.
"""

_NEVER_PACKED = re.compile(r"(^|/)(tests?|__pycache__)/|\.(pyi|pyx|pxd|c|h|cpp|pyc)$|(^|/)bin/|^\.\.")


def copy_packages(folder: Path) -> list[Distribution]:
    """Copy all packages into `folder`, the site-packages of an interpreter. Returns the
    distributions, without ours.
    """
    found = sorted(_closure(), key=_name)
    for distribution in found:
        for file in distribution.files or ():
            if _packed(str(file)):
                target = folder / str(file)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(str(file.locate()), target)
    _copy_ours(folder)
    return found


def licences(distributions: list[Distribution]) -> str:
    """The notices of all distributions, each with the licence texts that it ships."""
    return "\n\n".join(_notice(each) for each in distributions)


def _closure() -> list[Distribution]:
    found: dict[str, Distribution] = {}
    waiting = [OURS]
    while waiting:
        name = waiting.pop()
        if name in found or name in _NEVER_LOADED:
            continue
        found[name] = importlib.metadata.distribution(name)
        for text in found[name].requires or ():
            needed = Requirement(text)
            if needed.marker is None or needed.marker.evaluate({"extra": ""}):
                waiting.append(_canonical(needed.name))
    return [each for name, each in found.items() if name != OURS]


def _name(distribution: Distribution) -> str:
    return _canonical(distribution.metadata["Name"])


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _packed(file: str) -> bool:
    if _NEVER_PACKED.search(file):
        return False
    service = re.match(r"botocore/data/([^/]+)/", file)
    return service is None or service[1] in _AWS_SERVICES


def _copy_ours(folder: Path) -> None:
    package = Path(veil.__file__).parent
    shutil.copytree(package, folder / "veil", ignore=shutil.ignore_patterns("__pycache__"))
    # So that what lists the packages of an environment, a bill of materials first of all, finds
    # this one too.
    information = folder / f"{OURS.replace('-', '_')}-{veil.__version__}.dist-info"
    information.mkdir()
    (information / "METADATA").write_text(
        f"Metadata-Version: 2.4\nName: {OURS}\nVersion: {veil.__version__}\nLicense-Expression: Apache-2.0\n",
        encoding="utf-8",
    )


def _notice(distribution: Distribution) -> str:
    texts = (
        Path(str(file.locate())).read_text(encoding="utf-8", errors="replace").strip()
        for file in _licence_files(distribution)
    )
    title = f"{distribution.metadata['Name']} {distribution.version}"
    fields = distribution.metadata.json
    licence = str(fields.get("license_expression") or fields.get("license") or "")
    return "\n\n".join([f"{title}\n{'=' * len(title)}\n{licence.partition(chr(10))[0]}".rstrip(), *texts])


def _licence_files(distribution: Distribution) -> Iterator[importlib.metadata.PackagePath]:
    for file in distribution.files or ():
        if ".dist-info/" in str(file) and re.search(r"(?i)licen[cs]e|notice|copying", file.name):
            yield file
