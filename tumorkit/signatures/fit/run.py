"""From a matrix and a table of signatures to a fit, and from a fit to files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from tumorkit.contract.estimate import Estimate
from tumorkit.contract.progress import SILENT, Progress
from tumorkit.contract.result import to_document
from tumorkit.contract.summary import Summary
from tumorkit.errors import InputError, ParameterError, TumorkitError
from tumorkit.io.contexts import read_contexts
from tumorkit.io.digest import input_file
from tumorkit.io.outputs import Outputs
from tumorkit.io.profiles import WHERE_SIGNATURES_ARE, read_profiles
from tumorkit.io.text import read_lines
from tumorkit.signatures.fit.analysis import fit_signatures
from tumorkit.signatures.fit.params import FitParams
from tumorkit.signatures.fit.result import EXPOSURES, FitResult, ProcessFit, SampleFit

# More samples than this are shown one a line.
SHOWN = 4


@dataclass(frozen=True, kw_only=True)
class Territory:
    """The panel on which the mutations were found; ``contexts`` keeps what was counted on it."""

    targets: Path | None = None
    reference: Path | None = None
    contexts: Path | None = None


def run_fit(
    matrix: Path,
    *,
    signatures: Path | None,
    territory: Territory | None = None,
    priors: Path | None = None,
    params: FitParams | None = None,
    progress: Progress = SILENT,
) -> FitResult:
    """Explain the catalogues of a matrix by the signatures of a table.

    With a ``territory`` (BED and FASTA) the signatures are first turned into what they would leave
    there. ``priors`` is a table of signature and prior probability.
    """
    territory = territory or Territory()
    if signatures is None:
        raise ParameterError("no table of signatures was given", WHERE_SIGNATURES_ARE)
    catalogues = read_profiles(matrix)
    if not signatures.exists():
        raise InputError(signatures, "no such file", hint=WHERE_SIGNATURES_ARE)
    table = read_profiles(signatures, what="signatures")
    inputs = [input_file("matrix", matrix), input_file("signatures", signatures)]
    notes: list[str] = []
    factor = None
    if territory.targets is not None:
        if territory.reference is None:
            raise ParameterError(
                "targets need a reference: contexts are counted there", "add --reference FASTA"
            )
        found = read_contexts(
            territory.targets, territory.reference, kept=territory.contexts, progress=progress
        )
        factor = found.opportunities(table.kind)
        inputs.append(input_file("targets", territory.targets))
        if factor is None:
            notes.append("insertions and deletions are not corrected for the territory")
        if "exome" in signatures.name.lower():
            notes.append(
                f"{signatures.name} is named like a table for exomes: with targets the one for "
                "genomes is meant"
            )
    elif territory.contexts is not None or territory.reference is not None:
        raise ParameterError("a reference or kept contexts serve targets", "add --targets BED")
    if priors is not None:
        inputs.append(input_file("priors", priors))
    result = fit_signatures(
        catalogues,
        table,
        opportunities=factor,
        priors=read_priors(priors) if priors is not None else None,
        params=params,
    )
    return replace(
        result,
        table=signatures.name,
        opportunities=result.opportunities
        if territory.targets is None
        else f"{result.opportunities} {territory.targets.name}",
        inputs=tuple(inputs),
        notes=(*result.notes, *notes),
    )


def read_priors(path: Path) -> Mapping[str, float]:
    """Read prior probabilities: rows of signature and number, a header without one is skipped."""
    found: dict[str, float] = {}
    for number, line in read_lines(path):
        if not line.strip() or line.startswith("#"):
            continue
        fields = line.replace(",", "\t").split("\t")
        try:
            value = float(fields[1])
        except (IndexError, ValueError):
            if not found and len(fields) > 1:
                continue
            raise InputError(
                path, "expected signature and prior probability", line=number,
                hint="two columns, separated by a tab",
            ) from None  # fmt: skip
        if not 0 < value < 1:
            raise InputError(
                path, f"{fields[0]}: expected a probability between 0 and 1, found {fields[1]}",
                line=number, hint="0 and 1 would leave the counts nothing to say",
            )  # fmt: skip
        found[fields[0].strip()] = value
    return found


def write_fit(result: FitResult, outputs: Outputs) -> None:
    """Write the table of signatures, JSON and the short table."""
    rows = (
        {"sample": sample.sample, "signature": row.name, **asdict(row)}
        for sample in result.samples
        for row in sample.signatures
    )
    outputs.write_output(EXPOSURES.text_of(rows))
    outputs.write_json(to_document(result))
    outputs.summarize(summary_of(result))


def check_evaluable(result: FitResult) -> None:
    """Raise where a sample has too few mutations."""
    lost = [sample for sample in result.samples if sample.status != "ok"]
    if lost:
        raise TumorkitError(f"{lost[0].sample}: insufficient: {lost[0].reason}")


def summary_of(result: FitResult) -> Summary:
    """Return the short table: processes and signatures of few samples, a line each of many."""
    notes = list(result.notes)
    for sample in result.samples[:SHOWN]:
        notes += [f"{sample.sample}: {flag}" for flag in sample.flags]
    if len(result.samples) > SHOWN:
        return Summary(
            title=f"{len(result.samples)} samples explained by {result.table}",
            columns=("sample", "mutations", "signatures", "unexplained"),
            rows=tuple(short_row(sample) for sample in result.samples),
            notes=tuple(notes),
        )
    rows: list[tuple[str, ...]] = []
    for sample in result.samples:
        rows += sample_rows(sample)
    return Summary(
        title=f"{result.kind} explained by {result.table}",
        columns=("what", "verdict", "share", "probability", "seen from"),
        rows=tuple(rows),
        notes=tuple(notes),
    )


def short_row(sample: SampleFit) -> tuple[str, ...]:
    """Return one line of a sample."""
    if sample.status != "ok":
        return sample.sample, f"{sample.mutations:g}", f"insufficient: {sample.reason}", ""
    named = ", ".join(f"{row.name} {row.share:.0%}" for row in sample.signatures if row.named)
    left = sample.unexplained.value
    return sample.sample, f"{sample.mutations:g}", named, "" if left is None else f"{left:.0%}"


def sample_rows(sample: SampleFit) -> list[tuple[str, ...]]:
    """Return the lines of a sample: processes, then signatures, then what is left."""
    rows: list[tuple[str, ...]] = [(sample.sample, f"{sample.mutations:g} mutations", "", "", "")]
    if sample.status != "ok":
        return [*rows, ("", f"insufficient: {sample.reason}", "", "", "")]
    order = {"present": 0, "possible": 1, "not_seen": 2, "not_evaluable": 3}
    rows += [process_row(one) for one in sorted(sample.processes, key=lambda one: order[one.call])]
    rows += [
        (
            f"  {row.name}",
            "named" if row.named else "not named",
            f"{row.share:.1%} ({row.low:.1%} to {row.high:.1%})",
            f"{row.probability:.3f}" + (f" (prior {row.prior:g})" if row.role else ""),
            "",
        )
        for row in sample.signatures
    ]
    if sample.others is not None:
        rows.append(("  other signatures", "", f"{sample.others:.1%}", "", ""))
    rows.append(("unexplained", "", shown(sample.unexplained), f"P {sample.unexplained_p:.2g}", ""))
    rows.append(
        ("cosine", f"{sample.cosine:.3f}", "", f"by chance {sample.cosine_expected:.3f}", "")
    )
    return rows


def process_row(one: ProcessFit) -> tuple[str, ...]:
    """Return the line of a process."""
    limit = one.detectable_share
    return (
        one.title,
        one.call.replace("_", " "),
        shown(one.share),
        "" if one.probability is None else f"{one.probability:.3f}",
        f"{limit:.1%} (as {one.detectable_as})" if limit is not None else "no share",
    )


def shown(share: Estimate) -> str:
    """Return a share with its interval."""
    if share.value is None or share.low is None or share.high is None:
        return ""
    return f"{share.value:.1%} ({share.low:.1%} to {share.high:.1%})"
