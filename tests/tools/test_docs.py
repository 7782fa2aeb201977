"""The registry pages, and how they are made."""

from pathlib import Path

import pytest

from tools import docs
from tools.schema_pages import schema_section
from veil.plugin import Function, FunctionError, Model, Provider, Resource, attribute, block, computed, parameter
from veil.plugin.calls.recording import record
from veil.plugin.calls.registry import Registry
from veil.resources.provider import Veil
from veil.resources.serve import RECORDED


class Colour(Model):
    """A colour by its parts."""

    red: int = attribute("How red.", default=0)


class PaintModel(Model):
    """Paint on a wall.

    It dries.
    """

    wall: str = attribute("Which wall.", requires_replace=True)
    gloss: str | None = attribute("How it shines.", deprecated="use sheen")
    tags: frozenset[str] = attribute("What it is.", default=frozenset())
    colour: Colour = attribute("Its colour.")
    others: dict[str, Colour] | None = attribute("More colours.")
    secret: str | None = attribute("The recipe.", sensitive=True)
    sheen: str = attribute("How it shines.", default="matt")
    id: str = computed("Its number.", inputs=())


class Paint(Resource[PaintModel]):
    type_name = "house_paint"
    model = PaintModel


class Mix(Function):
    """Mixes two colours into one."""

    name = "mix"
    summary = "Mix colours"
    parameters = (parameter("first", str, "One."), parameter("others", list[str], "The others."))
    returns = str

    def call(self, first: str, others: list[str]) -> str:
        raise FunctionError("not today")


class House(Provider):
    """Decorates."""

    name = "house"
    resources = (Paint,)
    functions = (Mix,)


@pytest.fixture
def examples(tmp_path: Path) -> Path:
    for name, text in (
        ("provider/provider.tf", 'provider "house" {}\n'),
        ("resources/house_paint/resource.tf", 'resource "house_paint" "hall" {}\n'),
        ("resources/house_paint/import.sh", "terraform import house_paint.hall hall\n"),
        ("functions/mix/function.tf", 'output "mixed" {}\n'),
    ):
        path = tmp_path / "examples" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "examples"


def test_docs_are_current() -> None:
    made = docs.pages(Registry(Veil()), docs.ROOT / "examples")

    found = docs.differences(made, docs.ROOT / "docs")

    assert not found, "\n".join([*found, f"Run: {docs.COMMAND}"])


def test_recorded_answers_are_current() -> None:
    found = docs.stale_answers(record(Veil()), Path(RECORDED))

    assert not found, "\n".join([*found, f"Run: {docs.COMMAND}"])


def test_recorded_answers_that_differ_from_the_models_are_told_and_replaced(tmp_path: Path) -> None:
    made = record(House())
    docs.write_answers(made, tmp_path)
    assert docs.stale_answers(made, tmp_path) == []
    (tmp_path / "GetMetadata.binpb").write_bytes(b"old")
    (tmp_path / "GetFunctions.binpb").unlink()
    (tmp_path / "GetNothing.binpb").write_bytes(b"")

    found = docs.stale_answers(made, tmp_path)

    assert [each.partition("/")[2] for each in found] == [
        "GetFunctions.binpb is stale",
        "GetMetadata.binpb is stale",
        "GetNothing.binpb is stale",
    ]
    docs.write_answers(made, tmp_path)
    assert docs.stale_answers(made, tmp_path) == []


def test_a_page_has_front_matter_example_schema_and_import(examples: Path) -> None:
    page = docs.pages(Registry(House()), examples)["resources/paint.md"]

    assert page.startswith('---\npage_title: "house_paint Resource - veil"\n')
    assert "description: |-\n  Paint on a wall.\n---\n" in page
    order = [page.index(each) for each in ("# house_paint (Resource)", "## Example Usage", "## Schema", "## Import")]
    assert order == sorted(order)
    assert 'resource "house_paint" "hall" {}' in page
    assert "terraform import house_paint.hall hall" in page


def test_attributes_are_grouped_by_who_sets_them() -> None:
    section = schema_section(PaintModel)

    required, optional, read_only = (section.index(f"### {each}") for each in ("Required", "Optional", "Read-Only"))
    assert required < section.index("- `wall`") < optional < section.index("- `gloss`") < read_only
    assert read_only < section.index("- `id`")


@pytest.mark.parametrize(
    "line",
    [
        "- `wall` (String) Which wall. Changing this replaces the resource.",
        "- `gloss` (String) How it shines. **Deprecated**: use sheen.",
        "- `tags` (Set of String) What it is.",
        "- `colour` (Attributes) Its colour. (see [below for nested schema](#nestedatt--colour))",
        "- `others` (Attributes Map) More colours. (see [below for nested schema](#nestedatt--others))",
        "- `secret` (String, Sensitive) The recipe.",
        '- `sheen` (String) How it shines. Default: `"matt"`.',
        "- `id` (String) Its number.",
        "- `red` (Number) How red. Default: `0`.",
    ],
)
def test_a_line_says_what_an_attribute_is(line: str) -> None:
    assert line in schema_section(PaintModel).splitlines()


def test_every_link_to_a_nested_schema_has_its_anchor() -> None:
    section = schema_section(PaintModel)

    assert section.count("(#nestedatt--") == section.count('<a id="nestedatt--') == 2
    assert '<a id="nestedatt--colour"></a>\n### Nested Schema for `colour`\n\nA colour by its parts.' in section


def test_the_values_that_an_attribute_allows_are_listed() -> None:
    page = docs.pages(Registry(Veil()), docs.ROOT / "examples")["resources/data_source.md"]
    assert "One of `hide`, `null`, `expose`." in page


def test_a_function_page_shows_its_signature(examples: Path) -> None:
    page = docs.pages(Registry(House()), examples)["functions/mix.md"]

    assert "mix(first string, others list of string) string" in page
    assert "1. `first` (String) One.\n2. `others` (List of String) The others." in page


def test_a_stale_a_missing_and_a_superfluous_page_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "guides").mkdir()
    (tmp_path / "guides" / "by-hand.md").write_text("kept")
    (tmp_path / "index.md").write_text("old")
    (tmp_path / "gone.md").write_text("gone")

    found = docs.differences({"index.md": "new", "resources/x.md": "x"}, tmp_path)

    assert found == ["docs/index.md is stale", "docs/resources/x.md is missing", "docs/gone.md describes nothing"]


def test_writing_makes_docs_current_and_keeps_guides(tmp_path: Path) -> None:
    (tmp_path / "guides").mkdir()
    (tmp_path / "guides" / "by-hand.md").write_text("kept")
    (tmp_path / "gone.md").write_text("gone")
    made = {"index.md": "new", "resources/x.md": "x"}

    docs.write(made, tmp_path)

    assert docs.differences(made, tmp_path) == []
    assert (tmp_path / "guides" / "by-hand.md").read_text() == "kept"


def test_every_resource_has_a_subcategory() -> None:
    assert set(Registry(Veil()).resources()) <= set(docs.SUBCATEGORIES)


def test_blocks_are_told_apart_from_attributes() -> None:
    class Room(Model):
        """A room."""

        door: Colour | None = block("The door's\ncolour.")

    text = schema_section(Room)
    assert "### Optional\n\n- `door` (Block) The door's colour. (see [below" in text
    assert "Read-Only" not in text
