"""Where Terraform and OpenTofu find a provider that runs already."""

import pytest

from veil.plugin import Provider
from veil.plugin.server.debug import addresses


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("", ["registry.terraform.io/hashicorp/lab", "registry.opentofu.org/hashicorp/lab"]),
        ("acme/lab", ["registry.terraform.io/acme/lab", "registry.opentofu.org/acme/lab"]),
        ("registry.terraform.io/acme/lab", ["registry.terraform.io/acme/lab", "registry.opentofu.org/acme/lab"]),
        ("registry.opentofu.org/acme/lab", ["registry.terraform.io/acme/lab", "registry.opentofu.org/acme/lab"]),
        ("tf.acme.com/acme/lab", ["tf.acme.com/acme/lab"]),
    ],
)
def test_a_provider_is_announced_under_every_address_it_may_be_known_by(address: str, expected: list[str]) -> None:
    assert addresses(type("Lab", (Provider,), {"name": "lab", "address": address})()) == expected
