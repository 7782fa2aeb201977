"""A model is the schema."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field

from veil.plugin import Model, SchemaError, attribute, computed
from veil.plugin.schema.derive import derive_schema, settings_schema
from veil.plugin.schema.schema import Attribute, Nesting


class Color(StrEnum):
    RED = "red"


class Column(Model):
    """A column."""

    tags: frozenset[str] = attribute("Tags.", default=[])
    note: str | None = attribute("A note.")
    rank: int = computed("Its rank.")


class Table(Model):
    """A table.

    It has columns.
    """

    id: str = computed("Identifier.", inputs=())
    name: str = attribute("Name.", requires_replace=True)
    size: int = attribute("Size.", default=7, ge=0)
    note: str | None = attribute("Note.", deprecated="use name")
    secret: str | None = attribute("Secret.", write_only=True)
    key: str | None = attribute("Key.", sensitive=True)
    alias: str = attribute("Alias.", computed=True, inputs=("name",))
    keyword: str = attribute("A keyword.", alias="null")
    one: Column | None = attribute("One.")
    several: list[Column] = attribute("Several.")
    distinct: frozenset[Column] = attribute("Distinct.", default=frozenset())
    named: dict[str, Column] | None = attribute("Named.")
    found: dict[str, Column] = computed("Found.")


SCHEMA = derive_schema(Table, version=3)


def flags(attribute: Attribute) -> str:
    return "".join(
        letter
        for letter, on in zip("roc", (attribute.required, attribute.optional, attribute.computed), strict=True)
        if on
    )


def test_docstrings_and_descriptions_become_documentation() -> None:
    assert SCHEMA.description == "A table.\n\nIt has columns."
    assert SCHEMA.attributes["name"].description == "Name."
    assert SCHEMA.version == 3


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("id", "c"),
        ("name", "r"),
        ("size", "oc"),
        ("note", "o"),
        ("secret", "o"),
        ("alias", "oc"),
        ("null", "r"),
        ("one", "o"),
        ("several", "r"),
        ("distinct", "oc"),
        ("found", "c"),
    ],
)
def test_what_may_be_set_follows_from_type_and_default(name: str, expected: str) -> None:
    assert flags(SCHEMA.attributes[name]) == expected


def test_marks_reach_the_schema() -> None:
    attributes = SCHEMA.attributes
    assert attributes["secret"].write_only
    assert attributes["key"].sensitive
    assert attributes["note"].deprecated == "use name"
    assert attributes["name"].requires_replace
    assert attributes["id"].inputs == ()
    assert attributes["alias"].inputs == ("name",)
    assert SCHEMA.has_write_only
    assert attributes["size"].default == 7


def test_models_become_nested_objects_in_every_nesting() -> None:
    nestings = {name: SCHEMA.attributes[name].nested.nesting for name in ("one", "several", "distinct", "named")}  # type: ignore[union-attr]
    assert nestings == {"one": Nesting.SINGLE, "several": Nesting.LIST, "distinct": Nesting.SET, "named": Nesting.MAP}


def test_inside_what_only_the_provider_sets_nothing_can_be_configured() -> None:
    found = SCHEMA.attributes["found"].nested
    assert found is not None
    assert {flags(attribute) for attribute in found.attributes.values()} == {"c"}


def test_the_alias_is_the_name_in_terraform() -> None:
    assert "null" in SCHEMA.attributes
    assert "keyword" not in SCHEMA.attributes


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        (str, "string"),
        (bool, "bool"),
        (int, "number"),
        (float, "number"),
        (Decimal, "number"),
        (Any, "dynamic"),
        (Color, "string"),
        (Literal["a", "b"], "string"),
        (Literal[1, 2], "number"),
        (list[str], ["list", "string"]),
        (tuple[str, ...], ["list", "string"]),
        (tuple[str, int], ["tuple", ["string", "number"]]),
        (set[int], ["set", "number"]),
        (frozenset[Color], ["set", "string"]),
        (dict[str, frozenset[str]], ["map", ["set", "string"]]),
        (list[Annotated[str, Field(min_length=1)]], ["list", "string"]),
        (list[dict[str, bool]], ["list", ["map", "bool"]]),
        (dict[Annotated[str, Field(min_length=1)], int], ["map", "number"]),
        (list[Any], ["list", "dynamic"]),
    ],
    ids=str,
)
def test_annotations_have_terraform_types(annotation: Any, expected: Any) -> None:
    assert derive_schema(_model(annotation)).attributes["x"].type.to_json() == expected


def test_models_below_nested_objects_become_object_types() -> None:
    found = derive_schema(_model(dict[str, list[Column]])).attributes["x"]
    members = {"note": "string", "rank": "number", "tags": ["set", "string"]}
    assert found.nested is None
    assert found.type.to_json() == ["map", ["list", ["object", members, ["note", "rank", "tags"]]]]


@pytest.mark.parametrize(
    ("annotation", "message"),
    [
        (int | str, "a union of types has no Terraform type"),
        (dict[int, str], "the keys of a map must be str"),
        (bytes, "has no Terraform type"),
        (list, "has no Terraform type"),
        (frozenset[tuple[int, ...]] | int, "a union of types"),
        (set[dict[str, int]], "the elements of a set must be hashable"),
        (Literal["a", 1], "the values of a Literal must have one type"),
    ],
    ids=str,
)
def test_what_has_no_terraform_type_is_refused_with_its_place(annotation: Any, message: str) -> None:
    with pytest.raises(SchemaError, match=message) as refused:
        derive_schema(_model(annotation))
    assert str(refused.value).startswith("Holder.x: ")


def test_inputs_must_be_attributes_of_the_same_object() -> None:
    class Wrong(Model):
        view: str = computed("", inputs=("nmae",))

    with pytest.raises(SchemaError, match="the input 'nmae' is not an attribute of the same object"):
        derive_schema(Wrong)


def test_nothing_inside_a_set_can_be_write_only() -> None:
    class Element(Model):
        secret: str | None = attribute("", write_only=True)

    with pytest.raises(SchemaError, match="nothing inside a set can be write-only"):
        derive_schema(_model(frozenset[Element]))


def test_a_write_only_attribute_has_no_default() -> None:
    class Wrong(Model):
        secret: str = attribute("", write_only=True, default="x")

    with pytest.raises(SchemaError, match="a write-only attribute has no"):
        derive_schema(Wrong)


def test_a_default_must_have_the_declared_type() -> None:
    class Wrong(Model):
        size: int = attribute("", default="seven")

    with pytest.raises(SchemaError, match=r"Wrong\.size: the default does not have the declared type"):
        derive_schema(Wrong)


def test_a_nested_default_brings_its_own_defaults() -> None:
    class Holder(Model):
        one: Column = attribute("", default={})

    assert derive_schema(Holder).attributes["one"].default == {"tags": [], "note": None, "rank": None}


def test_nothing_in_a_provider_block_is_computed() -> None:
    class Settings(Model):
        port: int = attribute("", default=5439)

    assert flags(settings_schema(Settings).attributes["port"]) == "o"
    with pytest.raises(SchemaError, match="nothing in a provider block can be computed"):
        settings_schema(Column)


def test_attributes_may_be_called_as_pydantic_calls_its_methods(recwarn: pytest.WarningsRecorder) -> None:
    class Named(Model):
        schema: str = attribute("")
        copy: int = attribute("", default=1)

    assert not list(recwarn)
    assert Named(schema="s").schema == "s"
    assert set(derive_schema(Named).attributes) == {"schema", "copy"}


def _model(annotation: Any) -> type[Model]:
    return type("Holder", (Model,), {"__annotations__": {"x": annotation}, "x": attribute(""), "__module__": __name__})


@pytest.mark.parametrize("annotation", [frozenset[Any], list[frozenset[Any]], set[tuple[str, Any]]], ids=str)
def test_nothing_inside_a_set_can_be_dynamic(annotation: Any) -> None:
    with pytest.raises(SchemaError, match="nothing inside a set can be dynamic"):
        derive_schema(_model(annotation))


@pytest.mark.parametrize("name", ["count", "for_each", "provider", "lifecycle", "depends_on"])
def test_names_that_terraform_has_taken_are_refused(name: str) -> None:
    taken = type("Holder", (Model,), {"__annotations__": {name: str}, name: attribute(""), "__module__": __name__})
    with pytest.raises(SchemaError, match="a meaning of its own"):
        derive_schema(taken)


def test_a_provider_block_has_no_alias_of_its_own() -> None:
    class Settings(Model):
        alias: str | None = attribute("")

    with pytest.raises(SchemaError, match="a meaning of its own"):
        settings_schema(Settings)


@pytest.mark.parametrize("name", ["Upper", "1st", "with-dash", "_x"])
def test_a_name_must_be_one_in_hcl(name: str) -> None:
    class Holder(Model):
        x: str = attribute("", alias=name)

    with pytest.raises(SchemaError, match="a name has lower-case letters"):
        derive_schema(Holder)
