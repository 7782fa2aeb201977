"""Terraform signs in with AWS credentials: real boto3, a stand-in for AWS, the embedded engine as
the warehouse.
"""

from collections.abc import Callable, Iterator

import pytest

from tests.acceptance.conftest import Database
from tests.acceptance.terraform import Workspace
from tests.aws import Aws, served


@pytest.fixture(scope="module")
def new_workspace(new_starting_workspace: Callable[[], Workspace]) -> Callable[[], Workspace]:
    return new_starting_workspace


CONFIGURATION = """
terraform {{
  required_providers {{ veil = {{ source = "veil-data/veil" }} }}
}}
provider "veil" {{
  database = "{database}"
  ssl      = false # Through a tunnel to this machine.
  temporary_credentials {{
    cluster_identifier = "main"
    region             = "eu-central-1"
    db_user            = "deployer"
  }}
}}
resource "veil_integration" "main" {{
  name        = "main"
  database    = "{database}"
  view_schema = "governed"
}}
"""


@pytest.fixture
def aws(database: Database) -> Iterator[Aws]:
    def sign_in(user: str, password: str) -> None:
        database.run(f"ALTER USER \"{user}\" PASSWORD '{password}'")

    database.run("CREATE USER \"IAM:deployer\" CREATEUSER PASSWORD 'Deployer1pass'")
    with served(Aws(database.address.host, database.address.port, sign_in)) as found:
        yield found


def test_an_apply_signs_in_with_what_aws_gives_and_tells_nobody(database: Database, workspace: Workspace, aws: Aws):
    workspace.environment |= {
        "AWS_ENDPOINT_URL": aws.url,
        "NO_PROXY": "127.0.0.1",
        "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "s3cret-of-aws",
        "TF_LOG": "trace",
        "TF_LOG_PATH": "terraform.log",
    }
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
        workspace.environment.pop(name, None)
    workspace.write(CONFIGURATION.format(database=database.name))
    assert (done := workspace.apply()), done.text
    assert database.query("SELECT COUNT(*) FROM immuta_system.integration") == [(1,)]
    assert (planned := workspace.plan()).code == 0, planned.text

    aws.refusal = ("ExpiredToken", "The security token included in the request is expired")
    planned = workspace.plan()
    assert planned.code == 1
    assert "Error: The AWS session has expired" in planned.text

    told = planned.text + "".join(
        (workspace.folder / name).read_text() for name in ("terraform.tfstate", "terraform.log")
    )
    assert len(aws.passwords) >= 2
    assert not [secret for secret in (*aws.passwords, "s3cret-of-aws") if secret in told]
