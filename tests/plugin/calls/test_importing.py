"""Calls arrive in parallel, and what each imports when it is first made must not get in another's
way.
"""

import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from veil.plugin import Provider, importing
from veil.plugin.calls.registry import Registry

_MODULE = """
from veil.plugin import DataSource, Function, Model, Resource


class Made(Resource):
    type_name = "patient_made"
    model = Model


class Looked(DataSource):
    type_name = "patient_looked"
    model = Model


class Called(Function):
    name = "called"
    returns = str

    def call(self) -> str:
        return ""
"""


class Patient(Provider):
    name = "patient"
    address = "example.com/test/patient"
    resources = ("patient_parts:Made",)
    data_sources = ("patient_parts:Looked",)
    functions = ("patient_parts:Called",)


@pytest.mark.parametrize(
    "ask",
    [
        lambda registry: registry.resource("patient_made"),
        lambda registry: registry.data_source("patient_looked"),
        lambda registry: registry.functions.get("called"),
    ],
    ids=["resource", "data source", "function"],
)
def test_a_part_is_imported_only_while_nobody_else_imports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ask: Callable[[Registry], object]
) -> None:
    (tmp_path / "patient_parts.py").write_text(_MODULE)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "patient_parts", raising=False)
    asking = threading.Thread(target=ask, args=(Registry(Patient()),))
    with importing():
        asking.start()
        asking.join(0.1)
        assert "patient_parts" not in sys.modules
    asking.join()
    assert "patient_parts" in sys.modules
