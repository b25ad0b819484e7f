"""A profile against its shipped schema, both ways: ours is valid, and a changed one is not."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest

GOLDEN = Path(__file__).parents[1] / "golden"
PROFILES = sorted(GOLDEN.glob("profile/*/expected/profile.json"))
WRITTEN = sorted(GOLDEN.glob("*/*/expected/*.json"))
SCHEMAS = resources.files("tumorkit.contract") / "schemas"


def schema(name: str) -> jsonschema.Draft202012Validator:
    text = (SCHEMAS / f"{name}.json").read_text(encoding="utf-8")
    return jsonschema.Draft202012Validator(json.loads(text))


def broken(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield documents with one fault each: a key less, a key more, a value of another kind."""
    for key in document:
        yield f"without {key}", {k: v for k, v in document.items() if k != key}
    yield "unknown key", {**document, "surprise": 1}
    for path, value in (
        (("sample",), 7),
        (("schema_version",), "9.9"),
        (("case", "tumor_only"), "yes"),
        (("parts", 0, "status"), "fine"),
        (("parts", 0, "files"), "variants.vcf.gz"),
        (("biomarkers", 0, "name"), None),
        (("inputs", 0, "sha256"), None),
    ):
        made = copy.deepcopy(document)
        at: Any = made
        for step in path[:-1]:
            at = at[step]
        at[path[-1]] = value
        yield ".".join(map(str, path)), made


@pytest.mark.parametrize("path", PROFILES, ids=[path.parts[-3] for path in PROFILES])
def test_a_profile_is_valid_and_a_broken_one_is_not(path: Path) -> None:
    validator = schema("profile")
    document = json.loads(path.read_text())
    assert list(validator.iter_errors(document)) == []
    accepted = [name for name, made in broken(document) if validator.is_valid(made)]
    assert accepted == []


def test_every_document_that_a_golden_case_writes_is_valid() -> None:
    seen = set()
    for path in WRITTEN:
        document = json.loads(path.read_text())
        name = str(document.get("schema", "")) if isinstance(document, dict) else ""
        if name.startswith("tumorkit/") and name != "tumorkit/manifest":
            errors = list(schema(name.removeprefix("tumorkit/")).iter_errors(document))
            assert errors == [], f"{path}: {errors[:1]}"
            seen.add(name)
    assert {"tumorkit/profile", "tumorkit/report.diff", "tumorkit/variants.structural"} <= seen
