"""A user's own TMB scheme: a YAML file of rules."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tumorkit.errors import InputError
from tumorkit.io.text import require_file

YAML_SUFFIXES = (".yaml", ".yml")


def read_scheme_file(path: Path) -> tuple[dict[str, Any], dict[str, int]]:
    """Read the rules of a YAML file as names and values, and the line of each name.

    Raises :class:`InputError` with the line where the file is no YAML, names a rule twice or is
    not a mapping.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    require_file(path)
    try:
        text = path.read_text(encoding="utf-8")
        document = YAML(typ="safe", pure=True).load(text)
        node = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark is not None else None
        raise InputError(path, f"no YAML: {error.problem or error}", line=line) from error
    except (YAMLError, UnicodeDecodeError) as error:
        raise InputError(path, f"no YAML: {error}") from error
    if not isinstance(document, dict) or not all(isinstance(key, str) for key in document):
        raise InputError(
            path,
            "expected rules as name: value",
            line=1,
            hint="for example base: pcgr-coding, then min_vaf: 0.05",
        )
    return dict(document), {key.value: key.start_mark.line + 1 for key, _ in node.value}
