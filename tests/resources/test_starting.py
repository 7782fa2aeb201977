"""A process that validates imports what its call needs. tests/acceptance/test_starting.py sees
Terraform's own processes.
"""

import subprocess
import sys

import pytest

_SCRIPT = """
import sys
from veil.plugin.calls.session import Session
from veil.plugin.calls.table import find
from veil.plugin.wire import tfplugin6_pb2 as pb
from veil.resources.provider import Veil
request = pb.ValidateResourceConfig.Request(type_name={!r}, config=pb.DynamicValue(json=b'{{}}'))
assert find('ValidateResourceConfig')(Session(Veil()), request).diagnostics
large = {{'veil.warehouse', 'veil.governance.service', 'veil.compiler', 'veil.oracle', 'veil.policy',
          'redshift_connector', 'requests', 'boto3', 'asyncio'}} & sys.modules.keys()
assert not large, large
"""


@pytest.mark.parametrize("type_name", ["veil_purpose", "veil_data_source", "veil_masking_policy", "veil_user_profiles"])
def test_a_block_is_validated_without_what_plans_and_publishes(type_name: str) -> None:
    subprocess.run([sys.executable, "-c", _SCRIPT.format(type_name)], check=True)
