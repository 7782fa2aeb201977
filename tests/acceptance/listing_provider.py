"""The provider's executable, which at its end leaves a list of all modules that its process has
imported.
"""

import os
import sys
from pathlib import Path
from typing import NoReturn

from veil.resources.serve import main

end = os._exit


def leave_list(status: int) -> NoReturn:
    """Write what was imported to a file in the folder MODULES, named after the process."""
    imported = "\n".join(sys.modules)
    Path(os.environ["MODULES"], str(os.getpid())).write_text(imported, encoding="utf-8")
    end(status)


# The provider's process ends by os._exit, which runs nothing that is registered for the end of a
# process.
os._exit = leave_list
main()
