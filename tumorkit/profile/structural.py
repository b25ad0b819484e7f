"""Structural events of other callers in a case: read, joined, and said per class what it means.

One part holds the events; three say whether fusions, structural variants and internal tandem
duplications were looked for, by whom, in DNA or RNA. A file that cannot be read makes its class
failed, while the events of the others stay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tumorkit.contract.result import to_document
from tumorkit.profile.analysis import NEVER_ASSESSED, TITLES
from tumorkit.profile.result import Part
from tumorkit.profile.work import Work, known, unknown
from tumorkit.variants.structural.callers import CLASSES, class_of
from tumorkit.variants.structural.document import EarlierImport, read_import
from tumorkit.variants.structural.result import StructuralResult

EVENTS = "structural_events"
RESULT, TABLE = "structural.json", "structural.tsv"
NO_CALLS = "no calls of structural variants, fusions or tandem duplications were given"


def structural_part(work: Work) -> Part:
    """Read every file of structural events that the case has, and join what several callers saw."""
    inputs, case = work.case.inputs, work.case.case
    given = {role: getattr(inputs, role) for role in CLASSES if getattr(inputs, role)}
    if not given:
        return unknown(EVENTS, NO_CALLS)
    from tumorkit.io.outputs import Outputs
    from tumorkit.variants.structural.run import run_given, write_structural

    names = (case.tumor_sample, work.case.sample)
    result = run_given(
        given,
        genes=inputs.genes or inputs.exons,
        likely=tuple(filter(None, names)),
        build=work.case.build,
        tolerant=True,
        progress=work.progress,
    )
    write_structural(result, Outputs(output=work.outdir / TABLE, json=work.outdir / RESULT))
    return known(EVENTS, to_document(result), RESULT, TABLE)


def class_step(name: str) -> Callable[[Work], Part]:
    """Return what runs the part of one class of events, after the events were read."""

    def run(work: Work) -> Part:
        found = work.done[EVENTS]
        if found.status == "failed":
            given = bool(getattr(work.case.inputs, name))
            return failed_part(name, found.reason or "") if given else class_part(name, None)
        return class_part(name, found.result)

    return run


def class_part(name: str, document: Mapping[str, Any] | None) -> Part:
    """Return whether a class of events was assessed, from the document of all events.

    Assessed is what a caller answers that looks for it, also where it found none. An event of a
    class that nobody looked for does not make the class assessed.
    """
    if document is None:
        return unknown(name, NEVER_ASSESSED[name])
    found = read_import(document, RESULT)
    broken = [file for file in found.failed if file.given_as in ("", name)]
    if broken:
        return failed_part(name, "; ".join(file.reason for file in broken))
    asked = [file for file in found.files if name in file.looks_for]
    events = [event for event in found.events if class_of(event) == name]
    if asked:
        rows = [
            {"caller": f.caller, "material": f.material, "file": f.name, "events": f.kept}
            for f in asked
        ]
        return known(name, {"assessed_by": rows, "events": len(events)})
    return unknown(name, why_not(name, found, bool(events)))


def why_not(name: str, found: EarlierImport, has_events: bool) -> str:
    """Say why a class counts as not assessed although files were given."""
    wrong = [file for file in found.files if file.given_as == name]
    if wrong:
        said = ", ".join(f"{file.caller} ({file.name})" for file in wrong)
        return f"not assessed: {said} does not look for them"
    if has_events:
        return "not assessed: some are listed, but no caller is known to have looked for them all"
    return NEVER_ASSESSED[name]


def failed_part(name: str, reason: str) -> Part:
    """Return the part of a class whose file could not be read."""
    return Part(name=name, title=TITLES[name], status="failed", reason=reason)


def collected_parts(
    results: Sequence[tuple[Path, Mapping[str, Any]]],
) -> dict[str, Part]:
    """Return the parts of structural events from results of imports; several are joined."""
    if not results:
        return {}
    document = results[0][1] if len(results) == 1 else to_document(joined_imports(results))
    read_import(document, str(results[0][0]))
    parts = {EVENTS: known(EVENTS, document, *(path.name for path, _ in results))}
    return parts | {name: class_part(name, document) for name in CLASSES}


def joined_imports(results: Iterable[tuple[Path, Mapping[str, Any]]]) -> StructuralResult:
    """Return several imports as one; events that they share are joined."""
    from tumorkit.variants.structural import StructuralParams
    from tumorkit.variants.structural.analysis import joined, named_again

    earlier = [read_import(document, str(path)) for path, document in results]
    build = next((item.build for item in earlier if item.build), "")
    return joined(
        named_again([event for item in earlier for event in item.single], build),
        StructuralParams(),
        build=build,
        files=[file for item in earlier for file in item.files],
        failed=[file for item in earlier for file in item.failed],
    )
