"""Lines on mismatch repair."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tumorkit.verdict.documents import Document, genes_of, is_borderline, of_kind, processes_of
from tumorkit.verdict.lines import CAUSE, absent, closed, gene_line, said, signature_lines
from tumorkit.verdict.params import MMR_PROTEINS, MmrTests
from tumorkit.verdict.result import Direction, Line

GENES = (*MMR_PROTEINS, "EPCAM")
# Microsatellites, their PCR, indel signatures and the indels of a burden are one slippage.
SLIPPAGE, SUBSTITUTIONS, PROTEIN, OTHER = "slippage", "substitutions", "protein", "other cause"
CATALOGUES = {
    "ID83": ("indel signatures of mismatch repair", SLIPPAGE),
    "SBS96": ("substitution signatures of mismatch repair", SUBSTITUTIONS),
}
# Share of insertions and deletions in a burden: tumours without mismatch repair have many, those
# of a failed polymerase few. No published limit fits every panel: this one is ours.
MANY_INDELS = 0.15
LEAST_COUNTED = 20
# Exonuclease domains, and substitutions known to break proofreading (León-Castillo 2020, J Pathol
# 250:323; Palles 2013, Nature Genetics 45:136).
DOMAINS = {"POLE": (268, 471), "POLD1": (304, 517)}
HOTSPOTS = {
    "POLE": ("P286R", "V411L", "S297F", "A456P", "S459F", "F367S", "L424V", "M295R", "P436R",
             "M444K", "D368Y"),
    "POLD1": ("S478N", "D316G", "D316H", "R409W", "L474P"),
}  # fmt: skip
THREE = {
    "Ala": "A", "Arg": "R", "Asn": "N", "Asp": "D", "Cys": "C", "Gln": "Q", "Glu": "E", "Gly": "G",
    "His": "H", "Ile": "I", "Leu": "L", "Lys": "K", "Met": "M", "Phe": "F", "Pro": "P", "Ser": "S",
    "Thr": "T", "Trp": "W", "Tyr": "Y", "Val": "V",
}  # fmt: skip
POLE_NAME, MSI_NAME, TMB_NAME = "POLE, POLD1", "microsatellites", "burden and its indels"
NOTHING = "nothing found"


def mmr_lines(documents: Sequence[Document], tests: MmrTests) -> list[Line]:
    """Return every line on mismatch repair, given or not."""
    return [
        msi_line(documents),
        *signature_lines(documents, "mmr", CATALOGUES),
        tmb_line(documents),
        gene_line(documents, GENES, "methylation of MLH1 is not seen in the sequence"),
        pole_line(documents, tests),
        ihc_line(tests),
        pcr_line(tests),
        methylation_line(tests),
    ]


def msi_line(documents: Sequence[Document]) -> Line:
    """Return the line of microsatellites; a borderline class points nowhere."""
    found = of_kind(documents, "msi")
    if found is None:
        return absent(MSI_NAME, SLIPPAGE, "no MSI score was given")
    if found.get("status") != "ok":
        return closed(MSI_NAME, SLIPPAGE, found.get("reason") or "not evaluable", found.source)
    call, value = found.get("call"), found.get("value")
    words = f"{call or 'no class'}, {value:.0%} unstable"
    if call not in ("MSI-H", "MSS"):
        return said(MSI_NAME, SLIPPAGE, words, "neither", found.source, "no cut-off was named")
    if is_borderline(found.content):
        return said(MSI_NAME, SLIPPAGE, words, "neither", found.source, "borderline")
    where: Direction = "deficient" if call == "MSI-H" else "proficient"
    return said(MSI_NAME, SLIPPAGE, words, where, found.source)


def tmb_line(documents: Sequence[Document]) -> Line:
    """Return the line of the burden: high with many indels, or low, or nowhere."""
    found = of_kind(documents, "tmb")
    if found is None:
        return absent(TMB_NAME, SLIPPAGE, "no TMB was given")
    if found.get("status") != "ok":
        return closed(TMB_NAME, SLIPPAGE, found.get("reason") or "not evaluable", found.source)
    call = found.get("call")
    share, total = indel_share(found.get("variants") or ())
    kinds = set((found.get("params") or {}).get("kinds") or ())
    counted = bool(kinds & {"insertion", "deletion"})
    indels = ", its scheme counts no indels"
    if counted:
        indels = "" if share is None else f", {share:.0%} of {total} variants are indels"
    words = f"{call or 'no class'}, {found.get('value'):.3g} {found.get('unit')}{indels}"
    where: Direction = "neither"
    reason = ""
    if is_borderline(found.content):
        reason = "borderline"
    elif call == "TMB-Low":
        where = "proficient"
    elif call != "TMB-High":
        reason = "no cut-off was named"
    elif share is None or total < LEAST_COUNTED or not counted:
        reason = "its indels are not known"
    elif share >= MANY_INDELS:
        where = "deficient"
    else:
        reason = f"high with less than {MANY_INDELS:.0%} indels: another reason is likelier"
    return said(TMB_NAME, SLIPPAGE, words, where, found.source, reason)


def indel_share(rows: Iterable[Mapping[str, Any]]) -> tuple[float | None, int]:
    """Return the share of insertions and deletions, and the number of variants.

    >>> indel_share([{"ref": "A", "alt": "AT"}, {"ref": "A", "alt": "T"}])
    (0.5, 2)
    """
    listed = list(rows)
    if not listed:
        return None, 0
    indels = sum(len(row["ref"]) != len(row["alt"]) for row in listed)
    return indels / len(listed), len(listed)


def pole_line(documents: Sequence[Document], tests: MmrTests) -> Line:
    """Return what is known of proofreading: it explains a high burden, it is no line on repair."""
    words: list[str] = []
    looked: list[str] = []
    unseen: list[str] = []
    source = ""
    if tests.pole:
        looked.append("the variant given")
        gene = "POLD1" if "POLD1" in tests.pole.upper() else "POLE"
        words.append(exonuclease(gene, tests.pole))
        source = "given"
    for gene, row in genes_of(documents, ("POLE", "POLD1")).items():
        source = source or next(one.source for one in documents if one.kind == "purity")
        looked.append(gene)
        words += [exonuclease(gene, hit) for hit in row["hits"] if "somatic" in hit]
    for catalogue, one, row in processes_of(documents, "pol"):
        source = source or one.source
        # Only a signature that would have been seen is absent.
        (looked if row.get("evaluable") else unseen).append(f"{catalogue} signatures")
        if row.get("call") == "possible":
            unseen.append(f"{catalogue} signatures possible")
        if row.get("call") == "present":
            words.append(f"signatures of polymerase proofreading present ({catalogue})")
    if not source:
        return absent(POLE_NAME, OTHER, "neither gene nor signature was given")
    kept = [word for word in words if word]
    if kept:
        return said(POLE_NAME, OTHER, "; ".join(kept), "neither", source, "explains a high burden")
    why = f"not evaluable or not sure: {', '.join(dict.fromkeys(unseen))}" if unseen else ""
    if not looked:
        return closed(POLE_NAME, OTHER, why, source)
    return said(POLE_NAME, OTHER, f"{NOTHING} in {', '.join(looked)}", "neither", source, why)


def exonuclease(gene: str, text: str) -> str:
    """Return what a protein change means for proofreading, empty where it lies elsewhere.

    >>> exonuclease("POLE", "p.Pro286Arg"), exonuclease("POLE", "p.Arg1000Gln")
    ('POLE P286R, known to break proofreading', '')
    """
    match = re.search(r"([A-Z][a-z]{2}|[A-Z])(\d+)([A-Z][a-z]{2}|[A-Z])\b", text)
    if match is None:
        return ""
    before, place, after = match.groups()
    change = f"{THREE.get(before, before)}{place}{THREE.get(after, after)}"
    if change in HOTSPOTS[gene]:
        return f"{gene} {change}, known to break proofreading"
    low, high = DOMAINS[gene]
    return f"{gene} {change}, in the exonuclease domain" if low <= int(place) <= high else ""


def ihc_line(tests: MmrTests) -> Line:
    """Return the line of staining."""
    name = "immunohistochemistry"
    if tests.ihc_lost:
        return said(name, PROTEIN, f"lost: {', '.join(tests.ihc_lost)}", "deficient", "given")
    if not tests.ihc_retained:
        return absent(name, PROTEIN, "no staining was given")
    words = f"retained: {', '.join(tests.ihc_retained)}"
    missing = [one for one in MMR_PROTEINS if one not in tests.ihc_retained]
    if missing:
        return said(name, PROTEIN, words, "neither", "given", f"{', '.join(missing)} not stained")
    return said(name, PROTEIN, words, "proficient", "given")


def pcr_line(tests: MmrTests) -> Line:
    """Return the line of a PCR; few shifted markers point nowhere."""
    name = "microsatellite PCR"
    if not tests.pcr:
        return absent(name, SLIPPAGE, "no PCR was given")
    if tests.pcr == "MSI-L":
        return said(name, SLIPPAGE, "MSI-L", "neither", "given", "few markers shifted")
    where: Direction = "deficient" if tests.pcr == "MSI-H" else "proficient"
    return said(name, SLIPPAGE, tests.pcr, where, "given")


def methylation_line(tests: MmrTests) -> Line:
    """Return the line of MLH1's promoter: its methylation is a cause, its lack says nothing."""
    name = "MLH1 methylation"
    if not tests.mlh1_methylation:
        return absent(name, CAUSE, "not tested")
    if tests.mlh1_methylation == "methylated":
        return said(name, CAUSE, "methylated", "deficient", "given")
    return said(name, CAUSE, "unmethylated", "neither", "given", "other causes remain")
