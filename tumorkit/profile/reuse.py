"""The manifest of a folder: what was made from what, and which parts can be used again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tumorkit import __version__
from tumorkit.contract.result import InputFile, dumps, plain
from tumorkit.io.atomic import write_text
from tumorkit.io.digest import input_file
from tumorkit.profile.result import Part

MANIFEST = "manifest.json"
PROFILE = "profile.json"


@dataclass
class Earlier:
    """What an earlier run left in the folder: its parts by key, as far as they still hold."""

    keys: dict[str, str] = field(default_factory=dict)
    parts: dict[str, Part] = field(default_factory=dict)

    def part(self, name: str, key: str) -> Part | None:
        """Return a finished part if it was made from the same inputs and parameters."""
        return self.parts.get(name) if self.keys.get(name) == key else None


def part_key(name: str, known: Mapping[str, Any]) -> str:
    """Return the digest of everything that a part's result depends on."""
    content = {"part": name, "tumorkit_version": __version__, **plain(known)}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def read_earlier(outdir: Path) -> Earlier:
    """Read manifest and profile of an earlier run; whatever does not hold any more is left out."""
    earlier = Earlier()
    try:
        manifest = json.loads((outdir / MANIFEST).read_text(encoding="utf-8"))
        document = json.loads((outdir / PROFILE).read_text(encoding="utf-8"))
        digests = {item["name"]: item["sha256"] for item in manifest["outputs"]}
        intact = {PROFILE: digests[PROFILE]} | {
            name: digests[name] for part in document["parts"] for name in part["files"]
        }
        for name, digest in intact.items():
            if input_file("output", outdir / name).sha256 == digest:
                continue
            if name == PROFILE:
                return Earlier()
            intact = {**intact, name: ""}
        for part in document["parts"]:
            unchanged = all(intact.get(name) for name in part["files"])
            if part["status"] == "ok" and unchanged and part["name"] in manifest["keys"]:
                earlier.keys[part["name"]] = manifest["keys"][part["name"]]
                earlier.parts[part["name"]] = Part(**{**part, "files": tuple(part["files"])})
    except (OSError, ValueError, KeyError, TypeError):
        # A folder without a whole earlier run has nothing to use again.
        return Earlier()
    except Exception as error:
        from tumorkit.errors import TumorkitError

        if isinstance(error, TumorkitError):
            return Earlier()
        raise
    return earlier


def write_manifest(
    outdir: Path,
    *,
    files: Iterable[str],
    keys: Mapping[str, str],
    inputs: Iterable[InputFile],
    case: Mapping[str, Any],
) -> None:
    """Write which files were made, from which inputs, by which parameters."""
    outputs = [plain(input_file("output", outdir / name)) for name in files]
    document = {
        "schema": "tumorkit/manifest",
        "schema_version": "1.0",
        "tumorkit_version": __version__,
        "case": plain(case),
        "keys": dict(keys),
        "inputs": plain(list(inputs)),
        "outputs": outputs,
    }
    write_text(outdir / MANIFEST, dumps(document))
