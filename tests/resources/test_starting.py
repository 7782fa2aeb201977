"""A process imports what its calls need: Terraform starts one to ask for the schema, and another to validate."""

import subprocess
import sys

_HEAD = (
    "import sys\n"
    "from veil.plugin.calls.session import Session\n"
    "from veil.plugin.calls.table import find\n"
    "from veil.plugin.wire import tfplugin6_pb2 as pb\n"
    "from veil.resources.provider import Veil\n"
    "session = Session(Veil())\n"
)
_TAIL = (
    "large = {'veil.warehouse', 'veil.governance.service', 'veil.compiler', 'veil.oracle', 'veil.policy', 'veil.language',"
    " 'sqlglot.dialects', 'redshift_connector', 'requests', 'boto3', 'asyncio'} & sys.modules.keys()\n"
    "assert not large, large\n"
)


def test_the_schema_is_told_without_what_plans_and_publishes() -> None:
    ask = "assert find('GetProviderSchema')(session, pb.GetProviderSchema.Request()).resource_schemas\n"
    subprocess.run([sys.executable, "-c", _HEAD + ask + _TAIL], check=True)


def test_a_block_is_validated_without_what_plans_and_publishes() -> None:
    ask = (
        "request = pb.ValidateResourceConfig.Request(type_name='veil_purpose', config=pb.DynamicValue(json=b'{}'))\n"
        "assert find('ValidateResourceConfig')(session, request).diagnostics\n"
    )
    subprocess.run([sys.executable, "-c", _HEAD + ask + _TAIL], check=True)
