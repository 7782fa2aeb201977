"""Write docs/, the provider's pages in the Terraform registry, from its models and examples/; and
from its models what the provider answers of itself, which its process sends without importing them.

Run `python -m tools.docs` (or `make docs`) after a change of a model or an example; `--check` only
tells what differs.
"""

import json
import shlex
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tools import diagnostics
from tools.schema_pages import schema_section, type_name
from veil.plugin.api.function import Function, Parameter
from veil.plugin.calls.recording import record
from veil.plugin.calls.registry import Definition, Registry
from veil.plugin.schema.annotations import read_annotation
from veil.plugin.schema.derive import describe
from veil.plugin.schema.objects import bind
from veil.resources.provider import Veil
from veil.resources.serve import RECORDED

ROOT = Path(__file__).resolve().parents[1]
COMMAND = "make docs"

SUBCATEGORIES = {
    "veil_integration": "Warehouse",
    "veil_data_source": "Warehouse",
    "veil_dbt_tags": "Warehouse",
    "veil_catalog_tags": "Warehouse",
    "veil_masking_policy": "Policies",
    "veil_row_policy": "Policies",
    "veil_subscription_policy": "Policies",
    "veil_subscription": "Users",
    "veil_access_refusal": "Users",
    "veil_user_profile": "Users",
    "veil_user_profiles": "Users",
    "veil_impersonation": "Users",
    "veil_effective_access": "Users",
    "veil_purpose": "Purposes",
    "veil_project": "Purposes",
}


class MissingExampleError(Exception):
    """A part of the provider has no example, and so no page."""


@dataclass(frozen=True)
class Kind:
    """A kind of part: its title, where its pages go, and where its examples are."""

    title: str
    pages: str
    examples: str
    example: str


RESOURCE = Kind("Resource", "resources", "resources", "resource.tf")
DATA_SOURCE = Kind("Data Source", "data-sources", "data-sources", "data-source.tf")
EPHEMERAL = Kind("Ephemeral Resource", "ephemeral-resources", "ephemeral-resources", "ephemeral-resource.tf")
FUNCTION = Kind("Function", "functions", "functions", "function.tf")


def pages(registry: Registry, examples: Path) -> Mapping[str, str]:
    """Every generated page, by its path below docs/. Raises MissingExampleError."""
    made = {"index.md": _index(registry, examples)}
    for kind, parts in (
        (RESOURCE, registry.resources()),
        (DATA_SOURCE, registry.data_sources()),
        (EPHEMERAL, registry.ephemerals()),
    ):
        for name, part in parts.items():
            made[f"{kind.pages}/{_short(registry, name)}.md"] = _page(kind, name, part, examples)
    for name, function in registry.functions.all().items():
        made[f"functions/{name}.md"] = _function(name, function, examples)
    return made


def differences(made: Mapping[str, str], docs: Path) -> list[str]:
    """The pages that are missing, stale or nobody's, one line each. Guides that are written by hand
    are left alone.
    """
    there = {str(path.relative_to(docs)): path.read_text(encoding="utf-8") for path in docs.rglob("*.md")}
    stale = [
        f"docs/{path} is {'stale' if path in there else 'missing'}" for path in made if there.get(path) != made[path]
    ]
    return stale + [f"docs/{path} describes nothing" for path in there if path not in made and "guides/" not in path]


def write(made: Mapping[str, str], docs: Path) -> None:
    """Make docs/ hold exactly these pages, and the guides."""
    for path in docs.rglob("*.md"):
        if str(path.relative_to(docs)) not in made and path.parent.name != "guides":
            path.unlink()
    for name, text in made.items():
        (docs / name).parent.mkdir(parents=True, exist_ok=True)
        (docs / name).write_text(text, encoding="utf-8")


def stale_answers(made: Mapping[str, bytes], folder: Path) -> list[str]:
    """The files of recorded answers that are missing, stale or nobody's, one line each."""
    there = {path.name: path.read_bytes() for path in folder.iterdir()} if folder.is_dir() else {}
    return [f"{folder.name}/{name} is stale" for name in sorted({*made, *there}) if made.get(name) != there.get(name)]


def write_answers(made: Mapping[str, bytes], folder: Path) -> None:
    """Make the folder hold exactly these files."""
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        if path.name not in made:
            path.unlink()
    for name, content in made.items():
        (folder / name).write_bytes(content)


def _index(registry: Registry, examples: Path) -> str:
    provider = registry.provider_definition
    name = registry.provider.name
    parts = [
        _front_matter(f"Provider: {name}", "", provider.schema.description),
        f"# {name} Provider\n\n{provider.schema.description}\n",
        _example(examples / "provider" / "provider.tf"),
        schema_section(provider.model),
    ]
    return "\n".join(parts)


def _page(kind: Kind, name: str, part: Definition[object], examples: Path) -> str:
    folder = examples / kind.examples / name
    parts = [
        _front_matter(f"{name} {kind.title} - veil", SUBCATEGORIES.get(name, ""), part.schema.description),
        f"# {name} ({kind.title})\n\n{part.schema.description}\n",
        _example(folder / kind.example),
        schema_section(part.model),
        *([_import(folder / "import.sh")] if kind is RESOURCE else []),
    ]
    return "\n".join(parts)


def _function(name: str, function: Function, examples: Path) -> str:
    description = describe(type(function))
    parts = [
        _front_matter(f"{name} Function - veil", "", function.summary),
        f"# {name} (Function)\n\n{description}\n",
        _example(examples / "functions" / name / "function.tf"),
        f"## Signature\n\n```text\n{_signature(name, function)}\n```\n",
        "## Arguments\n\n" + "".join(_arguments(function)),
    ]
    return "\n".join(parts)


def _signature(name: str, function: Function) -> str:
    shown = [f"{each.name} {_annotated(each.annotation)}" for each in function.parameters]
    if function.variadic is not None:
        shown.append(f"{function.variadic.name} {_annotated(function.variadic.annotation)}...")
    return f"{name}({', '.join(shown)}) {_annotated(function.returns)}"


def _arguments(function: Function) -> Iterator[str]:
    variadic: tuple[Parameter, ...] = (function.variadic,) if function.variadic is not None else ()
    for number, each in enumerate((*function.parameters, *variadic), start=1):
        yield f"{number}. `{each.name}` ({type_name(bind(read_annotation(each.annotation, each.name)).type.to_json())}) "
        yield f"{each.description}\n"


def _annotated(annotation: object) -> str:
    return type_name(bind(read_annotation(annotation, "signature")).type.to_json()).lower()


def _front_matter(title: str, subcategory: str, description: str) -> str:
    first = description.split("\n\n", maxsplit=1)[0].replace("\n", " ")
    return f'---\npage_title: "{title}"\nsubcategory: "{subcategory}"\ndescription: |-\n  {first}\n---\n'


def _example(path: Path) -> str:
    return f"## Example Usage\n\n```terraform\n{_text(path)}\n```\n"


def _import(path: Path) -> str:
    script = _text(path)
    return (
        "## Import\n\nWith an `import` block, which a plan shows before anything is taken over:\n\n"
        f"```terraform\n{import_blocks(script)}\n```\n\n"
        f"Or with the command:\n\n```shell\n{script}\n```\n"
    )


def import_blocks(script: str) -> str:
    """The `terraform import` commands of a script as blocks, each under the comment that stands
    over it.
    """
    lines = []
    for line in script.splitlines():
        words = shlex.split(line, comments=True)
        if words[:2] != ["terraform", "import"]:
            lines.append(line)
            continue
        _, _, address, name = words
        lines += ["import {", f"  to = {address}", f"  id = {json.dumps(name)}", "}"]
    return "\n".join(lines)


def _text(path: Path) -> str:
    if not path.is_file():
        raise MissingExampleError(f"{path} is missing: every part of the provider has an example")
    return path.read_text(encoding="utf-8").strip()


def _short(registry: Registry, name: str) -> str:
    return name.removeprefix(f"{registry.provider.name}_")


def main(arguments: list[str]) -> int:
    """Write the pages and the answers, or with --check say what differs and return 1."""
    made, docs = dict(pages(Registry(Veil()), ROOT / "examples")), ROOT / "docs"
    made[diagnostics.PAGE] = diagnostics.page()
    answers, recorded = record(Veil()), Path(RECORDED)
    if arguments == ["--check"]:
        found = differences(made, docs) + stale_answers(answers, recorded)
        print("\n".join([*found, f"Run: {COMMAND}"]) if found else "docs/ is current")
        return 1 if found else 0
    write(made, docs)
    write_answers(answers, recorded)
    print(f"wrote {len(made)} pages to docs/ and {len(answers)} recorded answers")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
