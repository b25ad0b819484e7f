"""From VCF or MAF and a FASTA to matrices, and from matrices to files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.contract.result import to_document
from tumorkit.contract.summary import Summary
from tumorkit.errors import InputError, ParameterError, ReferenceMismatchError
from tumorkit.genome.build import detect_build
from tumorkit.genome.channels import CHANNELS, Kind
from tumorkit.genome.profiles import Profiles
from tumorkit.genome.vcf import FORMAT_COLUMN, VcfRecord
from tumorkit.genome.vcf_block import RecordBlock
from tumorkit.io.digest import input_file
from tumorkit.io.fasta import Fasta, open_fasta
from tumorkit.io.maf import MafSource, is_maf
from tumorkit.io.outputs import STDOUT, Outputs, write_to
from tumorkit.io.profiles import profiles_text
from tumorkit.io.vcf import VcfSource, open_vcf
from tumorkit.signatures.matrix.analysis import (
    MISMATCH,
    NO_CONTIG,
    UNKNOWN,
    Calls,
    Classified,
    classify,
)
from tumorkit.signatures.matrix.params import MatrixParams
from tumorkit.signatures.matrix.result import REJECTED, MatrixResult, SampleCounts
from tumorkit.variants.roles import assign_roles

P_SOMATIC = "TK_P_SOMATIC"
PHASED = ("PS", "PID")
# With fewer variants a wrong build cannot be told from a few odd records.
FEW = 20


@dataclass(frozen=True, kw_only=True)
class MatrixFiles:
    """Files beside the main matrix; ``-`` is standard output."""

    dbs78: Path | None = None
    id83: Path | None = None
    rejected: Path | None = None

    def paths(self) -> tuple[Path | None, ...]:
        """Return all of them."""
        return self.dbs78, self.id83, self.rejected


def run_matrix(
    variants: Sequence[Path],
    *,
    reference: Path,
    tumor: str | None = None,
    params: MatrixParams | None = None,
    progress: Progress = SILENT,
) -> MatrixResult:
    """Count the mutations of VCFs (one sample each) or MAFs (a sample per barcode) by class.

    ``tumor`` names the tumour's column where it cannot be known from a VCF. Raises
    :class:`ReferenceMismatchError` where REF alleles differ from the reference too often.
    """
    params = params or MatrixParams()
    if not variants:
        raise ParameterError("no VCF and no MAF was given")
    found: list[Classified] = []
    notes: list[str] = []
    builds: list[str] = []
    with open_fasta(reference) as fasta:
        for path in variants:
            listed = from_maf(path, params) if is_maf(path) else from_vcf(
                path, tumor, params, progress, builds, notes
            )  # fmt: skip
            classified = [classify(calls, fasta, params) for calls in listed]
            check_build([item.counts for item in classified], path, fasta, params)
            found += classified
    names = tuple(item.counts.sample for item in found)
    doubled = sorted(name for name, count in Counter(names).items() if count > 1)
    if doubled:
        raise ParameterError(
            f"sample in more than one file: {', '.join(doubled)}",
            "name the files differently or rename the samples with bcftools reheader -s",
        )
    notes += [note for item in found for note in reference_notes(item.counts, reference)]
    matrices: dict[Kind, Profiles] = {
        kind: Profiles(
            kind=kind,
            names=names,
            values=np.array([item.spectra[kind] for item in found]).reshape(
                len(names), len(CHANNELS[kind])
            ),
        )
        for kind in CHANNELS
    }
    return MatrixResult(
        sample=names[0] if len(names) == 1 else "",
        build=builds[0] if len(set(builds)) == 1 else "",
        inputs=(
            *(input_file("variants", path) for path in variants),
            input_file("reference", reference),
        ),
        samples=tuple(item.counts for item in found),
        notes=tuple(dict.fromkeys(notes)),
        params=params,
        matrices=matrices,
        left_out=tuple(row for item in found for row in item.left_out),
    )


def reference_notes(counts: SampleCounts, reference: Path) -> Iterator[str]:
    """Yield what the reference did not agree to, or did not tell."""
    if counts.mismatches:
        yield (
            f"{counts.sample}: {counts.rejected[MISMATCH]} REF alleles differ from "
            f"{reference.name}: " + "; ".join(counts.mismatches)
        )
    if counts.rejected.get(UNKNOWN):
        yield (
            f"{counts.sample}: {counts.rejected[UNKNOWN]} variants lie on or beside unknown bases "
            f"(N) of {reference.name} and count nowhere; a masked reference hides their context, "
            "the unmasked one of the same build shows it"
        )


def check_build(
    found: Sequence[SampleCounts], path: Path, fasta: Fasta, params: MatrixParams
) -> None:
    """Raise where a file's variants, all samples together, are of another build than the reference.

    Samples of a cohort may have a handful of variants each, too few to tell by themselves.
    """
    wrong = sum(item.rejected.get(MISMATCH, 0) for item in found)
    compared = wrong + sum(sum(item.counted.values()) for item in found)
    shown = [text for item in found for text in item.mismatches]
    if compared >= FEW and wrong > params.max_mismatches * compared:
        raise ReferenceMismatchError(
            path,
            f"{wrong} of {compared} REF alleles differ from {fasta.path.name}: "
            + "; ".join(shown[:5]),
            hint="give the reference on which the variants were called",
        )
    lost = sum(item.rejected.get(NO_CONTIG, 0) for item in found)
    if lost and not compared:
        raise ReferenceMismatchError(
            path,
            f"none of its contigs is in {fasta.path.name}",
            hint="give the reference on which the variants were called",
        )


def from_vcf(
    path: Path,
    tumor: str | None,
    params: MatrixParams,
    progress: Progress,
    builds: list[str],
    notes: list[str],
) -> Iterator[Calls]:
    """Yield the alleles of a VCF."""
    with open_vcf(path) as source:
        roles = assign_roles(source.header, tumor=tumor, path=path)
        build = detect_build(source.header.contig_lengths)
        builds.append(build.name if build else "")
        calls = Calls(sample=roles.tumor or path.name.split(".")[0])
        missing = read_vcf(source, roles.tumor, calls, params, progress)
    if missing and missing == len(calls.refused) and not calls.pos:
        notes.append(
            f"{path.name}: FILTER is missing (.) in every record: --filters pass-or-missing counts "
            "them"
        )
    yield calls


def read_vcf(
    source: VcfSource,
    tumor: str | None,
    calls: Calls,
    params: MatrixParams,
    progress: Progress,
) -> int:
    """Read the alleles of a VCF; return how many were refused for a missing FILTER."""
    missing = 0
    for block in progress.track(source.packed(), label="variants"):
        quick = isinstance(block, RecordBlock) and not params.somatic_weights
        if quick and isinstance(block, RecordBlock) and not has_phase(block):
            missing += read_block(block, calls, params)
            continue
        for record in block:
            missing += read_record(record, tumor, calls, params)
    return missing


def has_phase(block: RecordBlock) -> bool:
    """Whether a record of a block may say how it is phased."""
    if len(block.header.columns) <= FORMAT_COLUMN:
        return False
    _, texts = block.grouped(FORMAT_COLUMN)
    return any(key in text.split(":") for text in texts for key in PHASED)


def read_block(block: RecordBlock, calls: Calls, params: MatrixParams) -> int:
    """Read a block of unphased alleles of full weight."""
    contigs, contig_names = block.grouped(0)
    filters, filter_names = block.grouped(6)
    refusals = [refusal(text, params) for text in filter_names]
    positions, _ = block.numbers(1)
    missing = 0
    for at, (contig, filtered, pos) in enumerate(
        zip(contigs.tolist(), filters.tolist(), positions.tolist(), strict=True)
    ):
        reason = refusals[filtered]
        ref = block.text(at, 3).upper()
        for alt in block.text(at, 4).upper().split(","):
            if reason:
                calls.refuse(contig_names[contig], int(pos), ref, alt, reason)
                missing += reason == "FILTER ."
            else:
                calls.add(contig_names[contig], int(pos), ref, alt)
    return missing


def refusal(text: str, params: MatrixParams) -> str:
    """Return why a FILTER value is not counted, empty where it is."""
    if params.filters == "all" or text == "PASS":
        return ""
    if params.filters == "pass-or-missing" and text in (".", ""):
        return ""
    return f"FILTER {text or '.'}"


def read_record(record: VcfRecord, tumor: str | None, calls: Calls, params: MatrixParams) -> int:
    """Read the alleles of one record, with weight and phase."""
    reason = refusal(record.columns[6], params)
    ref = record.ref.upper()
    phase = "" if tumor is None else phase_of(record.sample(tumor))
    weights = (record.info_text(P_SOMATIC) or "").split(",") if params.somatic_weights else []
    alts = record.columns[4].upper().split(",")
    for at, alt in enumerate(alts):
        weight, why = 1.0, reason
        if params.somatic_weights and not why:
            text = weights[at] if at < len(weights) else ""
            weight, why = weight_of(text, params)
        if why:
            calls.refuse(record.contig, record.pos, ref, alt, why)
        else:
            known = phase if len(alts) == 1 else ""
            calls.add(record.contig, record.pos, ref, alt, weight=weight, phase=known)
    return (reason == "FILTER .") * len(alts)


def weight_of(text: str, params: MatrixParams) -> tuple[float, str]:
    """Return a variant's probability of being somatic, or why it is not counted."""
    try:
        weight = float(text)
    except ValueError:
        return 0.0, f"{P_SOMATIC} unknown"
    if not params.min_weight <= weight <= 1:
        return 0.0, f"{P_SOMATIC} below {params.min_weight:g}"
    return weight, ""


def phase_of(values: dict[str, str]) -> str:
    """Return a sample's phase set and haplotype, empty where it is not phased."""
    if values.get("PID", ".") != "." and "|" in values.get("PGT", ""):
        return f"{values['PID']}:{values['PGT']}"
    if values.get("PS", ".") != "." and "|" in values.get("GT", ""):
        return f"{values['PS']}:{values['GT']}"
    return ""


def from_maf(path: Path, params: MatrixParams) -> Iterator[Calls]:
    """Yield the alleles of each sample of a MAF, samples in the order of the file."""
    if params.somatic_weights:
        raise ParameterError(
            f"{path.name}: a MAF has no {P_SOMATIC}",
            "give a VCF that tumorkit variants filter made",
        )
    samples: dict[str, Calls] = {}
    for sample, variant in MafSource(path):
        calls = samples.setdefault(sample, Calls(sample=sample))
        ref, alt = variant.ref.upper(), variant.alt.upper()
        # A MAF without FILTER was filtered before; its reader says PASS then.
        reason = refusal(";".join(variant.filters), params)
        if reason:
            calls.refuse(variant.contig, variant.pos, ref, alt, reason)
        else:
            calls.add(variant.contig, variant.pos, ref, alt)
    if not samples:
        raise InputError(path, "holds no variant")
    yield from samples.values()


def write_matrix(
    result: MatrixResult, outputs: Outputs, *, files: MatrixFiles | None = None
) -> None:
    """Write matrices, the list of variants left out, JSON and the short table."""
    files = files or MatrixFiles()
    outputs.write_output(profiles_text(result.matrices["SBS96"]))
    if files.dbs78 is not None:
        write_to(files.dbs78, profiles_text(result.matrices["DBS78"]))
    if files.id83 is not None:
        write_to(files.id83, profiles_text(result.matrices["ID83"]))
    if files.rejected is not None:
        write_to(files.rejected, REJECTED.text_of(result.left_out))
    outputs.write_json(to_document(result))
    if STDOUT not in files.paths():
        outputs.summarize(summary_of(result))


def summary_of(result: MatrixResult) -> Summary:
    """Return the short table: for each sample the variants read, counted and left out."""
    reasons = sorted({reason for item in result.samples for reason in item.rejected})
    rows = [
        (
            item.sample,
            f"{item.variants:,}",
            *(f"{item.mutations[kind]:,.6g}" for kind in CHANNELS),
            f"{sum(item.rejected.values()):,}",
        )
        for item in result.samples
    ]
    totals = Counter[str]()
    for item in result.samples:
        totals.update(item.rejected)
    notes = [f"left out, {reason}: {totals[reason]:,}" for reason in reasons]
    return Summary(
        title="mutations by class",
        columns=("sample", "variants", *CHANNELS, "left out"),
        rows=tuple(rows),
        notes=(*notes, *result.notes),
    )
