"""Where everything comes from: parts, files, settings, inputs with digests, versions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tumorkit.report.biomarkers import BiomarkerRow
from tumorkit.report.document import Node, Part
from tumorkit.report.text import scalar, words
from tumorkit.report.variants import VariantsView

# Shown elsewhere on the page, or said by the profile itself.
SHOWN_ELSEWHERE = frozenset(
    [
        "schema",
        "schema_version",
        "tumorkit_version",
        "sample",
        "build",
        "params",
        "inputs",
        "value",
        "unit",
        "low",
        "high",
        "level",
        "evidence",
        "status",
        "reason",
        "call",
        "cutoffs",
    ]
)
MOST_ROWS = 50
MOST_COLUMNS = 10


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A small table made from a list of alike objects."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: int


@dataclass(frozen=True, kw_only=True)
class PartDetail:
    """What a part's result says beyond its estimates."""

    part: Part
    biomarkers: tuple[BiomarkerRow, ...]
    facts: tuple[tuple[str, str], ...]
    grids: tuple[Grid, ...]


@dataclass(frozen=True, kw_only=True)
class InputRow:
    """An input with its digest."""

    role: str
    name: str
    sha256: str


def part_detail(part: Part, biomarkers: Iterable[BiomarkerRow]) -> PartDetail:
    """Return a part's scalars and lists of objects, whichever room they come from."""
    value = part.result.value if part.result else {}
    facts: list[tuple[str, str]] = []
    grids: list[Grid] = []
    for key, item in value.items():
        if key in SHOWN_ELSEWHERE or is_estimate(item):
            continue
        if isinstance(item, Mapping):
            facts += [(f"{words(key)}: {words(k)}", flat(v)) for k, v in item.items()]
        elif isinstance(item, (list, tuple)) and item and isinstance(item[0], Mapping):
            grids.append(grid(words(key), item))
        else:
            facts.append((words(key), flat(item)))
    own = tuple(row for row in biomarkers if row.part == part.name)
    return PartDetail(part=part, biomarkers=own, facts=tuple(facts), grids=tuple(grids))


def is_estimate(item: Any) -> bool:
    """Whether a value is an estimate, which the biomarker table shows."""
    return isinstance(item, Mapping) and "status" in item and "value" in item


def grid(title: str, rows: Iterable[Any]) -> Grid:
    """Make a table from a list of objects; its columns in the order in which keys appear.

    >>> grid("waterfall", [{"rule": "low VAF", "failed": 3}]).rows
    (('low VAF', '3'),)
    """
    listed = [row for row in rows if isinstance(row, Mapping)]
    columns = list(dict.fromkeys(key for row in listed for key in row))[:MOST_COLUMNS]
    return Grid(
        title=title,
        columns=tuple(map(words, columns)),
        rows=tuple(tuple(flat(row.get(c)) for c in columns) for row in listed[:MOST_ROWS]),
        total=len(listed),
    )


def flat(value: Any) -> str:
    """Return any value in one line; nested ones as JSON."""
    nested = isinstance(value, Mapping) or (
        isinstance(value, (list, tuple)) and any(isinstance(v, (Mapping, list)) for v in value)
    )
    if nested:
        text = json.dumps(value, ensure_ascii=False, default=str)
        return text if len(text) <= 200 else f"{text[:200]}…"
    return scalar(value)


def settings_rows(root: Node) -> tuple[tuple[str, str], ...]:
    """Return the profile's settings, nested ones as ``part: setting``."""
    params = root.maybe_node("params")
    rows: list[tuple[str, str]] = []
    for key, value in (params.value if params else {}).items():
        if isinstance(value, Mapping):
            rows += [(f"{words(key)}: {words(k)}", flat(v)) for k, v in value.items()]
        else:
            rows.append((words(key), flat(value)))
    return tuple(rows)


def input_rows(root: Node) -> tuple[InputRow, ...]:
    """Return the inputs with their digests."""
    return tuple(
        InputRow(role=words(n.text("role")), name=n.text("name"), sha256=n.text("sha256"))
        for n in root.nodes("inputs")
    )


def method_line(
    root: Node, biomarkers: Iterable[BiomarkerRow], variants: VariantsView | None
) -> str:
    """Return software, presets and build in one line."""
    said = [f"tumorkit {root.maybe_text('tumorkit_version') or 'of unknown version'}"]
    if build := root.maybe_text("build"):
        said.append(f"build {build}")
    if assay := root.node("case").maybe_text("assay"):
        said.append(f"assay preset {assay}")
    if variants is not None and variants.preset:
        digest = f" (specification {variants.digest}…)" if variants.digest else ""
        said.append(f"filter preset {variants.preset}{digest}")
    said += [f"{row.name} scheme {row.scheme}" for row in biomarkers if row.scheme]
    inputs = root.nodes("inputs")
    said.append(f"{len(inputs)} inputs with SHA-256 below" if inputs else "no inputs recorded")
    return "; ".join(said) + "."
