"""Purity and ploidy as tables, for readers and for other programs."""

from __future__ import annotations

import dataclasses

from tumorkit.contract.estimate import Estimate
from tumorkit.contract.summary import Summary
from tumorkit.purity.result import (
    GENE_SCHEMA,
    MUTATION_SCHEMA,
    SEGMENT_SCHEMA,
    SOLUTION_SCHEMA,
    PurityResult,
)

SEXES = {"female": "F", "male": "M"}
STATES = {
    "solved": "solved",
    "highly_diploid": "highly diploid",
    "no_tumor_signal": "no tumour signal",
    "not_identifiable": "not identifiable",
}
# A second solution of this weight asks for a second look.
CLOSE = 0.1


def segment_text(result: PurityResult) -> str:
    """Return the segments' copies as a table."""
    return SEGMENT_SCHEMA.text_of(result.segments)


def mutation_text(result: PurityResult) -> str:
    """Return the mutations' shares of cells as a table."""
    return MUTATION_SCHEMA.text_of(result.mutations)


def gene_text(result: PurityResult) -> str:
    """Return the genes' hits as a table."""
    return GENE_SCHEMA.text_of(result.genes)


def solution_text(result: PurityResult) -> str:
    """Return the solutions as a table."""
    return SOLUTION_SCHEMA.text_of(
        {"rank": rank, **dataclasses.asdict(item)}
        for rank, item in enumerate(result.solutions, start=1)
    )


def said(estimate: Estimate, digits: int = 2) -> str:
    """Return a value with its range, or that there is none."""
    if estimate.value is None:
        return "not evaluable"
    low, high = estimate.low or 0.0, estimate.high or 0.0
    return f"{estimate.value:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


def summary(result: PurityResult) -> Summary:
    """Return the short table: the answer, its alternatives, what it rests on."""
    used = result.used
    rows = [("state", STATES[result.state])]
    rows += [("purity", said(result.purity)), ("ploidy", said(result.ploidy))]
    if result.pathology_purity is not None:
        rows.append(("purity by the pathologist", f"{result.pathology_purity:g}"))
    if result.doubling_probability is not None:
        rows.append(
            ("genome doubled", f"{result.doubling} (probability {result.doubling_probability:.2f})")
        )
    for rank, item in enumerate(result.solutions, start=1):
        if result.purity.value is None or rank > 1:
            rows.append(
                (
                    f"solution {rank}",
                    f"purity {item.purity:.2f}, ploidy {item.ploidy:.2f}, weight {item.weight:.2f}",
                )
            )
    rows += [
        (f"tumour fraction, {share.source}", f"cells {said(share.cells)}, DNA {said(share.dna)}")
        for share in result.fractions
        if share.cells.value is not None
    ]
    rows += [
        (
            "segments",
            f"{used.segments_used} of {used.segments}, {used.segments_with_alleles} with alleles",
        ),
        ("somatic variants", f"{used.mutations_used} of {used.mutations}"),
    ]
    if result.segments:
        lost = "unknown" if used.loh is None else f"{used.loh:.0%}"
        words = f"{used.aberrant:.0%} changed, {lost} LOH, {used.subclonal:.0%} subclonal"
        rows.append(("autosomes", words))
    rows += [(item.gene, "; ".join((item.status, *item.hits))) for item in result.genes
             if item.status == "two hits"]  # fmt: skip
    reason = (result.reason_of_state,) if result.reason_of_state else ()
    return Summary(
        title=f"{result.sample}: purity and ploidy",
        columns=("what", "value"),
        rows=tuple(rows),
        notes=(*reason, *result.notes),
    )


def purecn_text(result: PurityResult) -> str:
    """Return the row that PureCN writes; a failed fit has no number and says that it failed."""
    known = result.purity.value is not None
    comments = [result.reason_of_state] if result.reason_of_state else []
    close = len(result.solutions) > 1 and result.solutions[1].weight > CLOSE
    if known and close:
        comments.append("ALTERNATIVE SOLUTION")
    cells = (
        quoted(result.sample),
        number(result.purity),
        number(result.ploidy),
        quoted(SEXES.get(result.sex or "", "?")),
        "NA",
        logical(not known or close),
        logical(not known),
        "FALSE",
        quoted("; ".join(comments)),
    )
    names = (
        "Sampleid", "Purity", "Ploidy", "Sex", "Contamination", "Flagged", "Failed", "Curated",
        "Comment",
    )  # fmt: skip
    return ",".join(quoted(name) for name in names) + "\n" + ",".join(cells) + "\n"


def quoted(text: str) -> str:
    """Return text as R quotes it in a csv: quotes inside are doubled."""
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def number(estimate: Estimate) -> str:
    """Return a value, NA where there is none."""
    return "NA" if estimate.value is None else f"{estimate.value:.6g}"


def logical(value: bool) -> str:
    """Return R's word for a truth value."""
    return "TRUE" if value else "FALSE"


def hydra_text(result: PurityResult) -> str:
    """Return hydra-genetics' purity.txt: one number or NA."""
    return number(result.purity) + "\n"


def ctdna_text(result: PurityResult) -> str:
    """Return hydra-genetics' ctDNA_fraction.tsv: percent of tumour cells, twice."""
    found = {item.source: item.cells.value for item in result.fractions}
    cells = [
        "NA" if found.get(source) is None else f"{100 * (found[source] or 0.0):.1f}%"
        for source in ("copy number", "mutations")
    ]
    return (
        "Percentage ctDNA based on CNV data\tPercentage ctDNA based on SNV data\n"
        + "\t".join(cells)
        + "\n"
    )
