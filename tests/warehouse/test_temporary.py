"""Signing in with AWS credentials: real boto3, a stand-in for AWS, the embedded engine as the
warehouse.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.aws import IDENTITY, Aws, served
from veil.warehouse import Session, Settings, WarehouseError, connect
from veil.warehouse.settings import TemporaryCredentials

CLUSTER = TemporaryCredentials(cluster_identifier="main", db_user="temp", region="eu-central-1")
WORKGROUP = TemporaryCredentials(workgroup="adhoc", region="eu-central-1")
USERS = ("IAM:temp", "IAMA:temp", IDENTITY)


@pytest.fixture(scope="module")
def aws_users(shared_admin: Session) -> Iterator[None]:
    """The users that AWS names, as the engine knows them."""
    for user in USERS:
        shared_admin.execute(f"CREATE USER \"{user}\" PASSWORD 'Abcdefg1'")
    yield
    for user in USERS:
        shared_admin.execute(f'DROP USER "{user}"')


@pytest.fixture
def aws(
    admin: Session, settings: Settings, aws_users: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Aws]:
    """AWS, as the standard variables of its tools reach it."""

    def sign_in(user: str, password: str) -> None:
        admin.execute(f"ALTER USER \"{user}\" PASSWORD '{password}'")

    with served(Aws(settings.host, settings.port, sign_in)) as found:
        for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_DEFAULT_REGION"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s3cret-of-aws")
        monkeypatch.setenv("AWS_ENDPOINT_URL", found.url)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield found


@pytest.fixture
def temporary(settings: Settings) -> Settings:
    """Settings that leave host, user and password to AWS."""
    return replace(settings, host="", port=1, username="", password=None, temporary_credentials=CLUSTER)


def asking(settings: Settings, credentials: TemporaryCredentials) -> Settings:
    return replace(settings, temporary_credentials=credentials)


@pytest.mark.parametrize(
    ("credentials", "user", "actions"),
    [
        (CLUSTER, "IAM:temp", ["DescribeClusters", "GetClusterCredentials"]),
        (replace(CLUSTER, auto_create=True), "IAMA:temp", ["DescribeClusters", "GetClusterCredentials"]),
        (replace(CLUSTER, db_user=None), IDENTITY, ["DescribeClusters", "GetClusterCredentialsWithIAM"]),
        (WORKGROUP, IDENTITY, ["GetWorkgroup", "GetCredentials"]),
    ],
    ids=["cluster", "created", "identity", "workgroup"],
)
def test_the_password_that_aws_gives_signs_in(
    aws: Aws, temporary: Settings, credentials: TemporaryCredentials, user: str, actions: list[str]
):
    with connect(asking(temporary, credentials)) as session:
        assert session.query("SELECT current_user") == [(user,)]
        assert (session.settings.host, session.settings.port) == (aws.host, aws.port)
    assert [action for action, _ in aws.asked] == actions
    assert aws.asked[-1][1].get("DbName", aws.asked[-1][1].get("dbName")) == temporary.database


def test_every_connection_gets_a_password_of_its_own(aws: Aws, temporary: Settings):
    with connect(temporary) as session:
        session.reconnect()
        assert session.query("SELECT 1") == [(1,)]
        assert aws.passwords[-1] not in repr(session.settings)
    assert len(set(aws.passwords)) == 2


def test_a_host_that_is_given_is_not_asked_for(aws: Aws, settings: Settings):
    with connect(replace(settings, password=None, temporary_credentials=CLUSTER)):
        assert [action for action, _ in aws.asked] == ["GetClusterCredentials"]


def refusal(settings: Settings) -> WarehouseError:
    with pytest.raises(WarehouseError) as caught:
        connect(settings)
    assert "s3cret-of-aws" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    ("credentials", "code", "title"),
    [
        (CLUSTER, "AccessDenied", "AWS denied temporary credentials"),
        (WORKGROUP, "AccessDeniedException", "AWS denied temporary credentials"),
        (CLUSTER, "ExpiredToken", "The AWS session has expired"),
        (WORKGROUP, "ExpiredTokenException", "The AWS session has expired"),
        (CLUSTER, "InvalidClientTokenId", "AWS did not accept the credentials"),
        (WORKGROUP, "UnrecognizedClientException", "AWS did not accept the credentials"),
        (CLUSTER, "SomethingElse", "No temporary credentials"),
    ],
)
def test_what_aws_refuses_is_told(
    aws: Aws, temporary: Settings, credentials: TemporaryCredentials, code: str, title: str
):
    aws.refusal = (code, "Said by AWS")
    error = refusal(asking(temporary, credentials))
    assert error.summary == title
    assert "Said by AWS" in error.found
    assert not error.retryable


def test_what_is_missing_from_the_identity_is_named(aws: Aws, temporary: Settings):
    aws.refusal = ("AccessDenied", "no")
    assert "redshift:GetClusterCredentials and redshift:CreateClusterUser" in (
        refusal(asking(temporary, replace(CLUSTER, auto_create=True))).detail
    )
    assert "redshift-serverless:GetCredentials" in refusal(asking(temporary, WORKGROUP)).detail


@pytest.mark.parametrize(
    ("credentials", "told"),
    [
        (replace(CLUSTER, cluster_identifier="other"), "There is no cluster 'other'"),
        (replace(WORKGROUP, workgroup="other"), "There is no workgroup 'other'"),
    ],
)
def test_an_unknown_warehouse_is_named(aws: Aws, temporary: Settings, credentials: TemporaryCredentials, told: str):
    error = refusal(asking(temporary, credentials))
    assert error.summary == "AWS knows no such warehouse"
    assert told in error.found


@pytest.mark.parametrize(
    ("credentials", "told"), [(CLUSTER, "cluster 'main' is paused"), (WORKGROUP, "workgroup 'adhoc' is CREATING")]
)
def test_a_warehouse_without_an_endpoint_is_told(
    aws: Aws, temporary: Settings, credentials: TemporaryCredentials, told: str
):
    aws.paused = True
    error = refusal(asking(temporary, credentials))
    assert error.summary == "The warehouse has no endpoint"
    assert told in error.found


def test_a_machine_without_aws_credentials_is_told_where_they_belong(
    aws: Aws, temporary: Settings, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    error = refusal(temporary)
    assert error.summary == "No AWS credentials"
    assert "AWS_PROFILE" in error.found


def test_an_unknown_profile_and_a_missing_region_are_told(aws: Aws, temporary: Settings):
    assert refusal(asking(temporary, replace(CLUSTER, profile="nobody"))).summary == "Unknown AWS profile"
    assert refusal(asking(temporary, replace(CLUSTER, region=None))).summary == "No AWS region"


def test_an_aws_that_cannot_be_reached_is_told(aws: Aws, temporary: Settings, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    assert refusal(temporary).summary == "AWS does not answer"


def test_a_password_is_never_sent_in_clear_over_a_network(aws: Aws, temporary: Settings):
    aws.host = "main.abc.eu-central-1.redshift.amazonaws.com"
    assert refusal(temporary).summary == "Temporary credentials need TLS"
    assert aws.passwords == []
