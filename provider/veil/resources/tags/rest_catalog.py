"""Asking a catalog that has Immuta's custom REST catalog interface.

Facts: documentation.immuta.com, "Custom REST Catalog Interface Endpoints" and "REST-based Tagging":
a POST to `dataSource` with `catalogMetadata`, `handlerInfo` and `dataSource` is answered with
`description`, `tags` and, by column, `dictionary`; a map's keys are the dotted tags. The documented
authentication is HTTP Basic; the bearer token is veil's.
"""

from collections.abc import Mapping
from typing import Any

import requests
from requests.auth import AuthBase, HTTPBasicAuth

from veil.plugin import PluginError
from veil.resources.tags.catalog_block import CatalogSettings
from veil.resources.tags.reading import json_object, json_text
from veil.resources.tags.tables import TaggedColumn, TaggedTable, checked_tag, merged_columns


def ask(settings: CatalogSettings, database: str, schema: str, table: str) -> TaggedTable:
    """What the catalog says of one table. Raises PluginError, never with a secret in it."""
    name = f"{schema}.{table}"
    try:
        return _table(_answer(settings, _question(database, schema, table), name), database, schema, table)
    except ValueError as problem:
        raise PluginError(
            "The catalog's answer cannot be used", f"{settings.url} answers for {name}: {problem}."
        ) from problem


def _question(database: str, schema: str, table: str) -> dict[str, Any]:
    return {
        "catalogMetadata": {},
        "handlerInfo": {"database": database, "schema": schema, "table": table},
        "dataSource": {"name": f"{schema}.{table}"},
    }


def _answer(settings: CatalogSettings, question: dict[str, Any], name: str) -> Mapping[str, Any]:
    response = _post(settings, question)
    if response.is_redirect:
        raise PluginError(
            "The catalog is elsewhere",
            f"{settings.url} redirects to {response.headers.get('location')}. veil does not follow, since it would send the "
            "credentials there; correct the url.",
        )
    if response.status_code in (401, 403):
        raise PluginError(
            "The catalog did not accept the credentials",
            f"{settings.url} answered {response.status_code}. Check VEIL_CATALOG_USERNAME and VEIL_CATALOG_PASSWORD, or "
            "VEIL_CATALOG_TOKEN.",
        )
    if response.status_code == 404:
        raise _unknown(settings, name)
    if not response.ok:
        raise PluginError("The catalog failed", f"{settings.url} answered {response.status_code} for {name}.")
    try:
        answer = json_object(response.json(), "the answer")
    except requests.exceptions.JSONDecodeError as problem:
        raise ValueError("it is not JSON") from problem
    if not answer:
        raise _unknown(settings, name)
    return answer


def _unknown(settings: CatalogSettings, name: str) -> PluginError:
    return PluginError(
        "The catalog does not know this table",
        f"{settings.url} knows no {name}. Without its tags nothing would be masked by them, so register the table in the "
        "catalog, or take it out of table_names.",
        path=("table_names",),
    )


def _post(settings: CatalogSettings, question: dict[str, Any]) -> requests.Response:
    try:
        return requests.post(
            f"{settings.url}/dataSource",
            json=question,
            auth=_auth(settings),
            timeout=settings.timeout,
            verify=settings.ca_file or True,
            allow_redirects=False,
        )
    except requests.exceptions.SSLError as problem:
        raise PluginError(
            "No encrypted connection to the catalog",
            f"{settings.url} and this machine could not agree on TLS: {_reason(problem)}. Check the url, or name the "
            "authority that vouches for the catalog in ca_file.",
        ) from problem
    except requests.exceptions.Timeout as problem:
        raise PluginError(
            "The catalog does not answer", f"{settings.url} did not answer within {settings.timeout} seconds."
        ) from problem
    except requests.exceptions.RequestException as problem:
        raise PluginError("No connection to the catalog", f"{settings.url}: {_reason(problem)}.") from problem
    except OSError as problem:
        raise PluginError(
            "The ca_file cannot be used", f"{settings.ca_file}: {problem.strerror or problem}."
        ) from problem


def _reason(problem: Exception) -> str:
    """The innermost cause, which says what happened; the outer ones say what the library was
    doing.
    """
    cause: BaseException = problem
    while isinstance(inner := getattr(cause, "reason", None) or next(iter(cause.args), None), BaseException):
        cause = inner
    return str(cause)


class _Token(AuthBase):
    """A bearer token; with None no credentials at all, where the library would look into
    ~/.netrc.
    """

    def __init__(self, token: str | None) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def _auth(settings: CatalogSettings) -> AuthBase:
    if settings.username and settings.password:
        return HTTPBasicAuth(settings.username.encode(), settings.password.encode())
    return _Token(settings.token)


def _table(answer: Mapping[str, Any], database: str, schema: str, table: str) -> TaggedTable:
    dictionary = json_object(answer.get("dictionary"), "dictionary")
    return TaggedTable(
        database=database,
        schema=schema,
        table=table,
        tags=_tags(answer, ""),
        description=json_text(answer.get("description") or "", "description"),
        columns=merged_columns((name, _column(name, each)) for name, each in dictionary.items()),
    )


def _column(name: str, value: Any) -> TaggedColumn:
    where = f"dictionary.{name}"
    column = json_object(value, where)
    return TaggedColumn(_tags(column, f"{where}."), json_text(column.get("description") or "", f"{where}.description"))


def _tags(thing: Mapping[str, Any], where: str) -> frozenset[str]:
    return frozenset(checked_tag(tag, f"{where}tags") for tag in json_object(thing.get("tags"), f"{where}tags"))
