"""The laws of the house, checked by machine: floors, rooms, commands, schemas, sizes."""

from __future__ import annotations

import ast
import importlib
import json
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import jsonschema
import pytest

import tumorkit
from tumorkit.cli import COMMANDS, LazyGroup, root
from tumorkit.cli.options import option_of, shown_default
from tumorkit.contract import Result, Settings
from tumorkit.contract.schema import result_schema
from tumorkit.core.kernels import KERNELS

PACKAGE = Path(tumorkit.__file__).parent
REPOSITORY = PACKAGE.parent
SCHEMAS = PACKAGE / "contract" / "schemas"
MEASURING_ROOMS = ("purity", "tmb", "hrd", "verdict")
ROOM_FILES = {"__init__.py", "params.py", "result.py", "analysis.py", "run.py"}
VERB_FOLDERS = (
    "variants/annotate",
    "variants/filter",
    "variants/background",
    "variants/count",
    "variants/compare",
    "variants/diff",
    "variants/merge",
    "variants/why",
    "variants/swap",
    "variants/check",
    "variants/structural",
    "copynumber/workflow",
    "copynumber/alleles",
    "copynumber/bins",
    "copynumber/coverage",
    "copynumber/reference",
    "copynumber/normalize",
    "copynumber/segment",
    "copynumber/call",
    "copynumber/plot",
    "msi/scan",
    "msi/baseline",
    "msi/score",
    "msi/calibrate",
    "tmb/calibrate",
    "tmb/cohort",
    "copynumber/export",
    "signatures/matrix",
    "signatures/fit",
    "signatures/plot",
    "interpretation/importing",
    "interpretation/classify",
    "report/export",
    "report/diff",
    "report/verify",
)
TOP_LEVEL = {
    "tumorkit",
    "tests",
    "example_data",
    "docs",
    "pyproject.toml",
    "CHANGELOG.md",
    "README.md",
    "LICENSE",
    "MANIFEST.in",
}
# Rooms' science, and the floors below io, must not reach the edge.
EDGE = ("pysam", "click", "rich", "tumorkit.io")
HEAVY = ("numpy", "scipy", "pandas", "pysam")


def source_files() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def modules() -> Iterator[str]:
    for found in pkgutil.walk_packages([str(PACKAGE)], "tumorkit."):
        if found.name not in KERNELS and not found.name.startswith("tumorkit._"):
            yield found.name


def commands() -> Iterator[tuple[str, click.Command]]:
    for row in COMMANDS:
        yield row.name, importlib.import_module(f"tumorkit.cli.{row.module}").command


def results() -> dict[str, type[Result]]:
    for name in modules():
        if name.endswith(".result"):
            importlib.import_module(name)
    found: dict[str, type[Result]] = {}
    waiting: list[type[Result]] = list(Result.__subclasses__())
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.startswith("tumorkit."):
            assert kind.schema_name not in found, f"two results named {kind.schema_name}"
            found[kind.schema_name] = kind
    return dict(sorted(found.items()))


def schema_text(kind: type[Result]) -> str:
    return json.dumps(result_schema(kind), indent=2) + "\n"


def test_top_level_holds_only_what_was_agreed() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    names = {line.split("/")[0] for line in listed.stdout.splitlines()}
    assert {name for name in names if not name.startswith(".")} <= TOP_LEVEL


@pytest.mark.parametrize("room", MEASURING_ROOMS)
def test_measuring_rooms_have_their_five_files(room: str) -> None:
    assert {path.name for path in (PACKAGE / room).glob("*.py")} >= ROOM_FILES


@pytest.mark.parametrize("folder", VERB_FOLDERS)
def test_verbs_have_a_door_and_a_run(folder: str) -> None:
    names = {path.name for path in (PACKAGE / folder).glob("*.py")}
    assert {"__init__.py", "run.py"} <= names


def test_science_reaches_no_file_and_no_terminal() -> None:
    rooms = [
        name
        for name in modules()
        if name.split(".")[1] not in ("cli", "api", "io", "profile", "__main__")
        and not name.endswith(".run")
    ]
    code = (
        "import importlib, sys\n"
        f"for name in {rooms!r}:\n"
        "    importlib.import_module(name)\n"
        f"    reached = [m for m in {EDGE!r} if m in sys.modules]\n"
        "    assert not reached, f'{name} reaches {reached}'\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_doors_do_not_export_run() -> None:
    for path in PACKAGE.rglob("__init__.py"):
        tree = ast.parse(path.read_text())
        imported = [n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]
        assert not [name for name in imported if name.endswith(".run")], path


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from tumorkit.cli import run\n"
        "assert run(['--help']) == 0\n"
        "assert run(['cnv', '--help']) == 0\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_the_table_of_commands_and_the_command_files_agree() -> None:
    listed = {row.module.replace(".", "/") + ".py" for row in COMMANDS}
    folder = PACKAGE / "cli"
    helpers = {"options.py", "progress.py"}
    present = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*.py")
        if path.name != "__init__.py" and path.name not in helpers
    }
    assert present == listed


def test_every_command_is_reachable_and_says_what_it_does() -> None:
    context = click.Context(root)
    for row in COMMANDS:
        group: click.Command | None = root
        for word in row.name.split():
            assert isinstance(group, LazyGroup)
            group = group.get_command(context, word)
        assert group is not None
        assert group.help, f"{row.name} has no help"
        assert row.help.endswith("."), row.name


def test_every_option_has_help_and_the_same_flag_means_the_same() -> None:
    for name, command in commands():
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, f"{name} {parameter.opts}"
            elif isinstance(parameter, click.Argument):
                assert parameter.name, name
        flags = {flag for p in command.params for flag in p.opts}
        assert not flags & {"--n-jobs", "--thresh", "--fasta", "--bed", "--out"}, name


def test_every_command_can_be_told_to_say_more_or_nothing() -> None:
    for name, command in commands():
        flags = {flag for parameter in command.params for flag in parameter.opts}
        assert {"-q", "--quiet", "-v", "--verbose"} <= flags, name


def test_schemas_are_shipped_and_up_to_date(regenerate: bool) -> None:
    kinds = results()
    if regenerate:
        for old in SCHEMAS.glob("*.json"):
            old.unlink()
        for name, kind in kinds.items():
            (SCHEMAS / f"{name}.json").write_text(schema_text(kind))
    assert {path.stem for path in SCHEMAS.glob("*.json")} == set(kinds)
    for name, kind in kinds.items():
        shipped = (SCHEMAS / f"{name}.json").read_text()
        jsonschema.Draft202012Validator.check_schema(json.loads(shipped))
        assert shipped == schema_text(kind), f"run pytest --regenerate for {name}"


def test_settings_are_described() -> None:
    for name in modules():
        if name.endswith(".params"):
            module = importlib.import_module(name)
            for kind in vars(module).values():
                if isinstance(kind, type) and issubclass(kind, Settings):
                    for setting in kind.described():
                        assert setting.text.endswith("."), f"{name}.{setting.name}"


def test_a_default_is_said_once() -> None:
    """Options show the default of their setting and set none of their own."""
    for name in modules():
        if name.endswith(".params"):
            for kind in vars(importlib.import_module(name)).values():
                if isinstance(kind, type) and issubclass(kind, Settings):
                    for setting in kind.described():
                        command = option_of(setting)(click.command("x")(lambda: None))
                        option = command.params[0]
                        assert isinstance(option, click.Option)
                        assert option.get_default(click.Context(command)) in (None, ())
                        assert shown_default(setting) in (option.help or "")


def test_tests_mirror_the_package() -> None:
    own = {"benchmarks", "calibration", "docs", "golden", "packaging"}
    folders = {path.name for path in (REPOSITORY / "tests").iterdir() if path.is_dir()}
    rooms = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    assert folders - own - {"__pycache__"} <= rooms
    assert rooms - {"cli"} <= folders | {"cli"}, "a room without tests"


def test_every_result_is_documented() -> None:
    page = (REPOSITORY / "docs" / "reference" / "results.md").read_text()
    assert not [name for name in results() if f"`tumorkit/{name}`" not in page]


@pytest.mark.parametrize("kernel", KERNELS)
def test_every_kernel_has_its_twin_and_types(kernel: str) -> None:
    base = PACKAGE.parent / Path(*kernel.split("."))
    for suffix in (".pyx", ".pyi", "_python.py"):
        assert base.with_name(base.name + suffix).is_file()
    typed = signatures(base.with_name(base.name + ".pyi"))
    twin = signatures(base.with_name(base.name + "_python.py"))
    assert typed
    assert typed.items() <= twin.items()


def signatures(path: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for node in ast.parse(path.read_text()).body:
        methods = node.body if isinstance(node, ast.ClassDef) else [node]
        for item in methods:
            if isinstance(item, ast.FunctionDef) and (
                item.name == "__init__" or not item.name.startswith("_")
            ):
                name = f"{node.name}.{item.name}" if isinstance(node, ast.ClassDef) else item.name
                found[name] = [one.arg for one in [*item.args.args, *item.args.kwonlyargs]]
    return found


def test_files_and_functions_stay_small() -> None:
    for path in source_files():
        text = path.read_text()
        lines = text.count("\n")
        limit = (
            75
            if path.parent.is_relative_to(PACKAGE / "cli")
            and path.name
            not in (
                "__init__.py",
                "options.py",
                "progress.py",
            )
            else 450
        )
        assert lines <= limit, f"{path.name}: {lines} lines"
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                length = (node.end_lineno or 0) - node.lineno
                assert length <= 65, f"{path.name}: {node.name} has {length} lines"
    for path in [*PACKAGE.rglob("*.pyx"), *PACKAGE.rglob("*.pxi")]:
        assert path.read_text().count("\n") <= 450, path.name


def test_rooms_have_a_methods_page() -> None:
    pages = {path.stem for path in (REPOSITORY / "docs" / "methods").glob("*.md")}
    assert {
        "variants",
        "copynumber",
        "coverage",
        "tmb",
        "msi",
        "signatures",
        "simulate",
        "report",
    } <= pages


def test_nothing_is_left_unfinished() -> None:
    for path in source_files():
        assert not re.search(r"\b(TO[D]O|FIX[M]E|NotImplemented)", path.read_text()), path
