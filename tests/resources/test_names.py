"""Every text that a configuration can hold is of a type that checks it."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal, get_args, get_origin

import pytest
from pydantic import TypeAdapter, ValidationError

from veil.errors import VeilError
from veil.governance.admission.storable import require_storable_draft
from veil.language import ExpressionError
from veil.language.quoted import read_string
from veil.model import Purpose
from veil.plugin import Model
from veil.plugin.schema.declare import behaviour_of
from veil.resources.hcl.names import ColumnName, HeldValue, Identifier, Name, NewName, Tag, Text, User, ViewSchema
from veil.resources.provider import ProviderModel, Veil
from veil.resources.subscription import moment_of


def models() -> dict[str, type[Model]]:
    found: dict[str, type[Model]] = {"provider": ProviderModel}
    for kind, places in (("resource", Veil.resources), ("data", Veil.data_sources)):
        for place in places:
            module, _, name = place.partition(":")
            part = getattr(__import__(module, fromlist=[name]), name)
            found[f"{kind} {part.type_name}"] = part.model
    return found


def texts(annotation: Any, where: str, checks: tuple[Any, ...] = ()) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Where a configuration can hold a text, the keys of maps included, with what checks it
    there.
    """
    origin, arguments = get_origin(annotation), get_args(annotation)
    if annotation is str:
        yield where, checks
    elif origin is Annotated:
        yield from texts(arguments[0], where, (*checks, *arguments[1:]))
    elif origin is Literal:
        return
    elif isinstance(annotation, type) and issubclass(annotation, Model):
        yield from of_model(annotation, where)
    elif origin is dict:
        yield from texts(arguments[0], f"{where}[key]")
        yield from texts(arguments[1], f"{where}[]")
    else:
        for each in arguments:
            yield from texts(each, where, checks if origin not in (list, frozenset) else ())


def of_model(model: type[Model], where: str) -> Iterator[tuple[str, tuple[Any, ...]]]:
    model.model_rebuild()
    for name, field in model.model_fields.items():
        if not behaviour_of(field).get("only"):
            yield from texts(field.annotation, f"{where}.{name}", tuple(field.metadata))


def is_checked(checks: tuple[Any, ...]) -> bool:
    for check in checks:
        try:
            TypeAdapter(Annotated[str, check]).validate_python("a\0b")
        except ValidationError:
            return True
    return False


@pytest.mark.parametrize("place", models())
def test_no_attribute_takes_a_text_as_it_is(place: str):
    found = dict(of_model(models()[place], place))
    assert found
    assert [where for where, checks in found.items() if not is_checked(checks)] == []


def test_the_walk_finds_texts_wherever_they_are():
    found = {where for place in models() for where, _ in of_model(models()[place], place)}
    assert {
        "provider.catalog.token",
        "resource veil_data_source.columns[key]",
        "resource veil_data_source.columns[].tags",
        "resource veil_user_profiles.users[key]",
        "resource veil_user_profiles.users[].attributes[key]",
        "resource veil_user_profiles.users[].attributes[]",
        "resource veil_row_policy.show.user_matches.attribute_",
        "resource veil_masking_policy.mask.partial_.replacement",
        "resource veil_impersonation.as_users",
        "data veil_dbt_tags.meta_tags[key]",
    } <= found
    assert "resource veil_data_source.view" not in found


STRICT = {
    "Identifier": Identifier,
    "User": User,
    "ViewSchema": ViewSchema,
    "Name": Name,
    "Tag": Tag,
    "HeldValue": HeldValue,
}
REFUSED = ("dan ", "d\u200ban", "dan\u00a0", "d\tan", "d\0an", "d\ud800an", "\ufeffdan", "d" * 1025)


@pytest.mark.parametrize("text", REFUSED)
@pytest.mark.parametrize("kind", STRICT.values(), ids=STRICT.keys())
def test_names_and_values_are_what_people_see(kind: Any, text: str):
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(text)


@pytest.mark.parametrize("kind", [Identifier, User, ViewSchema, Name, Tag, ColumnName])
def test_names_are_not_empty(kind: Any):
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python("")


@pytest.mark.parametrize("kind", [Identifier, NewName, User, ViewSchema, ColumnName])
def test_what_redshift_names_fits_its_identifiers(kind: Any):
    assert TypeAdapter(kind).validate_python("ü" * 63) == "ü" * 63
    with pytest.raises(ValidationError, match="it is 128 bytes long, Redshift allows 127"):
        TypeAdapter(kind).validate_python("ü" * 64)


def test_what_is_refused_may_be_a_password_and_is_not_shown():
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(Text).validate_python("hunter2\0")
    assert str(caught.value.errors()[0]["ctx"]["error"]) == "This string cannot be used: it contains a NUL character."


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-01:00", "2030-01-01", "soon", ""])
def test_a_moment_outside_of_the_calendar_is_refused_in_words(text: str):
    with pytest.raises(ValueError, match=r"is not a timestamp|has no time zone"):
        moment_of(text)


@pytest.mark.parametrize("text", ["x" * 65_536, "\u00e4" * 32_768])
def test_no_text_is_longer_in_bytes_than_redshift_holds(text: str):
    longest = text.encode()[:65_535].decode(errors="ignore")
    assert TypeAdapter(Text).validate_python(longest) == longest
    with pytest.raises(ValidationError, match="65536 bytes long, a string in Redshift has at most 65535") as refused:
        TypeAdapter(Text).validate_python(text)
    assert refused.value.errors()[0]["msg"].count(text[0]) < 5, "it may be a password"


@pytest.mark.parametrize("text", ["x" * 65_536, "\u00e4" * 32_768])
def test_what_users_agree_to_can_be_handed_to_a_procedure_in_one_piece(text: str):
    require_storable_draft(Purpose("fraud", text.encode()[:65_535].decode(errors="ignore")))
    with pytest.raises(VeilError, match="65536 bytes long") as refused:
        require_storable_draft(Purpose("fraud", text))
    assert refused.value.path == ("acknowledgement",) and len(refused.value.detail) < 500


def test_a_text_in_an_expression_is_no_longer_either():
    assert read_string(f"'{'x' * 65_535}'", 0)[1] == 65_537
    with pytest.raises(ExpressionError, match="This text is 65536 bytes long"):
        read_string(f"'{chr(0xE4) * 32_768}'", 0)
