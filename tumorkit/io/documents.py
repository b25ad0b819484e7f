"""Results of earlier steps, read back from their JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tumorkit.errors import InputError
from tumorkit.io.text import not_text, open_binary, require_file

PROFILE = "profile.json"
PROFILE_HINT = "give a profile.json"


def read_document(path: Path, *, hint: str = PROFILE_HINT) -> dict[str, Any]:
    """Read the JSON object of a result.

    Raises :class:`InputError` with the line at fault for anything else; ``hint`` says what to give.
    """
    if (path / PROFILE).is_file():
        meant = str(path / PROFILE)
        raise InputError(path, "is a folder, not a file", hint=f"did you mean {meant!r}?")
    require_file(path)
    with open_binary(path) as handle:
        content = handle.read()
    try:
        document = json.loads(content)
    except UnicodeDecodeError as error:
        raise not_text(path, hint=hint) from error
    except json.JSONDecodeError as error:
        raise InputError(
            path, f"not JSON: {error.msg.lower()}", line=error.lineno, hint=hint
        ) from error
    if not isinstance(document, dict):
        raise InputError(
            path, f"expected a JSON object, found a {type(document).__name__}", hint=hint
        )
    return document
