"""The provider block, and what the provider offers."""

import os
from typing import TYPE_CHECKING, Literal

from veil import __version__
from veil.plugin import Context, Model, PluginError, Provider, attribute, block, importing, is_known, wholly_known
from veil.resources.by_kind import RESOURCE_OF
from veil.resources.credentials import TemporaryCredentials
from veil.resources.hcl.names import Text
from veil.resources.refusals import explained, refused
from veil.resources.tags.catalog_block import CatalogModel

if TYPE_CHECKING:
    from veil.resources.client import Client
    from veil.warehouse.settings import Settings


class ProviderModel(Model):
    """Governs who sees what in Amazon Redshift: policies become views, users' entitlements become
    rows.
    """

    engine: Literal["redshift", "local"] = attribute(
        "`redshift`, or `local` for the embedded engine that `veil local up` starts, to which the provider signs in as its "
        "administrator unless both `username` and `password` are given.",
        default="redshift",
    )
    host: Text | None = attribute("The cluster's endpoint. Environment: REDSHIFT_HOST.")
    port: int | None = attribute("Its port. Environment: REDSHIFT_PORT. Default: 5439.", ge=1, le=65535)
    database: Text | None = attribute("The database to connect to. Environment: REDSHIFT_DATABASE.")
    username: Text | None = attribute("The system account. Environment: REDSHIFT_USER.")
    password: Text | None = attribute("Its password. Environment: REDSHIFT_PASSWORD.", sensitive=True)
    ssl: bool | None = attribute("Whether to speak TLS. Default: true.")
    sslmode: Literal["verify-full", "verify-ca"] | None = attribute(
        "How the server's certificate is checked. Environment: REDSHIFT_SSLMODE. Default: verify-full."
    )
    temporary_credentials: TemporaryCredentials | None = block()
    catalog: CatalogModel | None = block()
    unknown_names: Literal["warn", "ignore"] = attribute(
        "Whether plans warn of names that nobody has: a group, an attribute or a purpose in a policy that no profile and no "
        "project has, and a new profile of a user whom the warehouse does not have. `ignore` where they come from elsewhere.",
        default="warn",
    )
    statement_timeout: int = attribute("Seconds after which the warehouse gives up on one statement.", default=60, ge=1)
    gains: Literal["warn", "ignore", "error"] = attribute(
        "What a plan does where it lets somebody see more: `warn` says so in a line, `error` refuses the plan, `ignore` does not "
        "look. The plans of policies, subscriptions, projects, purposes, impersonations, the integration's baseline, and data sources "
        "that are governed already are judged, by what has been planned so far: `error` may refuse a plan that a later resource "
        "would balance, and refuses what is known only after the apply. Profiles are not judged. The exact answer is "
        "that of [`veil diff`](guides/diff).",
        default="warn",
    )
    application_name: Text = attribute("How the provider shows in the warehouse's session list.", default="veil")


class Veil(Provider):
    name = "veil"
    version = __version__
    address = "registry.terraform.io/veil-data/veil"
    model = ProviderModel
    resources = (*RESOURCE_OF.values(), "veil.resources.user_profiles:UserProfiles")
    data_sources = (
        "veil.resources.integration_data:IntegrationData",
        "veil.resources.effective_access:EffectiveAccess",
        "veil.resources.access_requests:AccessRequests",
        "veil.resources.dbt_tags:DbtTags",
        "veil.resources.catalog_tags:CatalogTags",
    )
    functions = (
        "veil.resources.functions:ValidateExpression",
        "veil.resources.functions:CompilePredicate",
    )

    def __init__(self) -> None:
        super().__init__()
        self._client: Client | None = None

    def configure(self, config: ProviderModel, ctx: Context) -> "Client":
        """Connect and sign in at once, so that a bad password is one diagnostic and not one per
        resource.
        """
        with importing():
            # Here and not above: a process that only serves schemas or validates needs neither
            # compiler nor driver. And all of it: the calls that follow arrive in parallel.
            import veil.resources.working  # noqa: F401
            from veil.resources.client import Client
        client = Client(
            settings_of(config),
            config.catalog,
            tells_unknown_names=config.unknown_names != "ignore",
            gains=config.gains if is_known(config.gains) else "warn",
        )
        self._client = client
        with refused():
            client.connect()
        return client

    def explain(self, problem: BaseException) -> PluginError | None:
        return explained(problem)

    def stop(self) -> None:
        if self._client is not None:
            self._client.stop()

    def close(self) -> None:
        if self._client is not None:
            self._client.close()


_APART = ("catalog", "gains", "unknown_names")
"""What has no part in where to connect to."""


def settings_of(config: ProviderModel) -> "Settings | None":
    """Where to connect to; None where something that decides it is not known yet. Raises
    PluginError where something is missing.
    """
    if not wholly_known([value for name, value in dict(config).items() if name not in _APART]):
        return None
    if config.engine == "local":
        from veil.resources.local_engine import local_settings

        return local_settings(
            config.database,
            config.statement_timeout,
            config.application_name,
            username=config.username,
            password=config.password or os.environ.get("REDSHIFT_PASSWORD"),
        )
    return _redshift_settings(config)


def _redshift_settings(config: ProviderModel) -> "Settings":
    from veil.warehouse.settings import Settings

    credentials = config.temporary_credentials
    database = config.database or os.environ.get("REDSHIFT_DATABASE")
    username = config.username or os.environ.get("REDSHIFT_USER")
    host = config.host or os.environ.get("REDSHIFT_HOST")
    password = config.password or os.environ.get("REDSHIFT_PASSWORD")
    _require(database=database)
    if credentials is None:
        _require(username=username, host=host, password=password)
    return Settings(
        host=host or "",
        port=config.port or _port(),
        database=database or "",
        username=username or "",
        password=password if credentials is None else None,
        ssl=config.ssl if config.ssl is not None else True,
        sslmode=config.sslmode or os.environ.get("REDSHIFT_SSLMODE") or "verify-full",
        temporary_credentials=credentials.to_settings(username) if credentials is not None else None,
        statement_timeout=config.statement_timeout,
        application_name=config.application_name,
    )


def _require(**needed: str | None) -> None:
    for name, value in needed.items():
        if not value:
            variable = {"username": "REDSHIFT_USER"}.get(name, f"REDSHIFT_{name.upper()}")
            raise PluginError(
                f"The provider needs a {name}",
                f"Set {name} in the provider block or {variable} in the environment. "
                'For the embedded engine, set engine = "local".',
                path=(name,),
            )


def _port() -> int:
    text = os.environ.get("REDSHIFT_PORT", "5439")
    try:
        return int(text)
    except ValueError as problem:
        raise PluginError(
            "REDSHIFT_PORT is not a number", f"The environment variable REDSHIFT_PORT is {text!r}."
        ) from problem
