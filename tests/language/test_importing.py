"""Loading the package is cheap: Terraform starts the provider for every command."""

import subprocess
import sys


def test_parsing_loads_no_parser_of_others() -> None:
    code = "import sys, veil.language as l; l.parse('a = 1', l.Usage.ROW); assert 'sqlglot' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
