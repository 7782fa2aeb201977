"""HCL that is written for a person to read and for Terraform to read back."""

from decimal import Decimal

from veil.cli.export.hcl import Expression, block, text
from veil.cli.export.naming import Names


def test_a_block_is_laid_out_as_terraform_fmt_does():
    attributes = {
        "name": "a",
        "wide_name": Expression("veil_purpose.a.name"),
        "rate": Decimal("0.10"),
        "many": [f"value number {number}" for number in range(8)],
        "on": True,
        "odd": {"for": {}, "a b": 1, "null": {}},
    }
    assert block(("resource", "veil_project", "a"), attributes) == (
        'resource "veil_project" "a" {\n'
        '  name      = "a"\n'
        "  wide_name = veil_purpose.a.name\n"
        "  rate      = 0.10\n"
        "  many = [\n" + "".join(f'    "value number {number}",\n' for number in range(8)) + "  ]\n"
        "  on  = true\n"
        '  odd = { "for" = {}, "a b" = 1, null = {} }\n'
        "}\n"
    )


def test_a_text_never_becomes_a_template():
    assert text('${a} %{if} "b" \\ \n\x07') == '"$${a} %%{if} \\"b\\" \\\\ \\n\\U00000007"'


def test_names_are_those_of_things_as_far_as_terraform_allows_and_unique():
    names = Names()
    given = [names.name("purpose", (each,)) for each in ("Fraud & more", "fraud more", "1st", "é", "fraud-more")]
    assert given == ["fraud_more", "fraud_more_2", "_1st", "unnamed", "fraud_more_3"]
    assert names.name("data_source", ("customers", "raw_customers")) == "customers"
    assert names.name("data_source", ("customers", "sales_customers")) == "sales_customers"
