"""A profile from results that were made one by one, by the steps of a pipeline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.contract.result import InputFile, dumps, to_document
from tumorkit.contract.summary import Summary
from tumorkit.errors import InputError, ParameterError
from tumorkit.io.digest import input_file
from tumorkit.io.documents import read_document
from tumorkit.io.outputs import STDOUT, Outputs
from tumorkit.profile.analysis import (
    TITLES,
    biomarkers_of,
    hints_of,
    never_assessed,
    summarize_case,
)
from tumorkit.profile.assays import assay_named
from tumorkit.profile.params import Case, CaseInputs
from tumorkit.profile.prepare import settle_date
from tumorkit.profile.purity import ploidy_source, purity_document
from tumorkit.profile.result import Part, ProfileResult
from tumorkit.profile.structural import EVENTS, collected_parts
from tumorkit.profile.work import known, unknown
from tumorkit.report import summarize_report
from tumorkit.report.tracks import SUFFIX as TRACKS

DEFAULT_OUTPUT = Path("profile.json")
# Schemas of results and the part of a profile that each of them is.
PARTS = {
    "variants.filter": "variants",
    "copynumber.call": "copy_number",
    "purity": "purity",
    "tmb": "tmb",
    "msi": "msi",
    "hrd": "hrd",
    "signatures-fit": "signatures",
    "variants.structural": EVENTS,
}
MAJOR = "1"
SOURCES = ("tumor", "normal", "somatic", "germline", "reference", "copy_ratios")
# Purities are handed on with two decimals.
SAME_PURITY = 0.0051
NOT_CASE = (
    "filter_preset", "tmb_presets", "haploid_x_reference", "pathology_sd", "language",
    "germline_consent",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Given:
    """A result as it was read, with the part that it is."""

    path: Path
    part: str
    document: Mapping[str, Any]

    def __str__(self) -> str:
        """Return the name of the file."""
        return self.path.name


def run_collect(
    results: Sequence[Path],
    *,
    case: Case | None = None,
    aliases: Sequence[str] = (),
    picture: Path | None = None,
    progress: Progress = SILENT,
) -> ProfileResult:
    """Read results of one tumour and join them to its profile.

    Sample, build and inputs must agree; whatever contradicts is said in one error, all of it.
    ``case`` names the sample and what is known of it; its ``tumor_sample`` and ``aliases`` are
    other names under which the same tumour runs: of its reads, or of a file. Raises
    :class:`InputError`, :class:`ParameterError`.
    """
    case = case or Case()
    read = [read_result(path) for path in progress.track(results, label="results")]
    # The order of arguments decides nothing: neither which name leads nor how inputs are listed.
    order = list(PARTS.values())
    given = sorted(read, key=lambda item: (order.index(item.part), str(item), str(item.path)))
    if not given:
        raise ParameterError("no result was given", "give the JSON files of finished steps")
    names = [*accepted_names(case, given), *aliases]
    found = [
        *doubled(given),
        *other_samples(given, names),
        *other_builds(given, case.build),
        *other_inputs(given),
        *other_purities(given, case),
    ]
    if found:
        raise ParameterError(
            f"the results do not belong together: {'; '.join(found)}",
            "give results of one tumour, made from the same files; results of copy number take "
            "their sample from the name of the file, those of reads from the BAM (--alias NAME: "
            "it is the same tumour)",
        )
    progress.log(f"{len(given)} results of {names[0]} belong together")
    return joined(given, case, sample=names[0], picture=picture)


def read_result(path: Path) -> Given:
    """Read the JSON of a step; raise where it is none that a profile has a part for."""
    document = read_document(path, hint="give a tumorkit result")
    schema = str(document.get("schema", ""))
    name = schema.removeprefix("tumorkit/")
    if name not in PARTS or schema == name:
        raise InputError(
            path,
            f"no part of a profile: expected one of {', '.join(PARTS)}, found {schema or 'none'}",
            hint="give the JSON (--json) of a finished step",
        )
    version = str(document.get("schema_version", ""))
    if version.split(".", maxsplit=1)[0] != MAJOR:
        raise InputError(
            path, f"expected schema version {MAJOR}.x, found {version!r}", hint="make it again"
        )
    return Given(path=path, part=PARTS[name], document=document)


def accepted_names(case: Case, given: Iterable[Given]) -> list[str]:
    """Return the sample's name and the others under which it may run; the first one leads."""
    named = [name for name in (case.sample, case.tumor_sample) if name]
    if case.sample:
        return named
    said = [str(item.document["sample"]) for item in given if item.document.get("sample")]
    if not said:
        raise ParameterError("no result names its sample", "give --sample")
    return [said[0], *named]


def doubled(given: Sequence[Given]) -> list[str]:
    """Return the parts that two files claim to be."""
    claimed: dict[str, list[str]] = {}
    for item in given:
        claimed.setdefault(item.part, []).append(str(item))
    return [
        f"{' and '.join(files)} are both {TITLES[part].lower()}"
        for part, files in claimed.items()
        if len(files) > 1 and part != EVENTS
    ]


def other_samples(given: Sequence[Given], names: Sequence[str]) -> list[str]:
    """Return the results of another sample; one without a name speaks for none."""
    return [
        f"{item} is of sample {sample!r}, not {' or '.join(map(repr, names))}"
        for item in given
        if (sample := item.document.get("sample")) and sample not in names
    ]


def other_builds(given: Sequence[Given], build: str) -> list[str]:
    """Return the results on another reference build than the first that names one."""
    named = [(str(item), item.document["build"]) for item in given if item.document.get("build")]
    if build:
        named.insert(0, ("the case", build))
    return [
        f"{name} is on {found}, {named[0][0]} on {named[0][1]}"
        for name, found in named[1:]
        if found != named[0][1]
    ]


def other_inputs(given: Sequence[Given]) -> list[str]:
    """Return inputs that two results read by one name, or as one source, with other bytes.

    Segments, bins and tables of genes may differ from step to step; what was sequenced may not.
    """
    seen: dict[tuple[str, str], tuple[str, set[str]]] = {}
    found = []
    for item in given:
        own: dict[tuple[str, str], set[str]] = {}
        for row in item.document.get("inputs") or ():
            for kind in ("role", "name") if row["role"] in SOURCES else ("name",):
                own.setdefault((kind, row[kind]), set()).add(row["sha256"])
        for (kind, name), digests in own.items():
            first, others = seen.setdefault((kind, name), (str(item), digests))
            # One step may read files of one name from two folders.
            if not digests & others:
                found.append((f"{first} and {item} read another", kind, name))
    # A file that is told by its role is not told again by its name.
    roles = {said for said, kind, _ in found if kind == "role"}
    return list(
        dict.fromkeys(
            f"{said} {name} file" if kind == "role" else f"{said} file {name}"
            for said, kind, name in found
            if kind == "role" or said not in roles
        )
    )


def other_purities(given: Iterable[Given], case: Case) -> list[str]:
    """Return copies that were called at another purity than the one that the profile would show."""
    documents = {item.part: item for item in given}
    copies, fit = documents.get("copy_number"), documents.get("purity")
    if copies is None or (fit is None and case.purity is None):
        return []
    shown = purity_document(case.purity, case.ploidy, fit.document if fit else None)
    used, purity = copies.document.get("purity"), shown.get("value")
    if used is None or purity is None or abs(used - purity) <= SAME_PURITY:
        return []
    where = "the case" if fit is None or case.purity is not None else str(fit)
    return [f"{copies} counts copies at a purity of {used:g}, {where} has {purity:g}"]


def joined(
    given: Sequence[Given], case: Case, *, sample: str, picture: Path | None
) -> ProfileResult:
    """Join results that belong together."""
    documents = {item.part: item.document for item in given}
    roles = {row["role"] for item in given for row in item.document.get("inputs") or ()}
    germline = "germline" in roles
    parts = {part.name: part for part in never_assessed(germline_given=germline)}
    for name in dict.fromkeys(PARTS.values()):
        parts[name] = unknown(name, f"no {TITLES[name].lower()} result was given")
    for item in given:
        if item.part != EVENTS:
            parts[item.part] = part_of(item, picture)
    parts |= collected_parts([(item.path, item.document) for item in given if item.part == EVENTS])
    purity: Mapping[str, Any] = {}
    if case.purity is not None or "purity" in documents:
        purity = purity_document(case.purity, case.ploidy, documents.get("purity"))
        parts["purity"] = known("purity", purity, *parts["purity"].files)
    variants = documents.get("variants", {})
    builds = [case.build, *(str(d.get("build") or "") for d in documents.values())]
    build = next(filter(None, builds), "")
    ordered = tuple(parts[name] for name in TITLES if name in parts)
    assay = assay_named(case.assay)
    somatic = [row["name"] for row in variants.get("inputs") or () if row["role"] == "somatic"]
    return ProfileResult(
        sample=sample,
        build=build,
        inputs=inputs_of(given),
        case=summarize_case(
            replace(case, date=settle_date(case.date)),
            CaseInputs(somatic=Path(somatic[0]) if somatic else None),
            assay,
            sample=sample,
            normal=variants.get("normal_sample") or case.normal_sample or None,
            purity=purity.get("value"),
            ploidy=(purity.get("ploidy") or {}).get("value"),
            purity_source=purity.get("source"),
            purity_used=purity.get("used"),
            ploidy_source=ploidy_source(purity),
        ),
        parts=ordered,
        biomarkers=biomarkers_of(ordered),
        pictures={"copy_number": picture.name} if picture else {},
        hints=hints_of(ordered, somatic=next(iter(somatic), ""), build=build, reference=""),
        presets={"filter": variants.get("preset"), "tmb": [], "assay": assay.why},
    )


def part_of(item: Given, picture: Path | None) -> Part:
    """Return a result as a part; scars without a sum are as little evaluable as in a profile."""
    part = known(item.part, item.document, item.path.name, *beside(item, picture))
    total = item.document.get("sum") if item.part == "hrd" else None
    if isinstance(total, Mapping) and total.get("status") != "ok":
        return replace(part, status=total["status"], reason=total.get("reason"))
    return part


def beside(item: Given, picture: Path | None) -> tuple[str, ...]:
    """Return the picture, and the tracks of the viewer, that belong to copy number."""
    if item.part != "copy_number":
        return ()
    tracks = [path.name for path in sorted(item.path.parent.glob(f"*{TRACKS}"))]
    return (*([picture.name] if picture else []), *tracks)


def inputs_of(given: Sequence[Given]) -> tuple[InputFile, ...]:
    """Return every input of the results once, then the results themselves."""
    rows = {
        (row["role"], row["name"], row["sha256"]): InputFile(
            role=row["role"], name=row["name"], sha256=row["sha256"]
        )
        for item in given
        for row in item.document.get("inputs") or ()
    }
    own = [input_file(f"{item.part}_result", item.path) for item in given]
    return (*rows.values(), *own)


def write_collect(result: ProfileResult, outputs: Outputs) -> None:
    """Write the profile and show the short table."""
    document = to_document(result)
    output = outputs.output or DEFAULT_OUTPUT
    if output != STDOUT and output.suffix.lower() != ".json":
        raise ParameterError(f"{output}: a profile is a JSON file", "name it profile.json")
    outputs.write_output(dumps(document))
    found = summarize_report(document)
    outputs.summarize(
        Summary(title=found.title, columns=found.columns, rows=found.rows, notes=found.notes)
    )
