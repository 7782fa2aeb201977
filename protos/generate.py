"""Generate the Python messages of the wire protocol from the .proto files beside this script.

Run it from anywhere: ``python protos/generate.py [OUTPUT_FOLDER]``. Only messages are generated: the server builds its
method tables from the service descriptors inside them.
"""

import sys
from importlib import resources
from pathlib import Path

from grpc_tools import protoc

PROTOS = Path(__file__).resolve().parent
WIRE = PROTOS.parent / "provider" / "veil" / "plugin" / "wire"
FILES = ("tfplugin6.proto", "goplugin.proto")


def generate(output: Path) -> None:
    """Write ``*_pb2.py`` and ``*_pb2.pyi`` for every .proto file into the folder ``output``.

    Raises RuntimeError if the compiler refuses a file; its reasons are on stderr.
    """
    bundled = str(resources.files("grpc_tools") / "_proto")
    arguments = ["protoc", f"-I{PROTOS}", f"-I{bundled}", f"--python_out={output}", f"--pyi_out={output}", *FILES]
    if protoc.main(arguments) != 0:
        raise RuntimeError("protoc failed")


if __name__ == "__main__":
    generate(Path(sys.argv[1]) if len(sys.argv) > 1 else WIRE)
