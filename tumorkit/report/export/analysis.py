"""Which formats there are, and how a case becomes the files that were asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from tumorkit.contract.exported import ExportedFile
from tumorkit.errors import ParameterError, suggestion
from tumorkit.report.export import (
    cbioportal,
    fhir,
    gens,
    gms,
    maf,
    multiqc,
    oncokb,
    scout,
    segments,
    structural,
    variants,
    xlsx,
)
from tumorkit.report.export.case import ExportCase, File
from tumorkit.report.export.params import ReportExportParams
from tumorkit.report.export.result import ReportExportResult

Needs = Literal["variants", "calls", "profile", "ratios", "events"]
Writer = Callable[[ExportCase, ReportExportParams], list[File]]


@dataclass(frozen=True, kw_only=True)
class Format:
    """A format: what writes it, and what of a case it cannot do without."""

    write: Writer
    needs: tuple[Needs, ...]


def alone(write: Callable[[ExportCase, ReportExportParams], File]) -> Writer:
    """Return a writer of one file as a writer of several."""
    return lambda case, params: [write(case, params)]


FORMATS = {
    "maf": Format(write=alone(maf.maf), needs=("variants",)),
    "vcf": Format(write=alone(variants.vcf), needs=("variants",)),
    "sv-vcf": Format(write=alone(structural.events_vcf), needs=("events",)),
    "seg": Format(write=alone(segments.seg), needs=("calls",)),
    "oncokb": Format(write=oncokb.oncokb, needs=("variants", "profile")),
    "cbioportal": Format(write=cbioportal.study, needs=("variants", "profile")),
    "multiqc": Format(write=multiqc.multiqc, needs=("profile",)),
    "fhir": Format(write=alone(fhir.bundle), needs=("profile",)),
    "xlsx": Format(write=alone(xlsx.xlsx), needs=("profile",)),
    "gms-table": Format(write=alone(gms.gms_table), needs=("variants",)),
    "gens": Format(write=gens.gens, needs=("ratios",)),
    "scout": Format(write=scout.scout, needs=("variants", "profile")),
}
ALL = "all"
WANTING = {
    "variants": ("variants", "give a profile with a somatic VCF, or the VCF itself"),
    "calls": ("copy-number segments", "give a profile with copy number"),
    "ratios": ("the bins' copy ratios", "give --ratios"),
    "events": ("structural events", "give --events, or a profile that holds them"),
    "profile": ("a profile", "give profile.json instead of a VCF"),
}


def formats_of(words: Sequence[str]) -> list[str]:
    """Return the formats that words ask for, each once; commas part several, ``all`` is all.

    >>> formats_of(["seg,maf", "seg"])
    ['seg', 'maf']
    """
    found: list[str] = []
    for word in (name.strip() for text in words for name in text.split(",")):
        if word not in FORMATS and word != ALL:
            known = [*FORMATS, ALL]
            raise ParameterError(
                f"unknown format {word!r}; known: {', '.join(known)}", suggestion(word, known)
            )
        found += FORMATS if word == ALL else [word]
    return list(dict.fromkeys(found))


def export_case(
    case: ExportCase, formats: Sequence[str], params: ReportExportParams | None = None
) -> ReportExportResult:
    """Return the files that were asked for, with a count of what each could not say.

    A format that was named and lacks what it needs raises :class:`ParameterError`; one of ``all``
    is left out with a note.
    """
    params = params or ReportExportParams()
    if case.calls is not None:
        # A step of copy number names its sample after a file; a study knows the case's name alone.
        case = replace(case, calls=replace(case.calls, sample=case.sample))
    files: list[ExportedFile] = []
    contents: dict[str, str | bytes] = {}
    notes = list(case.notes)
    named = {name.strip() for text in formats for name in text.split(",")}
    for name in formats_of(formats):
        missing = lacking(case, FORMATS[name])
        if missing:
            what, hint = WANTING[missing]
            if name in named:
                raise ParameterError(f"{name} needs {what}", hint)
            notes.append(f"{name} not written: it needs {what} ({hint})")
            continue
        for file in FORMATS[name].write(case, params):
            contents[file.name] = file.content
            left_out = dict(sorted(file.left_out.items()))
            files.append(
                ExportedFile(format=name, name=file.name, records=file.records, left_out=left_out)
            )
    return ReportExportResult(
        sample=case.sample,
        build=case.build,
        source=case.source,
        files=tuple(files),
        notes=tuple(notes),
        params=params,
        contents=contents,
    )


def lacking(case: ExportCase, form: Format) -> Needs | None:
    """Return the first thing that a format needs and the case lacks."""
    have = {
        "variants": case.has_variants,
        "calls": case.calls is not None,
        "profile": case.has_profile,
        "events": case.events is not None,
        "ratios": case.calls is not None and case.calls.ratios is not None,
    }
    return next((need for need in form.needs if not have[need]), None)
