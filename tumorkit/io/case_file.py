"""Case files: TOML that names a case, its inputs and the results of earlier steps."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tumorkit.errors import ParameterError, suggestion
from tumorkit.io.text import kind_of, not_text, require_file

SECTIONS = ("case", "inputs")
CASE_HINT = (
    "CASE.toml names the inputs (see the tutorial); without one give each by its option, "
    "such as --somatic"
)


def read_case_file(
    path: Path, *, settings: Iterable[str], roles: Iterable[str], several: Iterable[str] = ()
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the settings of ``[case]`` and the files of ``[inputs]``.

    Paths are taken relative to the case file. Unknown sections and keys are errors that name the
    key and the nearest known one. A role among ``several`` may have a list of files, and always
    gives a tuple.
    """
    content = read_toml(path, CASE_HINT)
    check_keys(path, "", content, SECTIONS)
    for section in SECTIONS:
        if not isinstance(content.get(section, {}), dict):
            raise bad_case(path, f"[{section}] must be a table", f"write [{section}] on a line")
    case, inputs = content.get("case", {}), content.get("inputs", {})
    check_keys(path, "case.", case, settings)
    check_keys(path, "inputs.", inputs, roles)
    listed = [role for role in several if isinstance(inputs.get(role), list)]
    single = {role: name for role, name in inputs.items() if role not in listed}
    files: dict[str, Any] = dict(paths_of(path, single, "inputs."))
    for role in several:
        if role in single:
            files[role] = (files[role],)
    for role in listed:
        named = {str(at): name for at, name in enumerate(inputs[role])}
        files[role] = tuple(paths_of(path, named, f"inputs.{role} ").values())
    return case, files


def read_table_list(
    path: Path, *, roles: Iterable[str], settings: Iterable[str]
) -> tuple[dict[str, Path], dict[str, Any]]:
    """Return the files and the settings that a flat TOML file names.

    A laboratory's tables are the same for all its cases, so they are named once. Paths are taken
    relative to the file; unknown keys are errors that name the nearest known one.
    """
    known_roles, known_settings = list(roles), list(settings)
    content = read_toml(path, f"name tables, one a line: {', '.join(known_roles)}")
    check_keys(path, "", content, (*known_roles, *known_settings))
    files = {key: value for key, value in content.items() if key in known_roles}
    said = {key: value for key, value in content.items() if key in known_settings}
    return paths_of(path, files, ""), said


def read_toml(path: Path, hint: str) -> dict[str, Any]:
    """Read a TOML file; what is wrong with it is a matter of usage."""
    require_file(path)
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise not_text(path, hint=hint if kind_of(path) else "") from error
    except tomllib.TOMLDecodeError as error:
        if kind := kind_of(path):
            raise bad_case(path, f"is {kind}, not TOML", hint) from error
        raise bad_case(path, f"not TOML: {error}", hint) from error


def paths_of(path: Path, named: dict[str, Any], prefix: str) -> dict[str, Path]:
    """Return the files that a table names, relative to the file that holds it."""
    files = {}
    for role, name in named.items():
        if not isinstance(name, str) or not name:
            raise bad_case(path, f"{prefix}{role}: expected a path, found {name!r}", "quote it")
        files[role] = path.parent / name
    return files


def check_keys(path: Path, prefix: str, table: dict[str, Any], known: Iterable[str]) -> None:
    """Raise for the first key that is not known."""
    names = list(known)
    for key in table:
        if key not in names:
            hint = suggestion(key, names) or f"known: {', '.join(names)}"
            raise bad_case(path, f"unknown key {prefix + key!r}", hint)


def bad_case(path: Path, message: str, hint: str) -> ParameterError:
    """Say what is wrong with a case file; that is a matter of usage."""
    return ParameterError(f"{path}: {message}", hint)
