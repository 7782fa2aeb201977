"""Loading the package is cheap: Terraform starts the provider for every command."""

import subprocess
import sys


def test_importing_the_package_does_not_load_sqlglot() -> None:
    code = "import sys, veil.language; assert 'sqlglot' not in sys.modules, 'sqlglot was loaded'"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_first_parse_loads_sqlglot() -> None:
    code = "import sys, veil.language as l; l.parse('TRUE', l.Usage.ROW); assert 'sqlglot' in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
