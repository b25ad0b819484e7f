"""Which formats there are, and how calls become the files that were asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from tumorkit.contract.exported import ExportedFile
from tumorkit.copynumber.call.result import SegmentCall
from tumorkit.copynumber.export import cbioportal, gms, tables, vcf
from tumorkit.copynumber.export.calls import Calls
from tumorkit.copynumber.export.params import ExportParams
from tumorkit.copynumber.export.result import ExportResult
from tumorkit.copynumber.export.written import Written
from tumorkit.errors import ParameterError, suggestion

Needs = Literal["", "genes", "build", "ratios"]
Writer = Callable[[Calls, ExportParams], Written]
CnsText = Callable[[Sequence[SegmentCall]], str]


@dataclass(frozen=True, kw_only=True)
class Format:
    """A format: the end of its file's name, what writes it (None: the edge), what it needs."""

    suffix: str
    write: Writer | None
    needs: Needs = ""


FORMATS = {
    "cns": Format(suffix=".call.cns", write=None),
    "seg": Format(suffix=".seg", write=tables.seg),
    "bed": Format(suffix=".cnv.bed", write=tables.bed),
    "vcf": Format(suffix=".cnv.vcf", write=vcf.vcf),
    "gatk-called": Format(suffix=".called.seg", write=tables.gatk_called),
    "gatk-model": Format(suffix=".modelFinal.seg", write=tables.gatk_model),
    "hydra-vcf": Format(suffix=".hydra.cnv.vcf", write=vcf.hydra),
    "cnv-report": Format(suffix=".cnv_report.tsv", write=gms.report),
    "arms": Format(suffix=".chromosome_arms.tsv", write=gms.arms, needs="build"),
    "deletions": Format(suffix=".deletions.tsv", write=gms.deletions, needs="ratios"),
    "amplifications": Format(
        suffix=".amplifications.tsv", write=gms.amplifications, needs="ratios"
    ),
    "cbioportal-discrete": Format(suffix=".data_cna.txt", write=cbioportal.discrete, needs="genes"),
    "cbioportal-log2": Format(
        suffix=".data_log2_cna.txt", write=cbioportal.continuous, needs="genes"
    ),
    "scarhrd": Format(suffix=".scarhrd.txt", write=tables.scarhrd),
}
BUNDLES = {
    "gatk": ("gatk-called", "gatk-model"),
    "gms": ("hydra-vcf", "cnv-report", "arms", "deletions", "amplifications"),
    "cbioportal": ("cbioportal-discrete", "cbioportal-log2"),
    "all": tuple(FORMATS),
}
WANTING = {
    "genes": ("genes", "give --genes, or the JSON of a call with --genes"),
    "build": ("a known build", "give --build"),
    "ratios": ("the bins' copy ratios", "give --ratios"),
}


def formats_of(words: Sequence[str]) -> list[str]:
    """Return the formats that words ask for, each once; a bundle stands for several.

    >>> formats_of(["gatk", "seg"])
    ['gatk-called', 'gatk-model', 'seg']
    """
    found: list[str] = []
    for word in words:
        if word not in FORMATS and word not in BUNDLES:
            known = [*FORMATS, *BUNDLES]
            raise ParameterError(
                f"unknown format {word!r}; known: {', '.join(known)}", suggestion(word, known)
            )
        found += BUNDLES.get(word, (word,))
    return list(dict.fromkeys(found))


def export(
    calls: Calls,
    formats: Sequence[str],
    params: ExportParams | None = None,
    cns_text: CnsText | None = None,
) -> ExportResult:
    """Return the files that were asked for, with a count of what each could not say.

    ``cns_text`` writes a .cns. A format of a bundle that lacks what it needs is left out with a
    note; one that was named raises :class:`ParameterError`.
    """
    params = params or ExportParams()
    files: list[ExportedFile] = []
    texts: dict[str, str] = {}
    notes = list(calls.notes)
    for name in formats_of(formats):
        form = FORMATS[name]
        missing = lacking(calls, form.needs)
        if missing:
            what, hint = WANTING[missing]
            if name in formats:
                raise ParameterError(f"{name} needs {what}", hint)
            notes.append(f"{name} not written: it needs {what} ({hint})")
            continue
        if form.write is not None:
            made = form.write(calls, params)
        elif cns_text is not None:
            made = Written(cns_text(calls.segments).splitlines(), len(calls.segments))
        else:
            raise ParameterError("no writer of .cns was given", "use run_export")
        texts[name] = made.text
        files.append(
            ExportedFile(
                format=name,
                name=f"{calls.sample or 'sample'}{form.suffix}",
                records=made.records,
                left_out=dict(made.left_out),
            )
        )
    return ExportResult(
        sample=calls.sample,
        build=calls.build.name if calls.build else "",
        source=calls.source,
        files=tuple(files),
        notes=tuple(notes),
        params=params,
        texts=texts,
    )


def lacking(calls: Calls, needs: Needs) -> Needs:
    """Return what a format needs and the calls lack, empty if they have it."""
    have = {
        "": True,
        "genes": calls.genes is not None,
        "build": calls.build is not None,
        "ratios": calls.ratios is not None,
    }
    return "" if have[needs] else needs
