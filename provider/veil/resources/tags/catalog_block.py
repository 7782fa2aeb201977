"""The provider's `catalog` block: which REST catalog `data.veil_catalog_tags` asks, and as whom."""

import os
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from veil.plugin import Model, PluginError, attribute
from veil.resources.hcl.names import Text

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class CatalogModel(Model):
    """The REST catalog that `data.veil_catalog_tags` asks. It takes either username and password
    (HTTP Basic) or a bearer token; all of them are best left to the environment.
    """

    url: Text | None = attribute(
        "Where its endpoints are: veil asks `<url>/dataSource`. Environment: VEIL_CATALOG_URL."
    )
    username: Text | None = attribute("The account. Environment: VEIL_CATALOG_USERNAME.")
    password: Text | None = attribute("Its password. Environment: VEIL_CATALOG_PASSWORD.", sensitive=True)
    token: Text | None = attribute(
        "A bearer token instead of username and password. Environment: VEIL_CATALOG_TOKEN.", sensitive=True
    )
    ca_file: Text | None = attribute("PEM file of the authorities that vouch for the catalog's certificate.")
    timeout: int | None = attribute("Seconds to wait for the catalog's answer. Default: 10.", ge=1)


@dataclass(frozen=True)
class CatalogSettings:
    """How to reach a catalog. Nothing secret appears in its repr. `timeout` is in seconds."""

    url: str
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    ca_file: str | None = None
    timeout: int = 10


def catalog_settings(config: CatalogModel | None) -> CatalogSettings:
    """How to reach the catalog, from the block and the environment. Raises PluginError where there
    is none, or where it would be unsafe to tell it the credentials.
    """
    given = config or CatalogModel.partial(
        url=None, username=None, password=None, token=None, ca_file=None, timeout=None
    )
    url = given.url or os.environ.get("VEIL_CATALOG_URL")
    if not url:
        raise PluginError(
            "No catalog is configured",
            "Set url in the provider's catalog block, or VEIL_CATALOG_URL in the environment.",
        )
    settings = CatalogSettings(
        url=url.rstrip("/"),
        username=given.username or os.environ.get("VEIL_CATALOG_USERNAME"),
        password=given.password or os.environ.get("VEIL_CATALOG_PASSWORD"),
        token=given.token or os.environ.get("VEIL_CATALOG_TOKEN"),
        ca_file=given.ca_file,
        timeout=given.timeout or CatalogSettings.timeout,
    )
    _require_safe(settings)
    return settings


def _require_safe(settings: CatalogSettings) -> None:
    try:
        parts = urlsplit(settings.url)
        host, inside = parts.hostname, parts.username or parts.password
    except ValueError:
        raise _refused("The url is not one: it cannot be read.") from None
    if parts.scheme not in ("https", "http") or not host:
        raise _refused("The url must begin with https:// and name a host.")
    if inside:
        raise _refused("The url holds a user or password. Use username and password, or the environment.")
    if settings.token and (settings.username or settings.password):
        raise _refused("Both a token and a username or password are given. Keep one of the two.")
    if bool(settings.username) != bool(settings.password):
        raise _refused("A username and a password belong together, and only one of them is given.")
    if parts.scheme == "http" and host not in _LOOPBACK:
        raise _refused(f"http:// would send tags and credentials over the network in clear. Use https://{host}.")


def _refused(detail: str) -> PluginError:
    return PluginError("The catalog's settings cannot be used", detail)
