"""Asking a data catalog: what comes of its answers, and what people are told when there is none."""

import base64
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.resources.tags.catalog_server import Catalog, served
from veil.plugin import PluginError
from veil.resources.tags.catalog_block import CatalogModel, CatalogSettings, catalog_settings
from veil.resources.tags.rest_catalog import ask
from veil.resources.tags.tables import TaggedColumn, TaggedTable

ANSWER = {
    "catalogMetadata": {"id": 10, "name": "Customers"},
    "description": "People.",
    "tags": {"Domain.Sales": {"id": 1}},
    "dictionary": {
        "SSN": {
            "catalogMetadata": {"id": 50},
            "description": "US number.",
            "tags": {"PII.SSN": {"id": 2}, "New": {"id": 3}},
        },
        "id": {"tags": {}},
    },
}
SECRET = "s3cret-of-the-catalog"


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")


@pytest.fixture
def catalog() -> Iterator[Catalog]:
    with served(Catalog({"raw.customers": ANSWER})) as found:
        yield found


def settings(catalog: Catalog, **further: Any) -> CatalogSettings:
    return CatalogSettings(f"http://127.0.0.1:{catalog.port}/api", **further)


def asked(settings: CatalogSettings, table: str = "customers") -> TaggedTable:
    return ask(settings, "analytics", "raw", table)


def refusal(settings: CatalogSettings, table: str = "customers") -> str:
    with pytest.raises(PluginError) as caught:
        asked(settings, table)
    found = caught.value.diagnostics[0]
    text = f"{found.summary}: {found.detail}"
    assert SECRET not in text
    return text


def test_an_answer_becomes_tags_and_descriptions(catalog: Catalog):
    assert asked(settings(catalog)) == TaggedTable(
        "analytics",
        "raw",
        "customers",
        frozenset({"domain.sales"}),
        "People.",
        {"ssn": TaggedColumn(frozenset({"pii.ssn", "new"}), "US number."), "id": TaggedColumn()},
    )


def test_the_catalog_is_asked_as_the_interface_says(catalog: Catalog):
    asked(settings(catalog))
    path, headers, question = catalog.asked[0]
    assert path == "/api/dataSource"
    assert headers["Content-Type"] == "application/json"
    assert question["handlerInfo"] == {"database": "analytics", "schema": "raw", "table": "customers"}
    assert question.keys() == {"catalogMetadata", "handlerInfo", "dataSource"}


@pytest.mark.parametrize(
    ("credentials", "header"),
    [
        ({"username": "veil", "password": SECRET}, f"Basic {base64.b64encode(f'veil:{SECRET}'.encode()).decode()}"),
        ({"token": SECRET}, f"Bearer {SECRET}"),
    ],
    ids=["basic", "bearer"],
)
def test_credentials_are_sent_and_refused_ones_told(catalog: Catalog, credentials: dict[str, str], header: str):
    catalog.authorization = header
    assert asked(settings(catalog, **credentials)).columns
    catalog.authorization = "something else"
    told = refusal(settings(catalog, **credentials))
    assert told.startswith("The catalog did not accept the credentials: ")
    assert SECRET not in repr(settings(catalog, **credentials))


def test_without_credentials_none_are_sent(catalog: Catalog, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    asked(settings(catalog))
    assert "Authorization" not in catalog.asked[0][1]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (404, "The catalog does not know this table: "),
        ({}, "The catalog does not know this table: "),
        (500, "The catalog failed: "),
        (b"<html>", "The catalog's answer cannot be used: "),
        ([], "it is not an object"),
        ({"tags": ["pii"]}, "tags: it is not an object"),
        ({"dictionary": {"ssn": "pii"}}, "dictionary.ssn: it is not an object"),
        ({"dictionary": {"ssn": {"tags": {"": {}}}}}, "dictionary.ssn.tags: '' cannot be a tag: it is empty"),
    ],
)
def test_an_answer_that_gives_no_tags_is_an_error(catalog: Catalog, answer: Any, told: str):
    catalog.answers["raw.customers"] = answer
    assert told in refusal(settings(catalog))


def test_a_redirect_is_not_followed(catalog: Catalog):
    catalog.answers["raw.customers"] = 302
    catalog.headers["Location"] = f"http://127.0.0.1:{catalog.port}/elsewhere"
    assert refusal(settings(catalog, token=SECRET)).startswith("The catalog is elsewhere: ")
    assert len(catalog.asked) == 1


def test_nothing_listening_and_silence_are_told_apart():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        told = refusal(CatalogSettings(f"http://127.0.0.1:{port}", timeout=1))
        assert told.startswith("The catalog does not answer: ")
        assert "within 1 seconds" in told
    told = refusal(CatalogSettings(f"http://127.0.0.1:{port}"))
    assert told.startswith("No connection to the catalog: ")
    assert "refused" in told


def test_the_certificate_is_checked_against_ca_file(tmp_path: Path):
    with served(Catalog({"raw.customers": ANSWER}), tmp_path) as catalog:
        over_tls = CatalogSettings(f"https://localhost:{catalog.port}", ca_file=str(tmp_path / "ca.pem"))
        assert asked(over_tls).columns
        told = refusal(replace(over_tls, ca_file=None))
        assert told.startswith("No encrypted connection to the catalog: ")
        assert "ca_file" in told
        assert "The ca_file cannot be used" in refusal(replace(over_tls, ca_file=str(tmp_path / "none.pem")))


def block(**given: Any) -> CatalogModel:
    nothing = dict.fromkeys(("url", "username", "password", "token", "ca_file", "timeout"))
    return CatalogModel.partial(**{**nothing, **given})


def test_the_environment_fills_what_the_block_leaves_out(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("VEIL_CATALOG_URL", "https://catalog.example.com/")
    monkeypatch.setenv("VEIL_CATALOG_TOKEN", SECRET)
    assert catalog_settings(None) == CatalogSettings("https://catalog.example.com", token=SECRET)
    assert catalog_settings(block(url="https://other.example.com", timeout=3)).timeout == 3


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "Set url in the provider's catalog block"),
        ({"url": "catalog.example.com"}, "must begin with https://"),
        ({"url": "http://catalog.example.com", "token": SECRET}, "Use https://catalog.example.com"),
        ({"url": f"https://veil:{SECRET}@catalog.example.com"}, "The url holds a user or password"),
        ({"url": "https://c.example.com", "token": SECRET, "username": "veil"}, "Keep one of the two"),
        ({"url": "https://c.example.com", "username": "veil"}, "belong together"),
        ({"url": f"https://[{SECRET}"}, "cannot be read"),
    ],
)
def test_settings_that_are_incomplete_or_unsafe_are_refused(given: dict[str, str], told: str):
    with pytest.raises(PluginError) as caught:
        catalog_settings(block(**given))
    assert told in caught.value.diagnostics[0].detail
    assert SECRET not in str(caught.value.diagnostics[0])
