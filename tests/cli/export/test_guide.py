"""The guide to imports covers every resource."""

import re
from pathlib import Path

from veil.plugin.calls.registry import Registry
from veil.resources.provider import Veil

GUIDE = Path(__file__).parents[3] / "docs" / "guides" / "import-and-export.md"


def test_the_guide_has_the_import_id_of_every_resource():
    listed = re.findall(r"^\| `(veil_\w+)` \|", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted(Registry(Veil()).resources())
