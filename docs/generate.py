"""Write docs/reference/ from the commands, the settings, the results and the tables.

``python docs/generate.py`` writes the pages, ``--check`` says which are out of date and exits 1.
"""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

import tumorkit
from tumorkit.cli import COMMANDS
from tumorkit.cli.options import shown_default
from tumorkit.contract import Result, Settings
from tumorkit.contract.estimate import Cutoff, Estimate
from tumorkit.genome.table import TableSchema

REFERENCE = Path(__file__).parent / "reference"


def modules(ending: str) -> Iterator[Any]:
    """Yield the package's modules whose name ends so."""
    folder = str(Path(tumorkit.__file__).parent)
    for found in pkgutil.walk_packages([folder], "tumorkit."):
        if found.name.endswith(ending) and "._" not in found.name:
            yield importlib.import_module(found.name)


def own_classes(ending: str, base: type) -> list[type]:
    """Return the classes of a base that are defined in modules of that ending."""
    found = []
    for module in modules(ending):
        for kind in vars(module).values():
            own = isinstance(kind, type) and kind.__module__ == module.__name__
            if own and issubclass(kind, base) and kind not in found:
                found.append(kind)
    return found


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table."""
    lines = ["| " + " | ".join(head) + " |"]
    lines.append("|" + "---|" * lines[0].count(" | ") + "---|")
    lines += ["| " + " | ".join(c.replace("|", "\\|") for c in row) + " |" for row in rows]
    return "\n".join(lines)


def cli_page() -> str:
    """Return the page of all commands, in the order of the work."""
    parts = ["# Command line", "Nouns are groups, verbs are commands. `-` is standard output."]
    for row in COMMANDS:
        command = importlib.import_module(f"tumorkit.cli.{row.module}").command
        context = click.Context(command, info_name=f"tumorkit {row.name}")
        context.max_content_width = 96
        context.terminal_width = 96
        parts += [f"## {row.name}", row.help, f"```text\n{command.get_help(context)}\n```"]
    return "\n\n".join(parts) + "\n"


def first_paragraph(kind: type) -> str:
    """Return the first paragraph of a docstring on one line."""
    return " ".join((kind.__doc__ or "").strip().split("\n\n")[0].split())


def settings_page() -> str:
    """Return the page of all settings."""
    parts = ["# Settings", "Each is an option of its command and a field of its Python class."]
    for kind in own_classes(".params", Settings):
        assert issubclass(kind, Settings)
        rows = []
        for s in kind.described():
            bounds = [f"{x:g}" if x is not None else "" for x in (s.minimum, s.maximum)]
            limits = " to ".join(bounds) if any(bounds) else ", ".join(s.choices)
            default = shown_default(s) or ("none" if s.optional else "empty")
            rows.append((f"`{s.name}`", default, s.unit, limits, f"{s.text} {s.source}".strip()))
        door = kind.__module__.rsplit(".", 1)[0]
        parts += [
            f"## {kind.__name__}",
            f"`{door}`. {first_paragraph(kind)}",
            table(("setting", "default", "unit", "range", "meaning, source"), rows),
        ]
    return "\n\n".join(parts) + "\n"


def results_page() -> str:
    """Return the page of all results and of what they are made of."""
    parts = [
        "# Results (JSON)",
        "Every document carries `schema`, `schema_version`, `tumorkit_version`, `sample`, "
        "`build`, `params` and `inputs` (role, base name, sha256). The schemas (JSON Schema "
        "2020-12) are shipped in `tumorkit/contract/schemas/`. What is not known is `null`.",
    ]
    kinds = [Estimate, Cutoff, *own_classes(".result", object)]
    for kind in kinds:
        if not dataclasses.is_dataclass(kind):
            continue
        name = kind.__name__
        if issubclass(kind, Result):
            name += f" (`tumorkit/{kind.schema_name}` {kind.schema_version})"
        rows = [
            (f"`{f.name}`", f"`{f.type if isinstance(f.type, str) else f.type.__name__}`")
            for f in dataclasses.fields(kind)
            if f.name not in ("sample", "build", "inputs")
        ]
        parts += [f"## {name}", first_paragraph(kind), table(("field", "type"), rows)]
    return "\n\n".join(parts) + "\n"


def tables_page() -> str:
    """Return the page of all tables."""
    parts = ["# Tables", "Tab-separated, one header line; what is not known is an empty field."]
    seen: dict[str, TableSchema] = {}
    for module in modules(""):
        for value in vars(module).values():
            if isinstance(value, TableSchema):
                seen[value.name] = value
    for name, schema in sorted(seen.items()):
        rows = [(f"`{c.name}`", c.kind.__name__, c.unit, c.text) for c in schema.columns]
        parts += [f"## {name}", schema.text, table(("column", "type", "unit", "meaning"), rows)]
    return "\n\n".join(parts) + "\n"


def pages() -> dict[str, str]:
    """Return every generated page by its file name."""
    return {
        "cli.md": cli_page(),
        "settings.md": settings_page(),
        "results.md": results_page(),
        "tables.md": tables_page(),
    }


def main() -> int:
    """Write the pages, or say which are out of date."""
    check = "--check" in sys.argv
    stale = 0
    for name, text in pages().items():
        path = REFERENCE / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale += 1
            if check:
                print(f"{path.name} is out of date: run python docs/generate.py", file=sys.stderr)
            else:
                path.write_text(text, encoding="utf-8")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
