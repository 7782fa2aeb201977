"""One configuration, several integrations: a provider alias and a module for each, and a configuration that joins in."""

import shutil
from collections.abc import Callable
from pathlib import Path

from tests.acceptance.conftest import Database
from tests.acceptance.terraform import Workspace

MODULES = Path(__file__).parents[2] / "examples" / "modules"


def configuration(emea: Database, apac: Database) -> str:
    """One integration as the embedded engine's, the other through the address of a cluster."""
    address = apac.address
    return f"""
terraform {{
  required_providers {{ veil = {{ source = "veil-data/veil" }} }}
}}
provider "veil" {{
  alias    = "emea"
  engine   = "local"
  database = "{emea.name}"
}}
provider "veil" {{
  alias    = "apac"
  host     = "{address.host}"
  port     = {address.port}
  ssl      = false
  database = "{apac.name}"
  username = "{address.username}"
  password = "{address.password}"
}}
module "emea" {{
  source    = "./modules/governed"
  providers = {{ veil = veil.emea }}
  name      = "emea"
  database  = "{emea.name}"
  tables    = {{ customers = {{ schema = "raw", columns = {{ ssn = ["pii.ssn"], territory = ["geo"] }} }} }}
  users     = {{ alice = {{ groups = ["analysts"], attributes = {{ territory = ["US"] }} }} }}
}}
module "apac" {{
  source    = "./modules/governed"
  providers = {{ veil = veil.apac }}
  name      = "apac"
  database  = "{apac.name}"
  tables    = {{ customers = {{ schema = "raw", columns = {{ ssn = ["pii.ssn"], territory = ["geo"] }} }} }}
  users     = {{ alice = {{ groups = ["analysts", "hr"], attributes = {{ territory = ["CA"] }} }} }}
}}
output "ids" {{
  value = [module.emea.integration, module.apac.integration]
}}
"""


def joining(database: Database) -> str:
    return f"""
terraform {{
  required_providers {{ veil = {{ source = "veil-data/veil" }} }}
}}
provider "veil" {{
  engine   = "local"
  database = "{database.name}"
}}
data "veil_integration" "emea" {{
  name = "emea"
}}
resource "veil_user_profile" "bob" {{
  integration = data.veil_integration.emea.id
  user        = "bob"
  groups      = ["analysts", "global"]
}}
"""


def test_each_integration_of_a_configuration_governs_its_own_database(
    new_database: Callable[[], Database], new_workspace: Callable[[], Workspace]
):
    emea, apac, workspace, other = new_database(), new_database(), new_workspace(), new_workspace()
    shutil.copytree(MODULES, workspace.folder / "modules")
    workspace.write(configuration(emea, apac))
    assert (done := workspace.run("get")), done.text
    assert (done := workspace.apply()), done.text

    seen = "SELECT id, LEN(ssn), territory FROM governed.customers ORDER BY id"
    assert emea.query(seen, "alice") == [(1, 64, "US")]
    assert apac.query(seen, "alice") == [(2, 11, "CA")]

    # Another configuration works on one of them, and the first one does not mind.
    other.write(joining(emea))
    assert (done := other.apply()), done.text
    found = other.state("data.veil_integration.emea")
    assert (found["mode"], found["database"], found["source_database"]) == ("single_database", emea.name, None)
    assert [row[0] for row in emea.query(seen, "bob")] == [1, 2, 3, 4]
    assert apac.query(seen, "bob") == []
    assert (planned := workspace.plan()).code == 0, planned.text
