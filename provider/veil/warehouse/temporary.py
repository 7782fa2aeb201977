"""Signing in with AWS credentials: AWS gives a database user and a password that holds for some
minutes.

Facts: Amazon Redshift Management Guide, "Using IAM authentication to generate database user
credentials", and the API references of GetClusterCredentials, GetClusterCredentialsWithIAM and
(Redshift Serverless) GetCredentials. The driver can ask for these too, but says nothing that helps
when AWS refuses, and needs a region where the AWS configuration has one.
"""

import logging
from dataclasses import dataclass, replace
from typing import Any

from veil.warehouse.aws_errors import explain
from veil.warehouse.errors import WarehouseError
from veil.warehouse.settings import Settings, TemporaryCredentials

_log = logging.getLogger("terraform.provider.veil")

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class _Endpoint:
    host: str
    port: int


def signed_in(settings: Settings) -> Settings:
    """The settings with user, password, host and port as AWS gives them now; unchanged without
    temporary credentials.

    The standard variables of the AWS tools count (AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL, ...).
    Raises WarehouseError, never with a secret in it.
    """
    credentials = settings.temporary_credentials
    if credentials is None:
        return settings
    try:
        client = _client(credentials, settings.connect_timeout)
        endpoint = _Endpoint(settings.host, settings.port) if settings.host else _endpoint(client, credentials)
        _require_encrypted(settings, endpoint)
        user, password = _user(client, credentials, settings.database)
    except WarehouseError:
        raise
    except Exception as problem:
        _log.debug("temporary credentials could not be had: %s", type(problem).__name__)
        raise explain(credentials, problem) from problem
    return replace(
        settings,
        host=endpoint.host,
        port=endpoint.port,
        username=user,
        password=password,
        temporary_credentials=None,
    )


def _client(credentials: TemporaryCredentials, timeout: int) -> Any:
    import boto3
    from botocore.config import Config

    for name in ("boto3", "botocore", "urllib3"):
        logging.getLogger(name).setLevel(logging.WARNING)  # At debug level they log answers, which hold the password.
    session = boto3.Session(profile_name=credentials.profile, region_name=credentials.region)
    patience = Config(
        connect_timeout=timeout, read_timeout=timeout, retries={"mode": "standard", "total_max_attempts": 3}
    )
    return session.client("redshift-serverless" if credentials.workgroup else "redshift", config=patience)


def _endpoint(client: Any, credentials: TemporaryCredentials) -> _Endpoint:
    if credentials.workgroup:
        place = client.get_workgroup(workgroupName=credentials.workgroup)["workgroup"]
        endpoint, state = place.get("endpoint") or {}, place.get("status")
        host, port = endpoint.get("address"), endpoint.get("port")
    else:
        place = client.describe_clusters(ClusterIdentifier=credentials.cluster_identifier)["Clusters"][0]
        endpoint, state = place.get("Endpoint") or {}, place.get("ClusterStatus")
        host, port = endpoint.get("Address"), endpoint.get("Port")
    if not host or not port:
        raise WarehouseError(
            "The warehouse has no endpoint",
            f"AWS says that {credentials.place} is {state or 'in no state'}, and tells no endpoint of it. Resume it, or wait "
            "until it is available.",
        )
    return _Endpoint(host, int(port))


def _require_encrypted(settings: Settings, endpoint: _Endpoint) -> None:
    if not settings.ssl and endpoint.host not in _LOOPBACK:
        raise WarehouseError(
            "Temporary credentials need TLS",
            f"With ssl = false the password would go to {endpoint.host} in clear. Leave ssl out.",
        )


def _user(client: Any, credentials: TemporaryCredentials, database: str) -> tuple[str, str]:
    """The database user and the password that AWS gives."""
    if credentials.workgroup:
        response = client.get_credentials(workgroupName=credentials.workgroup, dbName=database)
        return response["dbUser"], response["dbPassword"]
    if credentials.db_user:
        response = client.get_cluster_credentials(
            ClusterIdentifier=credentials.cluster_identifier,
            DbUser=credentials.db_user,
            DbName=database,
            AutoCreate=credentials.auto_create,
        )
    else:
        response = client.get_cluster_credentials_with_iam(
            ClusterIdentifier=credentials.cluster_identifier, DbName=database
        )
    return response["DbUser"], response["DbPassword"]
