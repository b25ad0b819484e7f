"""Where everything comes from: parts, files, settings, inputs with digests, versions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tumorkit.report.biomarkers import BiomarkerRow
from tumorkit.report.document import Node, Part
from tumorkit.report.language import say, term
from tumorkit.report.text import UNKNOWN, heading, interval, plural, scalar, words
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
MOST_CHARACTERS = 240


@dataclass(frozen=True)
class Cell:
    """A text, and whether it stands in a column of numbers."""

    text: str
    numeric: bool


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A small table made from a list of alike objects."""

    title: str
    columns: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: int


@dataclass(frozen=True, kw_only=True)
class PartDetail:
    """What a part's result says beyond its estimates."""

    part: Part
    biomarkers: tuple[BiomarkerRow, ...]
    facts: tuple[tuple[str, str], ...]
    notes: tuple[tuple[str, tuple[str, ...]], ...]
    grids: tuple[Grid, ...]

    @property
    def silent(self) -> bool:
        """Whether the part answers none of its questions, so that its numbers mean nothing."""
        return bool(self.biomarkers) and not any(row.ok for row in self.biomarkers)


@dataclass(frozen=True, kw_only=True)
class InputRow:
    """An input with its digest."""

    role: str
    name: str
    sha256: str


def part_detail(part: Part, biomarkers: Iterable[BiomarkerRow]) -> PartDetail:
    """Return a part's scalars, notes and lists of objects, whichever room they come from."""
    value = part.result.value if part.result else {}
    facts: list[tuple[str, str]] = []
    notes: list[tuple[str, tuple[str, ...]]] = []
    grids: list[Grid] = []
    for key, item in value.items():
        if key in SHOWN_ELSEWHERE or is_estimate(item) or item in ([], {}):
            continue
        if isinstance(item, Mapping):
            facts += [(f"{heading(key)}: {words(k)}", flat(v)) for k, v in item.items()]
        elif is_table(item):
            grids.append(grid(words(key), item))
        elif isinstance(item, (list, tuple)) and all(isinstance(text, str) for text in item):
            notes.append((heading(key), tuple(item)))
        else:
            facts.append((heading(key), flat(item)))
    return PartDetail(
        part=part,
        biomarkers=tuple(row for row in biomarkers if row.part == part.name),
        facts=tuple(facts),
        notes=tuple(notes),
        grids=tuple(grids),
    )


def is_estimate(item: Any) -> bool:
    """Whether a value is an estimate."""
    return isinstance(item, Mapping) and "status" in item and "value" in item


def is_table(item: Any) -> bool:
    """Whether a value is a list of objects."""
    return isinstance(item, (list, tuple)) and bool(item) and isinstance(item[0], Mapping)


def grid(title: str, rows: Iterable[Any]) -> Grid:
    """Make a table from a list of objects; its columns in the order in which keys appear.

    Settings, and lists inside a row, are left to the JSON.

    >>> grid("waterfall", [{"rule": "low VAF", "failed": 3}]).rows[0][1]
    Cell(text='3', numeric=True)
    """
    listed = [row for row in rows if isinstance(row, Mapping)]
    names = list(dict.fromkeys(key for row in listed for key in row if key != "params"))
    names = [n for n in names if not any(isinstance(row.get(n), (list, tuple)) for row in listed)]
    names = names[:MOST_COLUMNS]
    shown = listed[:MOST_ROWS]
    numeric = {
        name: all(isinstance(row.get(name), (int, float, type(None))) for row in shown)
        for name in names
    }
    return Grid(
        title=title,
        columns=tuple(Cell(heading(name), numeric[name]) for name in names),
        rows=tuple(
            tuple(Cell(cell_text(name, row.get(name)), numeric[name]) for name in names)
            for row in shown
        ),
        total=len(listed),
    )


def cell_text(name: str, value: Any) -> str:
    """Return a cell; positions as they are searched for, without separators."""
    if name in ("pos", "start", "end") and isinstance(value, int):
        return str(value)
    return flat(value)


def flat(value: Any) -> str:
    """Return any value in one line.

    >>> flat({"tso500": "counted", "wes": "vaf"}), flat([1, 2])
    ('tso500: counted; wes: vaf', '1, 2')
    """
    if is_estimate(value):
        return estimate_text(value)
    if isinstance(value, Mapping):
        text = "; ".join(f"{words(str(k))}: {flat(v)}" for k, v in value.items()) or UNKNOWN
    elif isinstance(value, (list, tuple)):
        text = ", ".join(map(flat, value)) or say("none")
    else:
        text = scalar(value)
    return text if len(text) <= MOST_CHARACTERS else f"{text[:MOST_CHARACTERS]}…"


def estimate_text(value: Mapping[str, Any]) -> str:
    """Return an estimate in one line: value, interval and class, or the reason.

    >>> estimate_text({"status": "ok", "value": 12.6, "unit": "mut/Mb", "low": 7.58,
    ...                "high": 19.6, "call": "TMB-High"})
    '12.6 mut/Mb (7.6–19.6), TMB-High'
    """
    if value["status"] != "ok":
        return (
            f"{words(str(value['status']))}: {term(value.get('reason') or 'no reason was given')}"
        )
    said = f"{scalar(value['value'])} {value.get('unit') or ''}".strip()
    low, high = value.get("low"), value.get("high")
    if isinstance(low, (int, float)) and isinstance(high, (int, float)):
        said += f" ({interval(low, high)})"
    return f"{said}, {value['call']}" if value.get("call") else said


def settings_rows(root: Node, parts: Iterable[Part]) -> tuple[tuple[str, str], ...]:
    """Return the settings of the profile, its presets, and the settings of each part."""
    groups = [("", root.maybe_node("params")), (say("preset"), root.maybe_node("presets"))]
    groups += [(part.title, part.result.maybe_node("params")) for part in parts if part.result]
    return tuple(
        (f"{title}: {words(key)}" if title else heading(key), flat(value))
        for title, node in groups
        for key, value in (node.value if node else {}).items()
    )


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
    said = [f"tumorkit {root.maybe_text('tumorkit_version') or say('of unknown version')}"]
    said += other_versions(root)
    if build := root.maybe_text("build"):
        said.append(say("build {build}", build=build))
    if assay := root.node("case").maybe_text("assay"):
        said.append(say("assay preset {assay}", assay=assay))
    if variants is not None and variants.preset:
        digest = (
            say(" (specification {digest}…)", digest=variants.digest) if variants.digest else ""
        )
        said.append(say("filter preset {preset}", preset=variants.preset) + digest)
    said += [
        say("{name} scheme {scheme}", name=row.name, scheme=row.scheme)
        for row in biomarkers
        if row.scheme
    ]
    inputs = root.nodes("inputs")
    said.append(
        say("{inputs} with SHA-256 below", inputs=plural(len(inputs), "input"))
        if inputs
        else say("no inputs recorded")
    )
    return "; ".join(said) + "."


def other_versions(root: Node) -> list[str]:
    """Name the results that another version made than the profile, as collected ones may be."""
    own = root.maybe_text("tumorkit_version")
    found: dict[str, list[str]] = {}
    for node in root.nodes("parts"):
        result = node.maybe_node("result")
        version = result.maybe_text("tumorkit_version") if result else None
        if version is not None and version != own:
            found.setdefault(version, []).append(term(node.text("title")))
    return [
        say("made by {version}: {parts}", version=f"tumorkit {version}", parts=", ".join(titles))
        for version, titles in sorted(found.items())
    ]
