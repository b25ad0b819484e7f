"""Why a part of a profile differs: what else differs that the part depends on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from tumorkit.report.diff.result import Cause, Kind
from tumorkit.report.document import Node, Part

# Inputs that hold what is known of genes, people and errors rather than of this tumour.
KNOWLEDGE = frozenset(
    [
        "background",
        "panel_of_normals",
        "genes",
        "exons",
        "reference",
        "transcripts",
        "loci",
        "msi_baseline",
        "population",
        "signatures",
        "interpretation",
    ]
)
SETTINGS = ("preset", "specification_version", "specification_sha256", "scheme", "dialect")
# Parts whose numbers depend on the purity of the sample.
WITH_PURITY = ("purity", "copy_number", "variants", "tmb", "msi", "hrd")
PURITY = ("purity", "ploidy")
# They say in words where the purity comes from; the purity itself is the cause.
SAID_OF_PURITY = ("purity_source", "purity_used", "ploidy_source")
# The report that another one amends is no reason of a change.
NO_CAUSE = ("previous",)
# Tables that only the report's own questions rest on: values from elsewhere bear on the verdicts on
# repair, genes that are looked for on nothing that is compared.
EXTERNAL, ACTIONABLE = "external", "actionable"
REPORT_TABLES = (EXTERNAL, ACTIONABLE)
# Presets that a profile names, and the parts that they are of.
PRESETS = {"filter": "variants", "tmb": "tmb", "msi": "msi"}
ABSENT = "not given"
MEASURED = ("biomarker", "method", "value")
SOFTWARE = "tumorkit"


def all_causes(old: Node, new: Node, parts: tuple[Mapping[str, Part], Mapping[str, Part]]) -> tuple[
    Cause, ...
]:  # fmt: skip
    """Return everything that differs and could change a result."""
    found = [*version_causes(old, new), *input_causes(old, new), *knowledge_causes(old, new)]
    found += external_causes(old, new, found)
    before, after = parts
    for name in dict.fromkeys((*before, *after)):
        found += part_version_causes(name, before.get(name), after.get(name), found)
        found += setting_causes(name, before.get(name), after.get(name))
    found += preset_causes(old, new, found)
    found += [*interpretation_causes(old, new), *case_causes(old, new)]
    return tuple(dict.fromkeys(found))


def causes_of(
    name: str, known: Iterable[Cause], old: Part | None, new: Part | None
) -> tuple[Cause, ...]:
    """Return the causes that bear on one part: its inputs, its settings, the version."""
    roles = roles_of(old) | roles_of(new)
    listed = [cause for cause in known if cause.name not in REPORT_TABLES]
    found = [
        cause
        for cause in listed
        if (cause.kind == "version" and cause.name in (SOFTWARE, f"{SOFTWARE} ({name})"))
        or (cause.kind in ("input", "knowledge") and (not roles or cause.name in roles))
        or (cause.kind == "threshold" and cause.name.partition(".")[0] in (name, "case"))
        or (cause.kind == "purity" and name in WITH_PURITY)
    ]
    # What a part was made from may be known only to the profile as a whole.
    return tuple(found or [cause for cause in listed if cause.kind in ("input", "knowledge")])


def in_one_word(causes: tuple[Cause, ...]) -> str:
    """Return the kind of all causes, ``several`` where kinds differ, or ``unknown``."""
    kinds = {item.kind for item in causes}
    if not kinds:
        return "unknown"
    return kinds.pop() if len(kinds) == 1 else "several"


def roles_of(part: Part | None) -> set[str]:
    """Return the roles of the inputs that a part names."""
    if part is None or part.result is None:
        return set()
    return {node.text("role") for node in part.result.nodes("inputs")}


def version_causes(old: Node, new: Node) -> list[Cause]:
    """Return the change of the software."""
    before, after = (node.maybe_text("tumorkit_version") or "unknown" for node in (old, new))
    return [] if before == after else [cause("version", SOFTWARE, before, after)]


def external_causes(old: Node, new: Node, found: Iterable[Cause]) -> list[Cause]:
    """Return values from elsewhere that differ, where no input says so already.

    A report that is built again may get another table, which no list of inputs names.
    """
    before, after = (external_rows(root) for root in (old, new))
    if before == after or any(item.name == EXTERNAL for item in found):
        return []
    return [cause("input", EXTERNAL, "; ".join(before) or ABSENT, "; ".join(after) or ABSENT)]


def external_rows(root: Node) -> list[str]:
    """Return the values that were measured elsewhere, a line each, in order."""
    board = root.maybe_node("board")
    rows = board.nodes("external") if board else []
    return sorted(" ".join(text(row.value.get(key)) for key in MEASURED) for row in rows)


def part_version_causes(
    name: str, old: Part | None, new: Part | None, found: Iterable[Cause]
) -> list[Cause]:
    """Return the software of a part's own result, where the profile's does not say the same.

    Results that were collected may come from another version than the profile.
    """
    sides = [part.result.maybe_text("tumorkit_version") if part and part.result else None
             for part in (old, new)]  # fmt: skip
    before, after = sides
    if before is None or after is None or before == after:
        return []
    if any(c.kind == "version" and (c.old, c.new) == (before, after) for c in found):
        return []
    return [cause("version", f"{SOFTWARE} ({name})", before, after)]


def input_causes(old: Node, new: Node) -> list[Cause]:
    """Return inputs of another content, or that one profile does not have."""
    before, after = digests(old), digests(new)
    return [
        cause(
            "knowledge" if role in KNOWLEDGE else "input",
            role,
            before.get(role, ABSENT),
            after.get(role, ABSENT),
        )
        for role in dict.fromkeys((*before, *after))
        if content(before.get(role)) != content(after.get(role))
    ]


def digests(root: Node) -> dict[str, str]:
    """Return the inputs by role as name and digest; several files of a role as one."""
    found: dict[str, list[tuple[str, str]]] = {}
    for node in root.nodes("inputs"):
        if node.text("role") not in NO_CAUSE:
            found.setdefault(node.text("role"), []).append((node.text("name"), node.text("sha256")))
    return {
        role: f"{','.join(sorted(n for n, _ in rows))} {one_digest(rows)}"
        for role, rows in found.items()
    }


def one_digest(rows: list[tuple[str, str]]) -> str:
    """Return a file's digest, or one of all digests, whatever the order of the files."""
    digests = sorted(digest for _, digest in rows)
    if len(digests) == 1:
        return digests[0]
    return hashlib.sha256(",".join(digests).encode()).hexdigest()


def content(told: str | None) -> str | None:
    """Return the digest alone: a file under another name is the same file."""
    return None if told is None else told.rpartition(" ")[2]


def interpretation_of(root: Node) -> Node | None:
    """Return the interpretation that a profile holds, None where there is none."""
    board = root.maybe_node("board")
    return board.maybe_node("interpretation") if board else None


def knowledge_causes(old: Node, new: Node) -> list[Cause]:
    """Return knowledge bases of another date or content, those of an interpretation included."""
    before, after = knowledge(old), knowledge(new)
    return [
        cause("knowledge", name, before.get(name, ABSENT), after.get(name, ABSENT))
        for name in dict.fromkeys((*before, *after))
        if before.get(name) != after.get(name)
    ]


def knowledge(root: Node) -> dict[str, str]:
    """Return dates and digests of the tables of each kind."""
    found = interpretation_of(root)
    told: dict[str, list[str]] = {}
    for node in (*root.nodes("knowledge"), *(found.nodes("knowledge") if found else ())):
        name = node.maybe_text("kind") or node.text("name")
        said = (node.maybe_text("date"), node.maybe_text("sha256"))
        told.setdefault(name, []).append(" ".join(filter(None, said)))
    return {name: ", ".join(sorted(rows)) for name, rows in told.items()}


def interpretation_causes(old: Node, new: Node) -> list[Cause]:
    """Return settings of the interpretation that differ; only where both have one."""
    before, after = interpretation_of(old), interpretation_of(new)
    if before is None or after is None:
        return []
    return differing("interpretation", settings(before), settings(after))


def setting_causes(name: str, old: Part | None, new: Part | None) -> list[Cause]:
    """Return settings of a part that differ, by ``part.setting``; only where both were run."""
    if old is None or new is None or old.result is None or new.result is None:
        return []
    return differing(name, settings(old.result), settings(new.result))


def differing(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Cause]:
    """Return settings that differ."""
    return [
        cause(
            "purity" if key in PURITY else "threshold",
            f"{name}.{key}",
            text(before.get(key)),
            text(after.get(key)),
        )
        for key in dict.fromkeys((*before, *after))
        if before.get(key) != after.get(key)
    ]


def settings(result: Node) -> dict[str, Any]:
    """Return a part's settings and the names and digests of its rules."""
    found = {key: result.value[key] for key in SETTINGS if key in result.value}
    params = result.maybe_node("params")
    return found | (flat(params.value) if params else {})


def flat(value: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return nested settings by dotted names.

    >>> flat({"a": {"b": 1}, "c": 2})
    {'a.b': 1, 'c': 2}
    """
    found: dict[str, Any] = {}
    for key, item in value.items():
        if isinstance(item, Mapping):
            found |= flat(item, f"{prefix}{key}.")
        else:
            found[f"{prefix}{key}"] = item
    return found


def preset_causes(old: Node, new: Node, found: Iterable[Cause]) -> list[Cause]:
    """Return presets that differ, of parts whose own settings do not say so.

    A part that is not evaluable has no settings; the profile knows what was asked of it.
    """
    before, after = (root.maybe_node("presets") for root in (old, new))
    told = {item.name.partition(".")[0] for item in found if item.kind == "threshold"}
    if before is None or after is None:
        return []
    return [
        cause("threshold", f"{part}.presets", text(before.value[key]), text(after.value[key]))
        for key, part in PRESETS.items()
        if part not in told
        and key in before.value
        and key in after.value
        and before.value[key] != after.value[key]
    ]


def case_causes(old: Node, new: Node) -> list[Cause]:
    """Return what was said of the case itself: purity, assay, material and so on."""
    before, after = old.node("case").value, new.node("case").value
    found = []
    for key in dict.fromkeys((*before, *after)):
        if key in ("date", "sample") or before.get(key) == after.get(key):
            continue
        kind: Kind = "purity" if key in PURITY else "threshold"
        name = key if kind == "purity" else f"case.{key}"
        if key not in SAID_OF_PURITY:
            found.append(cause(kind, name, text(before.get(key)), text(after.get(key))))
    return found


def cause(kind: Kind, name: str, old: str, new: str) -> Cause:
    """Return a cause."""
    return Cause(kind=kind, name=name, old=old, new=new)


def text(value: Any) -> str:
    """Return any value of a document as one line; unknown is empty.

    >>> text(0.05), text(None), text(["a", "b"]), text(True)
    ('0.05', '', 'a, b', 'yes')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(text, value))
    return str(value)
